"""What follows a write within its transaction: derived values, history, search, outbox."""
