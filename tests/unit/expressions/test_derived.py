"""Numbers that are worked out fit their fields, or are missing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loomwork.expressions.derived import fitted, limit


@pytest.mark.parametrize(
    ("number", "places", "wanted"),
    [
        (Decimal("1.005"), 2, Decimal("1.01")),
        (Decimal("-1.005"), 2, Decimal("-1.01")),
        (Decimal("2.5"), 0, Decimal(3)),
        (10**18, 0, None),
        (Decimal(10) ** 16 - Decimal("0.001"), 2, None),
        (None, 2, None),
    ],
)
def test_a_number_is_rounded_or_missing(
    number: Decimal | int | None, places: int, wanted: Decimal | None
) -> None:
    assert fitted(number, places) == wanted


@given(number=st.decimals(allow_nan=False, allow_infinity=False), places=st.integers(0, 10))
def test_what_fits_is_below_the_limit_and_within_half_a_step(number: Decimal, places: int) -> None:
    small = number.scaleb(-number.adjusted()) if number else number
    found = fitted(small, places)
    assert found is not None
    assert abs(found) < limit(places)
    assert abs(found - small) <= Decimal(1).scaleb(-places) / 2
