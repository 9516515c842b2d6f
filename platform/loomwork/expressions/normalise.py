"""An equivalent tree that all engines run alike: fields on the left, literals their columns hold.

SQLite keeps decimals as scaled integers, so a literal with more places than the column cannot be
bound there. The comparison is rewritten for every engine instead: ``amount < 1.005`` becomes
``amount <= 1.00``, and ``amount == 1.005`` is never true.
"""

from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_FLOOR, Decimal
from typing import TypeGuard

from loomwork.expressions.context import NOTHING, Context
from loomwork.expressions.literals import EXACT
from loomwork.expressions.to_python import to_python
from loomwork.expressions.tree import (
    FALSE,
    TRUE,
    Aggregate,
    And,
    Arithmetic,
    Call,
    Choose,
    Compare,
    Condition,
    Field,
    In,
    IsNone,
    Literal,
    Member,
    Node,
    Not,
    Operator,
    Or,
    StartOfDay,
    Under,
    combine_and,
    combine_or,
    negate,
)
from loomwork.model.kinds import Kind
from loomwork.model.types.decimal import DIGITS

LARGEST_INTEGER = 2**63 - 1
LARGEST_SCALED = 10**DIGITS - 1

MIRRORED = {
    Operator.EQUAL: Operator.EQUAL,
    Operator.NOT_EQUAL: Operator.NOT_EQUAL,
    Operator.LESS: Operator.MORE,
    Operator.AT_MOST: Operator.AT_LEAST,
    Operator.MORE: Operator.LESS,
    Operator.AT_LEAST: Operator.AT_MOST,
}
ABOVE_FLOOR = {
    Operator.LESS: Operator.AT_MOST,
    Operator.AT_MOST: Operator.AT_MOST,
    Operator.MORE: Operator.MORE,
    Operator.AT_LEAST: Operator.MORE,
}
"""The comparison with the floor of a literal that lies between two values of the field."""


def normalise(node: Node) -> Node:
    """Return the tree in the form that `lift` and `to_sql` work on; doing it twice is harmless."""
    match node:
        case And(parts):
            return combine_and(normalise(part) for part in parts)
        case Or(parts):
            return combine_or(normalise(part) for part in parts)
        case Not(part):
            return negate(normalise(part))
        case Compare():
            return _comparison(rebuilt(node, normalise_value))
        case In():
            return _membership(rebuilt(node, normalise_value))
        case Choose(condition, then, otherwise):
            return replace(
                node,
                condition=normalise(condition),
                then=normalise_value(then),
                otherwise=normalise_value(otherwise),
            )
        case Aggregate(value=value, where=where):
            return replace(
                node,
                value=None if value is None else normalise_value(value),
                where=None if where is None else normalise(where),
            )
        case _:
            return rebuilt(node, normalise_value)


def normalise_value(node: Node) -> Node:
    """Return a tree whose value is asked for in the same form.

    ``not not active`` is false where ``active`` is missing; as a condition both are the same, but
    not as a value.
    """
    found = normalise(node)
    if isinstance(node, Condition) and not isinstance(found, Condition | Literal):
        return Compare(Operator.EQUAL, found, TRUE)
    return found


def rebuilt(node: Node, change: Callable[[Node], Node]) -> Node:
    """Return ``node`` with ``change`` applied to each node directly below it."""
    match node:
        case And(parts) | Or(parts):
            return type(node)(tuple(map(change, parts)))
        case Not(part) | IsNone(part) | StartOfDay(part):
            return type(node)(change(part))
        case Compare(operator, left, right):
            return Compare(operator, change(left), change(right))
        case In(value, options, negated):
            return In(change(value), tuple(map(change, options)), negated)
        case Member(value, collection):
            return Member(change(value), change(collection))
        case _:
            return _rebuilt_value(node, change)


def _rebuilt_value(node: Node, change: Callable[[Node], Node]) -> Node:
    match node:
        case Call(arguments=arguments):
            return replace(node, arguments=tuple(map(change, arguments)))
        case Arithmetic(_, left, right):
            return replace(node, left=change(left), right=change(right))
        case Choose(condition, then, otherwise):
            return replace(
                node, condition=change(condition), then=change(then), otherwise=change(otherwise)
            )
        case Aggregate(value=value, where=where):
            return replace(
                node,
                value=None if value is None else change(value),
                where=None if where is None else change(where),
            )
        case Under(value, ancestor):
            return replace(node, value=change(value), ancestor=change(ancestor))
        case _:
            return node


def _comparison(node: Node) -> Node:
    if not isinstance(node, Compare):
        return node
    operator, left, right = node.operator, node.left, node.right
    if isinstance(left, Literal) and isinstance(right, Literal):
        return TRUE if to_python(node)(NOTHING, Context()) else FALSE
    if isinstance(right, Field) and not isinstance(left, Field):
        operator, left, right = MIRRORED[operator], right, left
    if isinstance(left, Field) and _is_number(right):
        return _number(operator, left, Decimal(str(right.value)))
    return Compare(operator, left, right)


def _is_number(node: Node) -> TypeGuard[Literal]:
    return isinstance(node, Literal) and node.kind is Kind.NUMBER and node.value is not None


def _membership(node: Node) -> Node:
    if not isinstance(node, In):
        return node
    value, options = node.value, node.options
    if isinstance(value, Field) and value.kind is Kind.NUMBER:
        options = tuple(option for option in options if _possible(value, option))
    if not options:
        return TRUE if node.negated else FALSE
    return In(value, options, node.negated)


def _possible(field: Field, option: Node) -> bool:
    if not _is_number(option):
        return True
    scaled = _scaled(field, Decimal(str(option.value)))
    return _floor(scaled) == scaled and scaled.copy_abs() <= _largest(field)


def _number(operator: Operator, field: Field, value: Decimal) -> Node:
    scaled = _scaled(field, value)
    floor = _floor(scaled)
    fits = scaled.copy_abs() <= _largest(field)
    if fits and floor == scaled:
        return Compare(operator, field, Literal(value, Kind.NUMBER))
    if operator is Operator.EQUAL:
        return FALSE
    if operator is Operator.NOT_EQUAL:
        return TRUE
    if not fits:
        below = operator in (Operator.LESS, Operator.AT_MOST)
        return Not(IsNone(field)) if below == (scaled > 0) else FALSE
    bound = floor.scaleb(-(field.places or 0), EXACT)
    return Compare(ABOVE_FLOOR[operator], field, Literal(bound, Kind.NUMBER))


def _scaled(field: Field, value: Decimal) -> Decimal:
    return value.scaleb(field.places or 0, EXACT)


def _floor(scaled: Decimal) -> Decimal:
    return scaled.to_integral_value(ROUND_FLOOR, EXACT)


def _largest(field: Field) -> int:
    return LARGEST_INTEGER if field.places is None else LARGEST_SCALED
