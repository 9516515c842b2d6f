"""Pages of records, versions, hits and events, by cursor."""
