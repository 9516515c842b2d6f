"""What is done to a text before its field's type reads it, whoever gives it."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from loomwork.expressions.functions import FUNCTIONS

if TYPE_CHECKING:
    from loomwork.model.entity import Field

SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""White space, as the function ``trim`` knows it, inside the brackets of a pattern."""
RUN = re.compile(f"[{SPACES}]+")
RUN_IN_LINE = re.compile(f"[{SPACES.replace(chr(10), '').replace(chr(13), '')}]+")
OTHER_THAN_DIGITS = re.compile("[^0-9]+")
HALF: Mapping[int, int] = {0x3000: 0x20, **{sign: sign - 0xFEE0 for sign in range(0xFF01, 0xFF5F)}}
LINES = frozenset(("long_text",))
"""Types in which a line break says something."""


def halfwidth(text: str) -> str:
    """Return ``text`` with its full-width letters, digits and signs as plain ones."""
    return text.translate(HALF)


def digits(text: str) -> str:
    """Return the digits of ``text``."""
    return OTHER_THAN_DIGITS.sub("", halfwidth(text))


def _function(name: str) -> Callable[[str], str]:
    """Return a function of the expression language, so that both mean the same."""

    def call(text: str) -> str:
        return str(FUNCTIONS[name].python(text) or "")

    return call


NORMALISATIONS: Mapping[str, Callable[[str], str]] = {
    "trim": _function("trim"),
    "collapse": lambda text: RUN.sub(" ", text),
    "compact": lambda text: RUN.sub("", text),
    "halfwidth": halfwidth,
    "upper": _function("upper"),
    "lower": _function("lower"),
    "digits": digits,
}


def normalised(field: "Field", value: object) -> object:
    """Return an input with the field's normalisations done, in their order; texts only."""
    if not field.normalise or not isinstance(value, str):
        return value
    for name in field.normalise:
        if name == "collapse" and field.type.name in LINES:
            value = RUN_IN_LINE.sub(" ", value)
        else:
            value = NORMALISATIONS[name](value)
    return value
