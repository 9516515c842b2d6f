"""What stored data would not fit in a new Model."""
