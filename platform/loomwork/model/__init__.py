"""Frozen definitions of everything that metadata describes. No I/O."""
