"""Taking literals out of a tree, so that filters of one shape share one compiled statement."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from loomwork.expressions.context import Context
from loomwork.expressions.functions import FUNCTIONS
from loomwork.expressions.literals import EXACT
from loomwork.expressions.normalise import normalise, normalise_value, rebuilt
from loomwork.expressions.tree import (
    Call,
    Compare,
    Field,
    In,
    Literal,
    Node,
    Parameter,
    Value,
)
from loomwork.model.kinds import Kind

Values: TypeAlias = tuple[Value, ...]


def lift(node: Node, *, value: bool = False) -> tuple[Node, Values]:
    """Return the shape of a condition, or of a ``value``, and the literals taken out of it.

    They are in the order of their index.

    The shape is hashable and can be the key of a plan cache. Numbers that meet a column come out
    as it takes them (int, or Decimal with the field's places), so they can be bound directly. True,
    False and what is missing stay in the shape: an engine plans better when it sees them.
    """
    lifter = _Lifter()
    shape = lifter.lifted(normalise_value(node) if value else normalise(node))
    return shape, tuple(lifter.values)


def parameter_name(index: int, prefix: str = "p") -> str:
    """Return the name under which `to_sql` binds a parameter; no field can have it."""
    return f"_{prefix}{index}"


CONTEXT = "_context"
"""The name of what a statement finds its other values in, such as the acting user."""


def parameters(
    values: Sequence[Value], context: Context, prefix: str = "p"
) -> Mapping[str, object]:
    """Return what to execute a statement with whose predicate came from the lifted shape."""
    bound: dict[str, object] = {
        parameter_name(index, prefix): value for index, value in enumerate(values)
    }
    bound[CONTEXT] = context
    return bound


def column_value(field: Node, value: Value) -> Value:
    """Return ``value`` as the column of ``field`` takes it."""
    if not isinstance(field, Field) or not isinstance(value, Decimal):
        return value
    if field.places is None:
        return int(value)
    digits = int(value.scaleb(field.places, EXACT))
    return Decimal(digits).scaleb(-field.places, EXACT)


class _Lifter:
    def __init__(self) -> None:
        self.values: list[Value] = []

    def lifted(self, node: Node) -> Node:
        match node:
            case Literal():
                return self._taken(node, node)
            case Compare(operator, left, right):
                return Compare(operator, self._taken(right, left), self._taken(left, right))
            case In(value, options, negated):
                places = tuple(self._taken(value, option) for option in options)
                return In(self.lifted(value), places, negated)
            case Call(name, arguments, kind):
                # What can only be written out decides the statement's text.
                fixed = FUNCTIONS[name].fixed
                lifted = tuple(
                    argument if index in fixed else self.lifted(argument)
                    for index, argument in enumerate(arguments)
                )
                return Call(name, lifted, kind)
            case _:
                return rebuilt(node, self.lifted)

    def _taken(self, meets: Node, node: Node) -> Node:
        """Return the place of a literal that meets another value; anything else lifted."""
        if not isinstance(node, Literal):
            return self.lifted(node)
        if node.value is None or node.kind is Kind.BOOLEAN:
            return node
        self.values.append(column_value(meets, node.value))
        return Parameter(len(self.values) - 1, node.kind)
