"""Plug-in hooks, registries and the loader."""
