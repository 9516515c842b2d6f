"""The kinds of values that expressions know; every field type belongs to one of them."""

from enum import StrEnum


class Kind(StrEnum):
    """What a value is, for the type check of expressions.

    TEXTS and LINKS are sets: the options of a multi_select, the teams of a user.
    """

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    DATETIME = "datetime"
    DURATION = "duration"
    BOOLEAN = "boolean"
    LINK = "link"
    TEXTS = "texts"
    LINKS = "links"
