"""Keys of encrypted fields, and what they open."""
