"""Texts: code points in their order, never empty; an empty result is missing."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from loomwork.expressions.semantics.letters import LOWER, UPPER
from loomwork.expressions.semantics.numbers import plain

BLANKS = (
    "\t\n\x0b\x0c\r \x85\xa0\u1680"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""What `trim` removes; it is written out since each engine has its own idea of a blank."""
LONGEST = 100_000
"""Characters of a text at most; a longer one is missing."""


def lower(text: str) -> str:
    """Return the text in small letters, by the language's own table."""
    return text.lower() if text.isascii() else text.translate(LOWER)


def upper(text: str) -> str:
    """Return the text in capital letters, by the language's own table."""
    return text.upper() if text.isascii() else text.translate(UPPER)


def trim(text: str) -> str | None:
    """Return the text without blanks at its ends."""
    return text.strip(BLANKS) or None


def contains(text: str, part: str) -> bool:
    """Tell whether ``part`` occurs in the text."""
    return part in text


def starts_with(text: str, part: str) -> bool:
    """Tell whether the text begins with ``part``."""
    return text.startswith(part)


def ends_with(text: str, part: str) -> bool:
    """Tell whether the text ends with ``part``."""
    return text.endswith(part)


def concat(*parts: str | int | Decimal | date | None) -> str | None:
    """Return all parts that are present, one after the other."""
    text = "".join([_written(part) for part in parts if part is not None])
    return text if 0 < len(text) <= LONGEST else None


def _written(part: str | int | Decimal | date) -> str:
    if isinstance(part, str):
        return part
    return part.isoformat() if isinstance(part, date) else plain(part)


def coalesce(*values: Any) -> Any:
    """Return the first value that is present."""
    for value in values:
        if value is not None:
            return value
    return None


def of_present(choose: Callable[[list[Any]], Any]) -> Callable[..., Any]:
    """Return ``choose`` (min or max) over those arguments that are present."""

    def chosen(*values: Any) -> Any:
        present = [value for value in values if value is not None]
        return choose(present) if present else None

    return chosen
