"""Numbers as people write them, to numbers as programs do."""

import re
import unicodedata
from functools import cache

from babel.core import UnknownLocaleError
from babel.numbers import get_decimal_symbol, get_group_symbol

LONGEST = 80
"""Characters beyond which nothing is a number."""
SPACES = re.compile(r"(?<=[0-9])[\s'’](?=[0-9]{3})")


def plain_number(text: str, locale: str) -> str:
    """Return ``text`` with plain digits, without grouping, and with a point; else as it is.

    A sign that separates groups of three in ``locale`` is left out; what would be two numbers
    to others, such as ``1,5`` in English, stays as it is and is refused as no number.
    """
    if len(text) > LONGEST:
        return text
    plain = unicodedata.normalize("NFKC", text).strip()
    point, group = _signs(locale)
    grouped = rf"[+-]?[0-9]{{1,3}}(?:{re.escape(group)}[0-9]{{3}})+(?![0-9])"
    found = re.match(grouped, plain)
    if found:
        plain = found[0].replace(group, "") + plain[found.end() :]
    plain = SPACES.sub("", plain)
    return plain.replace(point, ".", 1) if point != "." and "." not in plain else plain


@cache
def _signs(locale: str) -> tuple[str, str]:
    try:
        return get_decimal_symbol(locale), get_group_symbol(locale)
    except (UnknownLocaleError, ValueError):
        return ".", ","
