"""The colours of both themes are readable: WCAG 2.2, level AA."""

import re
from pathlib import Path

import pytest

import loomwork_ui

TOKENS = (Path(loomwork_ui.__file__).parent / "static/css/tokens.css").read_text(encoding="utf-8")
HUES = tuple(sorted(set(re.findall(r"--([a-z]+)-bg:", TOKENS))))
ON_PAGES = [
    (text, page)
    for text in ("text", "text-2", "text-3", "accent-text", "bad", "warn")
    for page in ("page", "rail-page", "sunken", "raised")
]
PAIRS = [
    *ON_PAGES,
    *((hue, f"{hue}-bg") for hue in HUES),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("accent-text", "accent-soft"),
    ("bad", "bad-soft"),
    ("warn", "warn-soft"),
    ("text", "warn-soft"),
    ("text-2", "hover"),
    ("text-2", "pressed"),
    ("toast-text", "toast"),
]


def palette(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6});", block))


BLOCKS = TOKENS.split("\n}\n")
LIGHT = palette(BLOCKS[0])
DARK = LIGHT | palette(BLOCKS[1])
BY_SYSTEM = LIGHT | palette(BLOCKS[2])


def luminance(color: str) -> float:
    digits = color[1:] if len(color) == 7 else "".join(sign * 2 for sign in color[1:])
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("pair", PAIRS, ids="-on-".join)
def test_text_stands_out_from_its_background(theme: dict[str, str], pair: tuple[str, str]) -> None:
    assert contrast(theme[pair[0]], theme[pair[1]]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_edges_of_inputs_stand_out_or_their_labels_do(theme: dict[str, str]) -> None:
    assert contrast(theme["text-3"], theme["page"]) >= 3
    assert contrast(theme["input-line"], theme["page"]) >= 1.5


def test_dark_by_choice_and_dark_by_system_are_the_same() -> None:
    assert DARK == BY_SYSTEM
