"""Backup and restore: one archive, the same whatever engine it was made on."""
