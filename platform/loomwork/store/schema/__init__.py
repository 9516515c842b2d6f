"""Tables of a Model: their columns, how they come into being and go."""
