"""From the tree to an SQL predicate that means the same on SQLite, PostgreSQL and MariaDB."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from loomwork.expressions.functions import FUNCTIONS, ZERO
from loomwork.expressions.lift import USER, column_value, parameter_name
from loomwork.expressions.normalise import MIRRORED, normalise
from loomwork.expressions.tree import (
    TRUE,
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
)
from loomwork.model.kinds import Kind

Columns: TypeAlias = Callable[[str], ColumnElement[Any]]
Predicate: TypeAlias = ColumnElement[bool]

OPPOSITES = {
    Operator.EQUAL: Operator.NOT_EQUAL,
    Operator.LESS: Operator.AT_LEAST,
    Operator.AT_MOST: Operator.MORE,
    Operator.MORE: Operator.AT_MOST,
    Operator.AT_LEAST: Operator.LESS,
}


def to_sql(node: Node, columns: Columns, *, dialect: str, prefix: str = "p") -> Predicate:
    """Return the predicate that is true for exactly those rows for which ``node`` is.

    For the others it is false **or NULL**: put it under WHERE, AND and OR, never under NOT (negate
    the tree instead). Literals are bound with the types of their columns; the parameters of a
    lifted tree and the acting user are bound by `parameters`. ``prefix`` keeps several lifted trees
    in one statement apart.
    """
    engine = "mariadb" if dialect == "mysql" else dialect
    return _Compiler(columns, engine, prefix).condition(normalise(node), negated=False)


class _Compiler:
    """Pushes negation down to the comparisons, and compensates NULL only where it arrives."""

    def __init__(self, columns: Columns, engine: str, prefix: str) -> None:
        self._columns = columns
        self._engine = engine
        self._prefix = prefix

    def condition(self, node: Node, *, negated: bool) -> Predicate:
        match node:
            case And(parts) | Or(parts):
                conditions = [self.condition(part, negated=negated) for part in parts]
                every = isinstance(node, And) is not negated
                return sa.and_(*conditions) if every else sa.or_(*conditions)
            case Not(part):
                return self.condition(part, negated=not negated)
            case Compare(operator, left, right):
                return self._compare(operator, left, right, negated=negated)
            case In(value, options):
                return self._membership(value, options, negated=negated is not node.negated)
            case IsNone(part):
                column = self._columns(part.name)
                return column.is_not(None) if negated else column.is_(None)
            case Call():
                return self._call(node, negated=negated)
            case Field():
                return self._compare(Operator.EQUAL, node, TRUE, negated=negated)
            case Literal(value):
                return sa.false() if bool(value) is negated else sa.true()
        raise TypeError("not a condition")

    def _compare(
        self, operator: Operator, left: Operand, right: Operand, *, negated: bool
    ) -> Predicate:
        if operator is Operator.NOT_EQUAL:
            operator, negated = Operator.EQUAL, not negated
        if not negated:
            return self._bare(operator, left, right)
        if isinstance(left, Field) and isinstance(right, Literal | Parameter):
            opposite = self._bare(OPPOSITES[operator], left, right)
            return sa.or_(self._columns(left.name).is_(None), opposite)
        return _not_true(self._bare(operator, left, right))

    def _bare(self, operator: Operator, left: Operand, right: Operand) -> Predicate:
        """Return the plain comparison, which is NULL where a side is missing."""
        if not isinstance(left, Field):
            raise TypeError("a comparison needs a field")
        column = self._columns(left.name)
        if not isinstance(right, Field):
            return _apply(operator, column, self._bound(right, left, column))
        other = self._columns(right.name)
        places = (left.places or 0, right.places or 0)
        if self._engine == "sqlite" and places[0] != places[1]:
            return _compare_scaled(operator, column, places[0], other, places[1])
        return _apply(operator, column, other)

    def _membership(
        self, value: Operand, options: Sequence[Operand], *, negated: bool
    ) -> Predicate:
        if not isinstance(value, Field):
            raise TypeError("“in” needs a field")
        column = self._columns(value.name)
        bound = [self._bound(option, value, column) for option in options]
        if negated:
            return sa.or_(column.is_(None), column.not_in(bound))
        return column.in_(bound)

    def _call(self, node: Call, *, negated: bool) -> Predicate:
        fields = [argument for argument in node.arguments if isinstance(argument, Field)]
        if not fields:
            raise TypeError("a function needs a field")
        column = self._columns(fields[0].name)
        arguments = [
            self._columns(argument.name)
            if isinstance(argument, Field)
            else self._bound(argument, fields[0], column)
            for argument in node.arguments
        ]
        bare = FUNCTIONS[node.function].sql(self._engine, arguments)
        return _not_true(bare) if negated else bare

    def _bound(
        self, operand: Operand, field: Field, column: ColumnElement[Any]
    ) -> ColumnElement[Any]:
        """Return the bound value, in the type of the column it meets."""
        match operand:
            case Parameter(index):
                return sa.bindparam(parameter_name(index, self._prefix), type_=column.type)
            case Acting():
                return sa.bindparam(USER, type_=column.type)
            case Literal(value, Kind.BOOLEAN):
                return sa.true() if value else sa.false()
            case Literal(value):
                return sa.bindparam(
                    "literal", column_value(field, value), type_=column.type, unique=True
                )
        raise TypeError("not a value")


def _apply(operator: Operator, left: ColumnElement[Any], right: ColumnElement[Any]) -> Predicate:
    match operator:
        case Operator.EQUAL:
            return left == right
        case Operator.NOT_EQUAL:
            return left != right
        case Operator.LESS:
            return left < right
        case Operator.AT_MOST:
            return left <= right
        case Operator.MORE:
            return left > right
        case Operator.AT_LEAST:
            return left >= right


def _not_true(bare: Predicate) -> Predicate:
    """Return the exact negation: true where ``bare`` is false or NULL."""
    return bare.is_not(sa.true())


def _compare_scaled(
    operator: Operator,
    left: ColumnElement[Any],
    left_places: int,
    right: ColumnElement[Any],
    right_places: int,
) -> ColumnElement[bool]:
    """Return ``left operator right`` for integers that keep numbers times ten to their places.

    Multiplying the coarser one could leave 64 bits, where SQLite turns to floating point. So the
    finer one is divided: with ``b = q·k + r`` (q truncated, r of b's sign), ``a·k < b`` holds
    exactly when ``a < q`` or ``a = q`` and ``r > 0``.
    """
    if left_places > right_places:
        return _compare_scaled(MIRRORED[operator], right, right_places, left, left_places)
    factor: ColumnElement[int] = sa.literal_column(str(10 ** (right_places - left_places)))
    coarse = sa.type_coerce(left, sa.BigInteger)
    fine = sa.type_coerce(right, sa.BigInteger)
    whole: ColumnElement[int] = fine.op("/")(factor)
    rest: ColumnElement[int] = fine.op("%")(factor)
    tie = coarse == whole
    match operator:
        case Operator.LESS:
            return sa.or_(coarse < whole, sa.and_(tie, rest > ZERO))
        case Operator.AT_MOST:
            return sa.or_(coarse < whole, sa.and_(tie, rest >= ZERO))
        case Operator.MORE:
            return sa.or_(coarse > whole, sa.and_(tie, rest < ZERO))
        case Operator.AT_LEAST:
            return sa.or_(coarse > whole, sa.and_(tie, rest <= ZERO))
        case _:
            return sa.and_(tie, rest == ZERO)
