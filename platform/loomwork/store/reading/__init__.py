"""Reading rows: from the shape of a query to decoded records."""
