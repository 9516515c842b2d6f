"""Plug-ins that ship."""
