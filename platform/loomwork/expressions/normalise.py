"""An equivalent tree that all engines run alike: fields on the left, literals their columns hold.

SQLite keeps decimals as scaled integers, so a literal with more places than the column cannot be
bound there. The comparison is rewritten for every engine instead: ``amount < 1.005`` becomes
``amount <= 1.00``, and ``amount == 1.005`` is never true.
"""

from decimal import ROUND_FLOOR, Decimal

from loomwork.expressions.literals import EXACT
from loomwork.expressions.to_python import to_python
from loomwork.expressions.tree import (
    FALSE,
    TRUE,
    And,
    Compare,
    Field,
    In,
    IsNone,
    Literal,
    Node,
    Not,
    Operator,
    Or,
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
            return _comparison(node)
        case In():
            return _membership(node)
        case _:
            return node


def _comparison(node: Compare) -> Node:
    operator, left, right = node.operator, node.left, node.right
    if isinstance(left, Literal) and isinstance(right, Literal):
        return TRUE if to_python(node)({}, None) else FALSE
    if isinstance(right, Field) and not isinstance(left, Field):
        operator, left, right = MIRRORED[operator], right, left
    if isinstance(left, Field) and isinstance(right, Literal) and left.kind is Kind.NUMBER:
        return _number(operator, left, Decimal(str(right.value)))
    return Compare(operator, left, right)


def _membership(node: In) -> Node:
    field, options = node.value, node.options
    if isinstance(field, Field) and field.kind is Kind.NUMBER:
        options = tuple(option for option in options if _possible(field, option))
    if not options:
        return TRUE if node.negated else FALSE
    return In(field, options, node.negated)


def _possible(field: Field, option: Node) -> bool:
    if not isinstance(option, Literal):
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
