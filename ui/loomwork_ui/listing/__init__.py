"""Lists of records: their address, filter, columns and page."""
