"""Text functions: the language's own letters and blanks."""

import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loomwork.expressions.semantics import PYTHON, texts
from loomwork.expressions.semantics.letters import LOWER, UPPER

ANY = st.text(min_size=1)


@given(text=ANY)
def test_changing_letters_keeps_the_length_and_is_done_at_once(text: str) -> None:
    for change in (texts.lower, texts.upper):
        assert len(change(text)) == len(text)
        assert change(change(text)) == change(text)


@given(text=ANY)
def test_each_character_is_changed_by_itself(text: str) -> None:
    assert texts.lower(text) == "".join(map(texts.lower, text))
    assert texts.upper(text) == "".join(map(texts.upper, text))


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        *(("Acme", "acme", "ACME"), ("ÀÉ", "àé", "ÀÉ"), ("ß", "ß", "ß"), ("ẞ", "ß", "ẞ")),
        *(("İ", "i", "İ"), ("ı", "ı", "I"), ("ǅ", "ǆ", "Ǆ"), ("ΟΔΟΣ", "οδοσ", "ΟΔΟΣ")),
        *(("ς", "ς", "Σ"), ("Жж", "жж", "ЖЖ"), ("Ａ", "ａ", "Ａ"), ("Ⅷ", "ⅷ", "Ⅷ")),
        *(("𐐀", "𐐨", "𐐀"), ("ა", "ა", "ა"), ("中文😀", "中文😀", "中文😀"), ("ﬀ", "ﬀ", "ﬀ")),
    ],
)
def test_these_letters_become(text: str, low: str, high: str) -> None:
    assert (texts.lower(text), texts.upper(text)) == (low, high)


def test_the_table_is_unicode_without_what_came_after_5_2() -> None:
    # İ is the one letter whose small letter Python writes with two characters.
    known = {chr(capital): chr(small) for capital, small in LOWER.items() if capital != 0x130}
    assert known == {capital: capital.lower() for capital in known}
    high = {chr(small): chr(capital) for small, capital in UPPER.items()}
    single = {small: small.upper() for small in high if len(small.upper()) == 1}
    assert {small: high[small] for small in single} == single
    assert (len(LOWER), len(UPPER)) == (1029, 1037)


def test_blanks_are_those_of_unicode_and_the_controls_that_part_lines() -> None:
    spaces = {chr(code) for code in range(0x110000) if unicodedata.category(chr(code))[0] == "Z"}
    assert set(texts.BLANKS) == spaces | set("\t\n\x0b\x0c\r\x85")


@given(core=st.text(max_size=5), blanks=st.text(st.sampled_from(texts.BLANKS), max_size=5))
def test_trim_takes_blanks_from_both_ends_only(core: str, blanks: str) -> None:
    text = f"{blanks}x{core}x{blanks}"
    assert texts.trim(text) == f"x{core}x"


def test_what_is_empty_is_missing() -> None:
    assert texts.trim(texts.BLANKS) is None
    assert texts.concat(None, None) is None
    assert texts.concat() is None


def test_concat_writes_numbers_and_dates_plainly() -> None:
    parts = ("a ", None, Decimal("1200.50"), -3, date(26, 1, 31))
    assert texts.concat(*parts) == "a 1200.5-30026-01-31"


def test_a_text_that_is_too_long_is_missing() -> None:
    half = "é" * (texts.LONGEST // 2)
    assert texts.concat(half, half) == half + half
    assert texts.concat(half, half, "x") is None


def test_missing_arguments_are_skipped() -> None:
    assert PYTHON["coalesce"](None, 2, 3) == 2
    assert PYTHON["min"](None, Decimal(2), 1) == 1
    assert PYTHON["max"](date(2026, 1, 1), None, date(2025, 1, 1)) == date(2026, 1, 1)
    assert [PYTHON[name](None, None) for name in ("coalesce", "min", "max")] == [None] * 3


def test_parts_of_texts_are_found_by_code_points() -> None:
    assert texts.contains("a%b", "%")
    assert not texts.contains("acb", "%")
    assert not texts.contains("\u00e1", "a")
    assert texts.starts_with("a\u0301", "a")
    assert texts.ends_with("b ", " ")
    assert not texts.ends_with("b ", "b")
    assert PYTHON["length"]("a😀\u0301") == 3
