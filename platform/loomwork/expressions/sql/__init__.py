"""Expressions in SQL: their values, their conditions, and what engines are taught for them."""
