"""The addresses of the screens."""
