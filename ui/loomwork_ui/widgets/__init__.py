"""Field widgets: how a type of field is shown, edited and read back from a form."""
