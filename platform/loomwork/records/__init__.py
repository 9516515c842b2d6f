"""The one way to read and write records."""
