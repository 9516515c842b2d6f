"""Make platform/loomwork/store/text/readings.txt: Chinese characters in the order of their pinyin.

Run it with `.venv/bin/python .ci/make_readings.py` after pypinyin, which is needed for nothing
else, has been raised. Its data is that of Unihan and pinyin-data, both under free licences.
"""

import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

TARGET = Path(__file__).parent.parent / "platform/loomwork/store/text/readings.txt"
FIRST, LAST = 0x4E00, 0x9FFF
MOST_READINGS = 3
TONES = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}
NO_TONE = "5"
RARELY = 50
"""A further reading is kept where at least one of so many phrases with the character has it."""
LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
HEAD = """\
# Chinese characters by pinyin, made by .ci/make_readings.py from the data of pypinyin (MIT licence,
# Copyright (c) 2016 mozillazg and contributors), which is that of Unihan (Unicode licence).
# First part: the most common reading of each character, in the order in which they sort.
# Second part, after the empty line: further readings of characters that phrases in common use show.
"""


def plain(reading: str) -> tuple[str, str]:
    """Return the letters of a reading, ü as v, and the number of its tone."""
    letters, tone = "", NO_TONE
    for sign in unicodedata.normalize("NFD", reading):
        if sign == "\u0308":
            letters = letters[:-1] + "v"
        elif sign in TONES:
            tone = TONES[sign]
        elif sign in LETTERS:
            letters += sign
    return letters, tone


def level(character: str) -> int:
    """Return 0 for the characters of GB 2312's first level, 1 for the second, 2 for all others."""
    try:
        lead = character.encode("gb2312")[0]
    except UnicodeEncodeError:
        return 2
    return 0 if lead < 0xD8 else 1


def heard(phrases: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, Counter[str]]:
    """Return how often each reading of a character occurs in phrases."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for phrase, syllables in phrases.items():
        if len(phrase) == len(syllables):
            for character, readings in zip(phrase, syllables, strict=True):
                found[character][plain(readings[0])[0]] += 1
    return found


def lines(
    readings: Mapping[int, str], phrases: Mapping[str, Sequence[Sequence[str]]]
) -> Iterator[str]:
    """Yield the lines of the file for readings by code point, several with commas between."""
    common = heard(phrases)
    first: dict[tuple[str, str], list[str]] = defaultdict(list)
    more: dict[str, list[str]] = defaultdict(list)
    for point in range(FIRST, LAST + 1):
        found = [plain(reading) for reading in readings.get(point, "").split(",") if reading]
        if not found:
            continue
        character = chr(point)
        first[found[0]].append(character)
        if level(character) < 2:
            uses = common[character]
            others = dict.fromkeys(letters for letters, _ in found[1:])
            others.pop(found[0][0], None)
            kept = [one for one in others if uses[one] * RARELY >= uses.total() > 0]
            for letters in kept[: MOST_READINGS - 1]:
                more[letters].append(character)
    for (letters, tone), characters in sorted(first.items()):
        yield f"{letters}{tone} {''.join(sorted(characters, key=lambda one: (level(one), one)))}"
    yield ""
    for letters, characters in sorted(more.items()):
        yield f"{letters} {''.join(characters)}"


def made() -> str:
    """Return the whole text of the file."""
    from pypinyin.phrases_dict import phrases_dict
    from pypinyin.pinyin_dict import pinyin_dict

    return HEAD + "\n".join(lines(pinyin_dict, phrases_dict)) + "\n"


def main() -> None:
    """Write the file."""
    TARGET.write_text(made(), encoding="utf-8")
    sys.stdout.write(f"{TARGET}: {TARGET.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
