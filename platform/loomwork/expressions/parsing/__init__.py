"""From Python's syntax tree to the typed one, part by part."""
