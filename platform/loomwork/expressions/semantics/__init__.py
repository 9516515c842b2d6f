"""What the values of the language are and what becomes of them, in Python: the reference."""

from collections.abc import Callable, Mapping
from typing import Any

from loomwork.expressions.semantics import numbers, texts, times
from loomwork.model.kinds import Kind

PYTHON: Mapping[str, Callable[..., Any]] = {
    "lower": texts.lower,
    "upper": texts.upper,
    "trim": texts.trim,
    "length": len,
    "contains": texts.contains,
    "starts_with": texts.starts_with,
    "ends_with": texts.ends_with,
    "concat": texts.concat,
    "coalesce": texts.coalesce,
    "round": numbers.round_to,
    "abs": numbers.absolute,
    "floor": numbers.floor,
    "ceil": numbers.ceiling,
    "min": texts.of_present(min),
    "max": texts.of_present(max),
    "year": times.year,
    "quarter": times.quarter,
    "month": times.month,
    "day": times.day_of_month,
    "weekday": times.weekday,
    "days": times.days,
    "hours": times.hours,
    "add_months": times.add_months,
    "start_of": times.start_of,
    "days_between": times.days_between,
}
"""The functions by name. Their arguments are present, but for coalesce, concat, min and max,
which get None for what is missing."""

OPERATIONS: Mapping[tuple[str, Kind, Kind], Callable[[Any, Any], Any]] = {
    ("+", Kind.NUMBER, Kind.NUMBER): numbers.add,
    ("-", Kind.NUMBER, Kind.NUMBER): numbers.subtract,
    ("*", Kind.NUMBER, Kind.NUMBER): numbers.multiply,
    ("/", Kind.NUMBER, Kind.NUMBER): numbers.divide,
    ("//", Kind.NUMBER, Kind.NUMBER): numbers.floor_divide,
    ("%", Kind.NUMBER, Kind.NUMBER): numbers.remainder,
    ("+", Kind.DURATION, Kind.DURATION): lambda left, right: times.bounded(left + right),
    ("-", Kind.DURATION, Kind.DURATION): lambda left, right: times.bounded(left - right),
    ("*", Kind.DURATION, Kind.NUMBER): times.scaled,
    ("*", Kind.NUMBER, Kind.DURATION): lambda factor, duration: times.scaled(duration, factor),
    ("/", Kind.DURATION, Kind.NUMBER): times.divided,
    ("+", Kind.DATE, Kind.DURATION): times.later_day,
    ("-", Kind.DATE, Kind.DURATION): lambda day, duration: times.later_day(day, -duration),
    ("-", Kind.DATE, Kind.DATE): times.span_of_days,
    ("+", Kind.DATETIME, Kind.DURATION): times.later,
    ("-", Kind.DATETIME, Kind.DURATION): lambda moment, duration: times.later(moment, -duration),
    ("-", Kind.DATETIME, Kind.DATETIME): times.span,
}
"""The operators by themselves and the kinds of both sides, which are present."""
