"""Lines that fit a terminal, where a Chinese character takes two columns."""

import unicodedata
from collections.abc import Iterator
from typing import Final

WIDTH: Final = 80
NUMBERS, TIMES = 18, 9
"""Columns of what is counted, and of how long it takes."""
ROOM: Final = WIDTH - NUMBERS - TIMES
"""Columns of the text before them."""
WIDE = frozenset("WF")
CLOSING = frozenset("，。；：！？、）】》”,.;:!?)")
"""What does not begin a line."""


def width(text: str) -> int:
    """Return how many columns ``text`` takes."""
    return sum(_width(sign) for sign in text)


def _width(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in WIDE else 1


def aligned(text: str, number: str, time: str) -> Iterator[str]:
    """Yield ``text`` with a number and a time at the right, on a line of their own if need be."""
    tail = (_right(number, NUMBERS) + _right(time, TIMES)).rstrip()
    if not number and not time:
        yield text
    elif width(text) > ROOM:
        yield text
        yield " " * ROOM + tail
    else:
        yield text + " " * (ROOM - width(text)) + tail


def _right(text: str, columns: int) -> str:
    return " " * (columns - width(text)) + text


def wrapped(text: str, *, first: str, later: str, columns: int = WIDTH) -> Iterator[str]:
    """Yield ``text`` on lines of at most so many columns, the first after ``first``."""
    line, used = first, width(first)
    for piece in _pieces(text):
        if used + width(piece.rstrip()) > columns and line.strip() not in ("", first.strip()):
            yield line.rstrip()
            line, used = later, width(later)
            piece = piece.lstrip()
        line += piece
        used += width(piece)
    yield line.rstrip()


def _pieces(text: str) -> Iterator[str]:
    """Yield what stays together: words with the space after them, and single wide signs."""
    piece = ""
    for place, sign in enumerate(text):
        following = text[place + 1 : place + 2]
        piece += sign
        breaks = sign == " " or _width(sign) > 1 or (following and _width(following) > 1)
        if breaks and following not in CLOSING:
            yield piece
            piece = ""
    if piece:
        yield piece
