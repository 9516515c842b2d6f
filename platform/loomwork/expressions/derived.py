"""How a field is worked out whose value no record has: its tree, and what runs it."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from loomwork.expressions.context import Context, Record
from loomwork.expressions.semantics.numbers import round_to
from loomwork.expressions.to_python import to_python
from loomwork.expressions.tree import Node
from loomwork.model.types.decimal import DIGITS


class Derived:
    """The value of a derived field.

    ``places`` is how many digits a number has after the point, 0 of a whole one; None of all that
    is no number. One that does not fit into 18 digits is missing.
    """

    def __init__(self, places: int | None, make: Callable[[], Node]) -> None:
        self.places = places
        self._make = make

    @cached_property
    def node(self) -> Node:
        """Return the tree over the record that has the field."""
        return self._make()

    @cached_property
    def value(self) -> Callable[[Record, Context], Any]:
        """Return the function that works it out."""
        compute, places = to_python(self.node), self.places
        if places is None:
            return compute
        return lambda record, context: fitted(compute(record, context), places)


def fitted(number: Any, places: int) -> Any:
    """Return a number as a field of so many places has it; one that is too large is missing."""
    rounded = None if number is None else round_to(number, places)
    if rounded is None or abs(rounded) >= limit(places):
        return None
    return rounded


def limit(places: int) -> int:
    """Return what the magnitude of a field's numbers is below."""
    return int(10 ** (DIGITS - places))
