"""Taking literals out of a tree, so that filters of one shape share one compiled statement."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias
from uuid import UUID

from loomwork.expressions.literals import EXACT
from loomwork.expressions.normalise import normalise
from loomwork.expressions.tree import (
    And,
    Call,
    Compare,
    Field,
    In,
    Literal,
    Node,
    Not,
    Operand,
    Or,
    Parameter,
    Value,
)
from loomwork.model.kinds import Kind

Values: TypeAlias = tuple[Value, ...]


def lift(node: Node) -> tuple[Node, Values]:
    """Return the shape of ``node`` and the literals taken out of it, in the order of their index.

    The shape is hashable and can be the key of a plan cache. Numbers come out as the column takes
    them (int, or Decimal with the field's places), so they can be bound directly. True and False
    stay in the shape: an engine plans better when it sees them.
    """
    lifter = _Lifter()
    shape = lifter.lifted(normalise(node))
    return shape, tuple(lifter.values)


def parameter_name(index: int, prefix: str = "p") -> str:
    """Return the name under which `to_sql` binds a parameter; no field can have it."""
    return f"_{prefix}{index}"


USER = "_user"
"""The name under which `to_sql` binds the acting user."""


def parameters(
    values: Sequence[Value], user: UUID | None, prefix: str = "p"
) -> Mapping[str, object]:
    """Return what to execute a statement with whose predicate came from the lifted shape."""
    bound: dict[str, object] = {
        parameter_name(index, prefix): value for index, value in enumerate(values)
    }
    bound[USER] = user
    return bound


def column_value(field: Operand, value: Value) -> Value:
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
            case And(parts):
                return And(tuple(self.lifted(part) for part in parts))
            case Or(parts):
                return Or(tuple(self.lifted(part) for part in parts))
            case Not(part):
                return Not(self.lifted(part))
            case Compare(operator, left, right):
                return Compare(operator, left, self._operand(left, right))
            case In(value, options, negated):
                places = tuple(self._option(value, option) for option in options)
                return In(value, places, negated)
            case Call(name, arguments, kind):
                lifted = tuple(self._operand(argument, argument) for argument in arguments)
                return Call(name, lifted, kind)
            case _:
                return node

    def _operand(self, field: Operand, operand: Operand) -> Operand:
        if isinstance(operand, Literal):
            return self._option(field, operand)
        return operand

    def _option(self, field: Operand, option: Literal | Parameter) -> Literal | Parameter:
        if isinstance(option, Parameter) or option.kind is Kind.BOOLEAN:
            return option
        self.values.append(column_value(field, option.value))
        return Parameter(len(self.values) - 1, option.kind)
