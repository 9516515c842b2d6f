"""The readings of Chinese characters, and the order that they give."""

from array import array
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

FIRST, LAST = 0x4E00, 0x9FFF
"""The block whose characters have readings here; those beyond it are rare."""
MOST_SYLLABLES = 8
MOST_VARIANTS = 4
SPELT = {"lv": "lu", "nv": "nu", "lve": "lue", "nve": "nue"}
"""Syllables with ü: as they are typed, and as they stand in passports and on maps."""


class Table(NamedTuple):
    """What is known of the characters, by their distance from the first: less than half a MB.

    ``places`` has the place in pinyin's order from 1 on, ``common`` the number of the most common
    syllable in ``syllables``, ``further`` all readings of those that have several.
    """

    places: "array[int]"
    common: "array[int]"
    syllables: tuple[tuple[str, ...], ...]
    further: dict[str, tuple[str, ...]]

    def readings(self, character: str) -> tuple[str, ...]:
        """Return how the character is typed, the most common way first; () if that is unknown."""
        distance = ord(character) - FIRST
        if not 0 <= distance <= LAST - FIRST:
            return ()
        return self.further.get(character) or self.syllables[self.common[distance]]

    def place(self, character: str) -> int:
        """Return the character's place in pinyin's order; 0 if it is unknown."""
        distance = ord(character) - FIRST
        return self.places[distance] if 0 <= distance <= LAST - FIRST else 0


@cache
def table() -> Table:
    """Return the table, which is read when it is first needed."""
    text = (files(__package__) / "readings.txt").read_text(encoding="utf-8")
    first, _, second = text[text.index("\na1 ") + 1 :].partition("\n\n")
    places = array("H", bytes(2 * (LAST - FIRST + 1)))
    common = array("H", places)
    syllables: list[tuple[str, ...]] = [()]
    last = 0
    for line in first.split("\n"):
        syllable, _, characters = line.partition(" ")
        typed = _typed(syllable[:-1])
        if syllables[-1] != typed:
            syllables.append(typed)
        for character in characters:
            distance, last = ord(character) - FIRST, last + 1
            places[distance], common[distance] = last, len(syllables) - 1
    further: dict[str, tuple[str, ...]] = {}
    for line in second.strip().split("\n"):
        syllable, _, characters = line.partition(" ")
        for character in characters:
            known = further.get(character) or syllables[common[ord(character) - FIRST]]
            further[character] = tuple(dict.fromkeys(known + _typed(syllable)))
    return Table(places, common, tuple(syllables), further)


def _typed(syllable: str) -> tuple[str, ...]:
    return (syllable, SPELT[syllable]) if syllable in SPELT else (syllable,)


def spelt(characters: str) -> list[str]:
    """Return how a run of characters is typed from each of them on: in full, and by initials.

    Of characters with several readings each is tried, as far as that makes few variants.
    """
    known = table().readings
    readings = [known(character) for character in characters]
    initials = [tuple(dict.fromkeys(one[0] for one in found)) for found in readings]
    typed: list[str] = []
    for start in range(len(characters)):
        end = start + MOST_SYLLABLES
        typed += _joined(readings[start:end]) + _joined(initials[start:end])
    return typed


def _joined(run: Sequence[Sequence[str]]) -> list[str]:
    variants = [""]
    for syllables in run:
        if not syllables:
            break
        if len(variants) * len(syllables) > MOST_VARIANTS:
            variants = [variant + syllables[0] for variant in variants]
        else:
            variants = [variant + syllable for variant in variants for syllable in syllables]
    return [variant for variant in variants if variant]
