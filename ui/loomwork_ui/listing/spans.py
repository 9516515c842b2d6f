"""Durations in filters: as expressions write them, and as people do."""

import ast
from decimal import Decimal

from loomwork.errors import InvalidError
from loomwork.model.types.duration import DurationType
from loomwork.model.values import DAY, HOUR, Duration

UNITS = {"hours": HOUR, "days": DAY}
PLACES = Decimal("1e-10")
"""As many as numbers have in expressions; a third of a microsecond, so none is lost."""


def as_expression(text: str) -> str:
    """Return a duration as expressions write it, ``hours(1.5)``; what is none stays as it is."""
    try:
        length = DurationType().parse(text)
    except InvalidError:
        return text.strip()
    if not isinstance(length, Duration):
        return ""
    hours = format((Decimal(int(length)) / HOUR).quantize(PLACES), "f")
    return f"hours({hours.rstrip('0').rstrip('.')})"


def from_expression(function: ast.expr, value: str) -> str:
    """Return what a call with one literal stands for, as the field's type reads it."""
    unit = UNITS.get(function.id) if isinstance(function, ast.Name) else None
    if unit is None:
        return value
    try:
        return Duration((Decimal(value) * unit).to_integral_value()).to_json()
    except (ArithmeticError, ValueError):
        return value
