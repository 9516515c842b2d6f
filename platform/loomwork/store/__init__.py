"""Model to tables: schema changes, query plans, transactions on three engines."""
