"""What the metadata demands of records, and whether they fit."""
