"""Texts made ready to be found and to be sorted, the same way on every engine."""
