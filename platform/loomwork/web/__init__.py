"""Application factory, REST and everything that speaks HTTP."""
