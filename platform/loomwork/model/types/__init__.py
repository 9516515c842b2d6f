"""The built-in field types, one class in one file each."""
