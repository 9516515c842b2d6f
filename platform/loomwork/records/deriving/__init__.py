"""Values that follow from others: worked out in drafts, kept in columns, filled in and checked."""
