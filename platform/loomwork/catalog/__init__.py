"""Documents to Model: schema check, folding of layers, references, compilation."""
