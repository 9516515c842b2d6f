"""The search index: tokens of records, by engine."""
