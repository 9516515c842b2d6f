"""From an input to a record as it is about to be written."""
