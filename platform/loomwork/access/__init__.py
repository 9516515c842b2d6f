"""Roles compiled to policies: who may do what with which row."""
