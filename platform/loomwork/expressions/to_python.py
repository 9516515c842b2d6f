"""From the tree to a Python function; what it computes is the definition of the semantics."""

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

from loomwork.expressions.functions import FUNCTIONS
from loomwork.expressions.tree import (
    Acting,
    And,
    Call,
    Compare,
    Field,
    In,
    IsNone,
    Literal,
    Node,
    Not,
    Operand,
    Operator,
    Or,
    Parameter,
    Value,
)

Record: TypeAlias = Mapping[str, object]
Condition: TypeAlias = Callable[[Record, UUID | None], bool]
Getter: TypeAlias = Callable[[Record, UUID | None], Any]

COMPARISONS: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQUAL: operator.eq,
    Operator.LESS: operator.lt,
    Operator.AT_MOST: operator.le,
    Operator.MORE: operator.gt,
    Operator.AT_LEAST: operator.ge,
}


def to_python(node: Node, values: Sequence[Value] = ()) -> Condition:
    """Return a function of a record and the acting user's id.

    The record gives Python values by field name: str, int, Decimal, date, aware datetime, bool and
    UUID; a value that is None or not there is missing. ``values`` are those of a lifted tree.
    """
    return _Compiler(values).condition(node)


class _Compiler:
    def __init__(self, values: Sequence[Value]) -> None:
        self._values = values

    def condition(self, node: Node) -> Condition:
        match node:
            case And(parts):
                return _all([self.condition(part) for part in parts])
            case Or(parts):
                return _any([self.condition(part) for part in parts])
            case Not(part):
                return _opposite(self.condition(part))
            case Compare(operator_, left, right):
                return self._compare(operator_, left, right)
            case In(value, options, negated):
                return self._membership(value, options, negated)
            case IsNone(part):
                return _missing(self.getter(part))
            case Call(name, arguments):
                getters = [self.getter(argument) for argument in arguments]
                return _call(FUNCTIONS[name].python, getters)
            case _:
                return _truth(self.getter(node))

    def getter(self, node: Operand) -> Getter:
        match node:
            case Field(name):
                return lambda record, _: record.get(name)
            case Literal(value):
                return lambda _, __: value
            case Parameter(index):
                found = self._values[index]
                return lambda _, __: found
            case Acting():
                return lambda _, user: user

    def _compare(self, operator_: Operator, left: Operand, right: Operand) -> Condition:
        first, second = self.getter(left), self.getter(right)
        if operator_ is Operator.NOT_EQUAL:
            return _opposite(_comparison(operator.eq, first, second))
        return _comparison(COMPARISONS[operator_], first, second)

    def _membership(
        self, value: Operand, options: Sequence[Literal | Parameter], negated: bool
    ) -> Condition:
        getter = self.getter(value)
        known = frozenset(self.getter(option)({}, None) for option in options)

        def contained(record: Record, user: UUID | None) -> bool:
            return getter(record, user) in known

        return _opposite(contained) if negated else contained


def _all(parts: Sequence[Condition]) -> Condition:
    return lambda record, user: all(part(record, user) for part in parts)


def _any(parts: Sequence[Condition]) -> Condition:
    return lambda record, user: any(part(record, user) for part in parts)


def _opposite(part: Condition) -> Condition:
    return lambda record, user: not part(record, user)


def _truth(getter: Getter) -> Condition:
    return lambda record, user: getter(record, user) is True


def _missing(getter: Getter) -> Condition:
    return lambda record, user: getter(record, user) is None


def _comparison(holds: Callable[[Any, Any], bool], left: Getter, right: Getter) -> Condition:
    def compared(record: Record, user: UUID | None) -> bool:
        first = left(record, user)
        second = right(record, user)
        return first is not None and second is not None and holds(first, second)

    return compared


def _call(function: Callable[..., object], getters: Sequence[Getter]) -> Condition:
    def called(record: Record, user: UUID | None) -> bool:
        values = [getter(record, user) for getter in getters]
        return None not in values and function(*values) is True

    return called
