"""Exact decimals, held against fractions, which know neither places nor a limit."""

from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loomwork.expressions.semantics import numbers
from tests.language.values import INTEGERS, NUMBERS

UNITS = 10**10
"""What the last of ten places counts."""
LIMIT = 10**19 * UNITS

SMALL = st.integers(-(10**13), 10**13)
WIDE = st.integers(1 - LIMIT, LIMIT - 1)
SCALED = st.one_of(SMALL, WIDE, SMALL.map(lambda number: number * UNITS // 10**6))
ANY = st.one_of(
    SCALED.map(lambda scaled: Decimal(scaled).scaleb(-10, numbers.EXACT)),
    st.sampled_from(NUMBERS),
    st.sampled_from(INTEGERS),
)
Operation = Callable[[numbers.Number, numbers.Number], Decimal | None]
Exact = Callable[[Fraction, Fraction], Fraction]


def settled(exact: Fraction) -> Decimal | None:
    """Return the exact number with ten places, half away from zero, below the limit."""
    whole = floor(abs(exact) * UNITS + Fraction(1, 2))
    signed = whole if exact >= 0 else -whole
    return Decimal(signed).scaleb(-10, numbers.EXACT) if whole < LIMIT else None


@pytest.mark.parametrize(
    ("operation", "exact"),
    [
        (numbers.add, lambda left, right: left + right),
        (numbers.subtract, lambda left, right: left - right),
        (numbers.multiply, lambda left, right: left * right),
    ],
)
@given(left=ANY, right=ANY)
def test_sums_and_products_are_exact_until_they_are_rounded(
    operation: Operation, exact: Exact, left: numbers.Number, right: numbers.Number
) -> None:
    assert operation(left, right) == settled(exact(Fraction(left), Fraction(right)))


@pytest.mark.parametrize(
    ("operation", "exact"),
    [
        (numbers.divide, lambda left, right: left / right),
        (numbers.floor_divide, lambda left, right: Fraction(left // right)),
        (numbers.remainder, lambda left, right: left - right * (left // right)),
    ],
)
@given(left=ANY, right=ANY.filter(bool))
def test_quotients_and_remainders_are_those_of_the_exact_quotient(
    operation: Operation, exact: Exact, left: numbers.Number, right: numbers.Number
) -> None:
    assert operation(left, right) == settled(exact(Fraction(left), Fraction(right)))


@pytest.mark.parametrize("operation", [numbers.divide, numbers.floor_divide, numbers.remainder])
@pytest.mark.parametrize("zero", [0, Decimal(0), Decimal("-0.00")])
def test_nothing_is_divided_by_zero(operation: Operation, zero: numbers.Number) -> None:
    assert operation(Decimal(1), zero) is None


@given(number=ANY, places=st.integers(0, 10))
def test_rounding_goes_half_away_from_zero(number: numbers.Number, places: int) -> None:
    scaled = abs(Fraction(number)) * 10**places
    nearest = Fraction(floor(scaled + Fraction(1, 2)), 10**places)
    expected = settled(nearest if number >= 0 else -nearest)
    assert numbers.round_to(number, Decimal(places)) == expected


@given(number=ANY)
def test_floor_and_ceiling_are_the_whole_numbers_around(number: numbers.Number) -> None:
    below = floor(Fraction(number))
    assert numbers.floor(number) == settled(Fraction(below))
    assert numbers.ceiling(number) == settled(Fraction(-floor(-Fraction(number))))
    assert numbers.absolute(number) == abs(Fraction(number))


@given(several=st.lists(ANY, max_size=6))
def test_only_the_end_of_a_sum_is_judged(several: list[numbers.Number]) -> None:
    exact = sum(map(Fraction, several), Fraction(0))
    assert numbers.total(several) == settled(exact)
    assert numbers.total([*several, Decimal(10**19 - 1), -Decimal(10**19 - 1)]) == settled(exact)


@given(several=st.lists(ANY, min_size=1, max_size=6))
def test_an_average_is_the_exact_sum_divided(several: list[numbers.Number]) -> None:
    assert numbers.average(several) == settled(
        sum(map(Fraction, several), Fraction(0)) / len(several)
    )


def test_nothing_has_a_sum_but_no_average() -> None:
    assert numbers.total([]) == 0
    assert numbers.average([]) is None


@given(number=ANY)
def test_a_number_is_written_plainly(number: numbers.Number) -> None:
    written = numbers.plain(number)
    assert Decimal(written) == number
    assert "e" not in written.lower()
    assert not written.startswith("-0.0000000000")
    assert not ("." in written and written[-1] in "0.")


@pytest.mark.parametrize(
    ("number", "written"),
    [
        *((Decimal("1200.50"), "1200.5"), (Decimal("-3.00"), "-3"), (Decimal("-0.00"), "0")),
        *((100, "100"), (Decimal("1E+3"), "1000"), (Decimal("1E-10"), "0.0000000001"), (0, "0")),
    ],
)
def test_these_numbers_are_written_so(number: numbers.Number, written: str) -> None:
    assert numbers.plain(number) == written


def test_a_zero_has_no_sign() -> None:
    tiny = Decimal("-0.0000000001")
    results = [numbers.multiply(tiny, tiny), numbers.multiply(0, -1), numbers.divide(tiny, 3)]
    assert [str(result) for result in results] == ["0E-10"] * 3


def test_the_decimal_context_of_the_caller_does_not_matter() -> None:
    with localcontext() as context:
        context.prec = 3
        assert numbers.add(Decimal("123456.5"), Decimal("0.25")) == Decimal("123456.75")
        assert numbers.round_to(Decimal("123456.5")) == 123457
        assert numbers.total([Decimal("123456.5"), 1]) == Decimal("123457.5")
