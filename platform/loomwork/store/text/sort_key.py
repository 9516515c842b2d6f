"""Sort keys: texts that the engines compare character by character, in the order people expect.

One order for every site: blanks, other signs, numbers by their value, letters without regard to
case and accents, and Chinese characters by their pinyin, after the letters of all other scripts
that lie before them in Unicode.
"""

import re
import unicodedata

from loomwork.store.text.fold import fold
from loomwork.store.text.pinyin import FIRST, table

LONGEST = 120
"""Characters of a key. Texts that differ only further on follow each other in any order."""
NUMBER = re.compile("[0-9]+")
HAN = re.compile("[\u4e00-\u9fff]")
SIGN = "!"
LARGEST = 80
"""Digits up to which numbers go by their value; longer ones by their digits."""


def sort_key(text: str) -> str | None:
    """Return what stands for ``text`` where it is sorted; None where it has nothing to sort by."""
    folded = fold(text[: 4 * LONGEST])
    if not folded.isalpha():
        folded = "".join(map(_significant, folded))
        folded = NUMBER.sub(_by_value, folded)
    if not folded.isascii():
        folded = HAN.sub(_by_pinyin, folded)
    return folded[:LONGEST] or None


def _significant(sign: str) -> str:
    if sign == " " or sign.isalnum():
        return sign
    return "" if unicodedata.category(sign)[0] in "CM" else SIGN


def _by_value(number: re.Match[str]) -> str:
    digits = number[0].lstrip("0") or "0"
    # The count of digits comes first, as one character, so that 9 lies before 10.
    return f"0{chr(ord(SIGN) + min(len(digits), LARGEST))}{digits}"


def _by_pinyin(character: re.Match[str]) -> str:
    place = table().place(character[0])
    # Characters without a known reading come after all others.
    return chr(FIRST + place - 1) if place else "\U0010ffff"
