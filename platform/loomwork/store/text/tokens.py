"""The words by which a text that is kept is found."""

import re
from collections.abc import Iterator

from loomwork.store.text.fold import fold, spellings
from loomwork.store.text.pinyin import spelt

LONGEST = 48
"""Characters of a token; what is longer is cut, in what is looked for as well."""
MOST_TOKENS = 4_000
"""Tokens of one record: a book of several chapters is found by its first ones."""
MOST_PARTS = 8
"""Parts that a code such as ``OPP-2026-00012`` is joined of."""
MOST_CHANGES = 6
"""Changes between letters and digits inside one word at which it can be entered."""
LONGEST_RUN = 32
"""Characters of a run of Chinese of which readings are kept."""
FEWEST_DIGITS, MOST_DIGITS = 7, 20
"""Digits of what may be a telephone number; any four or more at its end find it."""
SHORTEST_END = 4
UNSPACED = (
    "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\U00020000-\U0003ffff"
)
"""Scripts without blanks between words, and Hangul, whose words change at their ends."""
ATOM = re.compile(rf"([{UNSPACED}]+)|[^\W_{UNSPACED}]+")
HAN = re.compile(r"[\u4e00-\u9fff]+")
CHANGE = re.compile(r"(?<=[0-9])(?=[^0-9])|(?<=[^0-9])(?=[0-9])")
DIALLED = re.compile(r"\+[0-9][0-9 ()./-]{5,}[0-9]")


def tokens(text: str, *, names: bool = True) -> dict[str, None]:
    """Return the tokens of a text, as a set in order; ``names`` get readings of their Chinese."""
    found: dict[str, None] = {}
    for spelling in spellings(text):
        for chunk in spelling.split():
            for token in _of_chunk(chunk, names=names):
                found[token[:LONGEST]] = None
            if len(found) > MOST_TOKENS:
                break
    for number in DIALLED.findall(fold(text)):
        found |= dict.fromkeys(_ends(digits_of(number)))
    return found


def digits_of(number: str) -> str:
    """Return the digits of a telephone number, without the zero that is only dialled at home."""
    return re.sub("[^0-9]", "", number.replace("(0)", ""))


def groups(chunk: str) -> Iterator[tuple[str, list[str]]]:
    """Yield, of folded text without blanks, the runs of unspaced scripts, and what is between.

    The latter comes as its parts: those of a code or an address, or just one word.
    """
    parts: list[str] = []
    for atom in ATOM.finditer(chunk):
        if not atom[1]:
            parts.append(atom[0])
            continue
        if parts:
            yield "", parts
            parts = []
        yield atom[1], []
    if parts:
        yield "", parts


def pairs(run: str) -> list[str]:
    """Return each two neighbours in a run."""
    return [run[place : place + 2] for place in range(len(run) - 1)]


def _of_chunk(chunk: str, *, names: bool) -> Iterator[str]:
    for run, parts in groups(chunk):
        yield from run
        yield from pairs(run)
        if names:
            for han in HAN.findall(run):
                yield from spelt(han[:LONGEST_RUN])
        yield from _of_code(parts)


def _of_code(parts: list[str]) -> Iterator[str]:
    yield from parts
    for start in range(len(parts) - 1):
        yield "".join(parts[start : start + MOST_PARTS])
    for part in parts:
        if not part.isalpha() and not part.isdigit():
            changes = [change.start() for change in CHANGE.finditer(part)]
            yield from (part[change:] for change in changes[:MOST_CHANGES])
    joined = "".join(parts)
    if joined.isdigit():
        yield from _ends(joined)


def _ends(digits: str) -> list[str]:
    if len(digits) < FEWEST_DIGITS:
        return []
    digits = digits[-MOST_DIGITS:]
    return [digits[start:] for start in range(len(digits) - SHORTEST_END + 1)]
