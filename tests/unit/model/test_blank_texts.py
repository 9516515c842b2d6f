"""Texts that show nothing count as missing."""

import pytest

from loomwork.model.types.long_text import LongTextType
from loomwork.model.types.text import TextType


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "\u202e\u200b", "\u00a0\u3000", "\ufeff"])
def test_what_shows_nothing_is_missing(text: str) -> None:
    assert TextType().parse(text) is None
    assert LongTextType().parse(text) is None


@pytest.mark.parametrize("text", ["a\u200bb", "👩‍👩‍👧", "مرحبا", "𠀀", "."])
def test_what_shows_something_stays(text: str) -> None:
    assert TextType().parse(text) == text
