"""Folding takes away case, accents, width and extra blanks, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loomwork.store.text.fold import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Müller", "muller"),
        ("MU\u0308LLER", "muller"),
        ("Straße", "strasse"),
        ("ＡＢＣ　１２", "abc 12"),
        ("  a \t\n b ", "a b"),
        ("苏州江南", "苏州江南"),
        ("İ", "i"),
        ("ﬁn", "fin"),
        ("Łódź Øresund", "lodz oresund"),
        ("Æsir œuvre Þór", "aesir oeuvre thor"),
        ("ılık", "ilik"),
        ("", ""),
    ],
)
def test_texts_fold_to_one_form(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_case_does_not_matter(text: str) -> None:
    assert fold(text.casefold()) == fold(text)
