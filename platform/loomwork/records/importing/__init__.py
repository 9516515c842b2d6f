"""Bringing files in: read, map columns to fields, resolve links, write in chunks."""
