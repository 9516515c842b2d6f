"""The functions that SQLite gets from us: it has neither exact decimals nor a calendar.

A number is kept as thirty digits: its 10^-10ths plus 10^29, so that texts sort as the numbers do.
They are computed with as whole numbers, which is faster than with decimals.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeAlias

from loomwork.expressions.semantics import PYTHON, numbers, times
from loomwork.expressions.semantics.texts import concat
from loomwork.expressions.sql.program import pack, run
from loomwork.expressions.sql.values import (
    digits,
    moment_from_text,
    moment_to_text,
    number_from_digits,
    scaled,
)

Scalar: TypeAlias = Callable[..., Any]
UNIT = 10**numbers.PLACES
LIMIT = int(numbers.LIMIT) * UNIT
PLACED = 18
"""Digits that a field keeps at most, see `sql.numbers`."""


def register(connection: Any) -> None:
    """Give the functions to a new connection of the driver."""
    for name, (arguments, function) in FUNCTIONS.items():
        connection.create_function(name, arguments, function, deterministic=True)
    connection.create_aggregate("lw_sum", 1, Sum)
    connection.create_aggregate("lw_avg", 1, Average)
    connection.create_aggregate("lw_duration_sum", 1, DurationSum)
    connection.create_aggregate("lw_duration_avg", 1, DurationAverage)


class Sum:
    """The exact sum of numbers, which may be too large for one; `_total` judges it."""

    def __init__(self) -> None:
        self.sum = 0

    def step(self, number: str | None) -> None:
        """Take one number."""
        if number is not None:
            self.sum += scaled(number)

    def finalize(self) -> str | None:
        """Return the sum."""
        return digits(self.sum)


class Average(Sum):
    """The exact average of numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def step(self, number: str | None) -> None:
        """Take one number."""
        if number is not None:
            self.sum += scaled(number)
            self.count += 1

    def finalize(self) -> str | None:
        """Return the average; of nothing there is none."""
        return _settled(_divided(self.sum, self.count)) if self.count else None


class DurationSum:
    """The sum of durations as text: it may have more than 64 bits; `_duration_total` judges it."""

    def __init__(self) -> None:
        self.found: list[int] = []

    def step(self, duration: int | None) -> None:
        """Take one duration."""
        if duration is not None:
            self.found.append(duration)

    def finalize(self) -> str | int | None:
        """Return the sum."""
        return str(sum(self.found))


class DurationAverage(DurationSum):
    """The average of durations, to the microsecond."""

    def finalize(self) -> str | int | None:
        """Return the average; of nothing there is none."""
        return times.average(self.found)


def _duration_total(summed: str | None) -> int | None:
    return times.bounded(int(summed or 0))


def _total(summed: str | None) -> str | None:
    return _settled(0 if summed is None else scaled(summed))


def _settled(exact: int) -> str | None:
    return digits(exact) if -LIMIT < exact < LIMIT else None


def _divided(above: int, below: int) -> int:
    """Return the quotient, rounded half away from zero."""
    quotient, rest = divmod(abs(above), abs(below))
    rounded = quotient + (2 * rest >= abs(below))
    return rounded if (above < 0) is (below < 0) else -rounded


def _number(stored: int | None, places: int) -> str | None:
    return None if stored is None else digits(stored * 10 ** (numbers.PLACES - places))


def _of_numbers(operation: Callable[[int, int], int]) -> Scalar:
    def function(left: str | None, right: str | None) -> str | None:
        if left is None or right is None:
            return None
        return _settled(operation(scaled(left), scaled(right)))

    return function


def _by_divisor(operation: Callable[[int, int], int]) -> Scalar:
    def function(left: str | None, right: str | None) -> str | None:
        if left is None or right is None:
            return None
        divisor = scaled(right)
        return _settled(operation(scaled(left), divisor)) if divisor else None

    return function


def _of_number(operation: Callable[[int], int]) -> Scalar:
    def function(number: str | None) -> str | None:
        return None if number is None else _settled(operation(scaled(number)))

    return function


def _round(number: str | None, places: int) -> str | None:
    if number is None:
        return None
    step = 10 ** (numbers.PLACES - places)
    return _settled(_divided(scaled(number), step) * step)


def _fit(number: str | None, places: int) -> str | None:
    rounded = _round(number, places)
    most = 10 ** (PLACED - places) * UNIT
    return rounded if rounded is not None and -most < scaled(rounded) < most else None


def _plain(number: str | None) -> str | None:
    return None if number is None else numbers.plain(number_from_digits(number))


def _same(value: Any) -> Any:
    return value


def _present(function: Scalar, *readers: Scalar, write: Scalar = _same) -> Scalar:
    """Return ``function`` between values as SQLite keeps them; NULL for NULL."""

    def called(*arguments: Any) -> Any:
        if None in arguments:
            return None
        result = function(*(read(one) for read, one in zip(readers, arguments, strict=True)))
        return None if result is None else write(result)

    return called


def _turned(function: Scalar) -> Scalar:
    return lambda left, right: function(right, left)


def _least(*values: Any) -> Any:
    return min((value for value in values if value is not None), default=None)


def _greatest(*values: Any) -> Any:
    return max((value for value in values if value is not None), default=None)


DAY, MOMENT, DIGITS = date.fromisoformat, moment_from_text, number_from_digits
LATER_DAY = _present(times.later_day, DAY, _same, write=date.isoformat)
EARLIER_DAY = _present(
    lambda day, duration: times.later_day(day, -duration), DAY, _same, write=date.isoformat
)
LATER = _present(times.later, MOMENT, _same, write=moment_to_text)
EARLIER = _present(
    lambda moment, duration: times.later(moment, -duration), MOMENT, _same, write=moment_to_text
)
SCALED = _present(times.scaled, _same, DIGITS)
FUNCTIONS: Mapping[str, tuple[int, Scalar]] = {
    "lw_number": (2, _number),
    "lw_total": (1, _total),
    "lw_duration_total": (1, _duration_total),
    "lw_add": (2, _of_numbers(lambda left, right: left + right)),
    "lw_subtract": (2, _of_numbers(lambda left, right: left - right)),
    "lw_multiply": (2, _of_numbers(lambda left, right: _divided(left * right, UNIT))),
    "lw_divide": (2, _by_divisor(lambda left, right: _divided(left * UNIT, right))),
    "lw_floor_divide": (2, _by_divisor(lambda left, right: left // right * UNIT)),
    "lw_remainder": (2, _by_divisor(lambda left, right: left % right)),
    "lw_round": (2, _round),
    "lw_fit": (2, _fit),
    "lw_abs": (1, _of_number(abs)),
    "lw_floor": (1, _of_number(lambda number: number // UNIT * UNIT)),
    "lw_ceil": (1, _of_number(lambda number: -(-number // UNIT) * UNIT)),
    "lw_plain": (1, _plain),
    "lw_lower": (1, _present(PYTHON["lower"], _same)),
    "lw_upper": (1, _present(PYTHON["upper"], _same)),
    "lw_ends_with": (2, _present(lambda text, part: int(text.endswith(part)), _same, _same)),
    "lw_concat": (-1, concat),
    "lw_least": (-1, _least),
    "lw_greatest": (-1, _greatest),
    "lw_run": (-1, run),
    "lw_pack": (-1, pack),
    "lw_id": (1, _present(bytes.fromhex, _same)),
    "lw_duration_add": (2, _present(lambda a, b: times.bounded(a + b), _same, _same)),
    "lw_duration_subtract": (2, _present(lambda a, b: times.bounded(a - b), _same, _same)),
    "lw_duration_scale": (2, SCALED),
    "lw_scale_duration": (2, _turned(SCALED)),
    "lw_duration_divide": (2, _present(times.divided, _same, DIGITS)),
    "lw_date_later": (2, LATER_DAY),
    "lw_later_date": (2, _turned(LATER_DAY)),
    "lw_date_earlier": (2, EARLIER_DAY),
    "lw_date_span": (2, _present(times.span_of_days, DAY, DAY)),
    "lw_moment_later": (2, LATER),
    "lw_later_moment": (2, _turned(LATER)),
    "lw_moment_earlier": (2, EARLIER),
    "lw_moment_span": (2, _present(times.span, MOMENT, MOMENT)),
    "lw_days_between": (2, _present(times.days_between, DAY, DAY)),
    "lw_add_months": (2, _present(times.add_months, DAY, DIGITS, write=date.isoformat)),
    "lw_start_of": (2, _present(times.start_of, DAY, _same, write=date.isoformat)),
    **{
        f"lw_{name}": (1, _present(PYTHON[name], DAY))
        for name in ("year", "quarter", "month", "day", "weekday")
    },
}
"""By name: how many arguments (-1: any number), and the function."""
