"""Exact decimals: below 10^19, with at most ten places, rounded half away from zero.

Every operation is total: what has no value, or one that is too large, is missing. The ambient
decimal context is never used, since callers may have changed it.
"""

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from typing import TypeAlias

Number: TypeAlias = int | Decimal

PLACES = 10
LIMIT = Decimal(10) ** 19
EXACT = Context(prec=100, traps=[])
"""Wide enough that no sum or product of two numbers is rounded, and no quotient so that it shows.

A quotient lies on the border of rounding or more than 10^-40 away from it.
"""
STEP = Decimal(1).scaleb(-PLACES)
ZERO = Decimal(0)
ONE = Decimal(1)
STEPS = tuple(Decimal(1).scaleb(-places) for places in range(PLACES + 1))


def settle(exact: Decimal) -> Decimal | None:
    """Return the number of the language for an exact result."""
    rounded = exact.quantize(STEP, ROUND_HALF_UP, EXACT)
    # Adding zero takes the sign from a zero that was negative.
    return EXACT.add(rounded, ZERO) if rounded.copy_abs() < LIMIT else None


def add(left: Number, right: Number) -> Decimal | None:
    """Return the sum."""
    return settle(EXACT.add(left, right))


def subtract(left: Number, right: Number) -> Decimal | None:
    """Return the difference."""
    return settle(EXACT.subtract(left, right))


def multiply(left: Number, right: Number) -> Decimal | None:
    """Return the product."""
    return settle(EXACT.multiply(left, right))


def divide(left: Number, right: Number) -> Decimal | None:
    """Return the quotient; of a division by zero there is none."""
    return settle(EXACT.divide(left, right)) if right else None


def floor_divide(left: Number, right: Number) -> Decimal | None:
    """Return the greatest whole number that is not above the exact quotient."""
    return settle(_whole_quotient(left, right)) if right else None


def remainder(left: Number, right: Number) -> Decimal | None:
    """Return what is left of ``left`` by floor division; it has the sign of ``right``."""
    if not right:
        return None
    return settle(EXACT.subtract(left, EXACT.multiply(right, _whole_quotient(left, right))))


def _whole_quotient(left: Number, right: Number) -> Decimal:
    return EXACT.divide(left, right).to_integral_value(ROUND_FLOOR, EXACT)


def round_to(number: Number, places: Number = 0) -> Decimal | None:
    """Return the number with at most so many places, 0 to 10."""
    return settle(Decimal(number).quantize(STEPS[int(places)], ROUND_HALF_UP, EXACT))


def absolute(number: Number) -> Decimal | None:
    """Return the number without its sign."""
    return settle(EXACT.abs(number))


def floor(number: Number) -> Decimal | None:
    """Return the next whole number downwards."""
    return settle(Decimal(number).to_integral_value(ROUND_FLOOR, EXACT))


def ceiling(number: Number) -> Decimal | None:
    """Return the next whole number upwards."""
    return settle(Decimal(number).to_integral_value(ROUND_CEILING, EXACT))


def to_whole(exact: Decimal) -> int:
    """Return the nearest whole number, half away from zero."""
    return int(exact.to_integral_value(ROUND_HALF_UP, EXACT))


def total(numbers: Iterable[Number]) -> Decimal | None:
    """Return the sum of many, judged at its end: that of nothing is zero."""
    return settle(_exact_sum(numbers)[0])


def average(numbers: Iterable[Number]) -> Decimal | None:
    """Return the exact sum divided by how many there are; of nothing there is none."""
    summed, count = _exact_sum(numbers)
    return settle(EXACT.divide(summed, count)) if count else None


def _exact_sum(numbers: Iterable[Number]) -> tuple[Decimal, int]:
    summed, count = ZERO, 0
    for number in numbers:
        summed = EXACT.add(summed, number)
        count += 1
    return summed, count


def plain(number: Number) -> str:
    """Return the number as people write it: `1200.5`, `-3`, `0`, never with an exponent."""
    written = format(Decimal(number), "f")
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return "0" if written == "-0" else written
