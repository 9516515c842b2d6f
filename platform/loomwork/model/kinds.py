"""The kinds of values that expressions know; every field type belongs to one of them."""

from enum import StrEnum


class Kind(StrEnum):
    """What a value is, for the type check of expressions."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    DATETIME = "datetime"
    BOOLEAN = "boolean"
    LINK = "link"
