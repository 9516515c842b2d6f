"""Sequences: numbers written and read back by their pattern."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loomwork.model.types.sequence import SequenceType

DAY = date(2026, 3, 9)
PATTERNS = ("{seq}", "R-{seq:05}", "{year}/{seq}", "{seq:03}{day}", "A{month}B{seq:02}C{year}{day}")


@pytest.mark.parametrize(
    ("pattern", "number", "written"),
    [
        ("OPP-{year}-{seq:05}", 42, "OPP-2026-00042"),
        ("{seq}", 7, "7"),
        ("{seq:03}", 12345, "12345"),
        ("{day}.{month}.{year} {seq:01}", 1, "09.03.2026 1"),
        ("(a+b)*{seq}", 5, "(a+b)*5"),
    ],
)
def test_a_number_is_written_by_the_pattern(pattern: str, number: int, written: str) -> None:
    assert SequenceType(pattern=pattern).write(number, DAY) == written


@given(
    pattern=st.sampled_from(PATTERNS),
    reset=st.sampled_from(("never", "year", "month", "day")),
    number=st.integers(0, 2**53),
    day=st.dates(date(1000, 1, 1)),
)
def test_what_is_written_is_read_back(pattern: str, reset: str, number: int, day: date) -> None:
    type_ = SequenceType(pattern=pattern, reset=reset)
    assert type_.read(type_.write(number, day), day) == (type_.period(day), number)


@given(
    pattern=st.sampled_from(PATTERNS),
    reset=st.sampled_from(("never", "year", "month", "day")),
    one=st.tuples(st.integers(0, 10**6), st.dates(date(1000, 1, 1))),
    two=st.tuples(st.integers(0, 10**6), st.dates(date(1000, 1, 1))),
)
def test_distinct_patterns_never_write_two_numbers_alike(
    pattern: str, reset: str, one: tuple[int, date], two: tuple[int, date]
) -> None:
    type_ = SequenceType(pattern=pattern, reset=reset)
    taken = {(number, type_.period(day)) for number, day in (one, two)}
    alike = type_.write(*one) == type_.write(*two)
    # Without a whole period in it, a pattern writes the same number again in the next one.
    assert not (type_.distinct and alike and len(taken) == 2)


@pytest.mark.parametrize("text", ["", "OPP-2026-", "OPP-26-00001", "X-2026-1", "OPP-2026-0001a"])
def test_what_does_not_fit_the_pattern_is_no_number(text: str) -> None:
    assert SequenceType(pattern="OPP-{year}-{seq:05}").read(text, DAY) is None


def test_a_period_follows_the_reset() -> None:
    periods = [SequenceType(reset=reset).period(DAY) for reset in ("never", "year", "month", "day")]
    assert periods == ["", "2026", "2026-03", "2026-03-09"]


def test_a_number_from_elsewhere_says_its_own_period() -> None:
    type_ = SequenceType(pattern="T{year}-{seq:03}", reset="year")
    assert type_.read("T2024-117", DAY) == ("2024", 117)


def test_places_that_stand_for_nothing_are_known() -> None:
    assert SequenceType(pattern="{seq:05} {sek} {Year} {seq:5}").unknown == ("sek", "Year", "seq:5")
