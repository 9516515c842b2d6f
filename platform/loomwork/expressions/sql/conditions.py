"""From the tree to SQL predicates: negation pushed down, NULL compensated only where it arrives."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from loomwork.expressions.normalise import MIRRORED
from loomwork.expressions.sql.aggregates import among, empty, exists, under, under_any
from loomwork.expressions.sql.element import MARIADB, POSTGRESQL, SQLITE, Element, Let
from loomwork.expressions.sql.source import unsupported
from loomwork.expressions.sql.translation import SETS, Translation, never_missing
from loomwork.expressions.sql.values import COLLATION, TYPES, sql
from loomwork.expressions.tree import (
    TRUE,
    Aggregate,
    And,
    Call,
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
    Parameter,
    Under,
    kind_of,
)
from loomwork.model.kinds import Kind

ZERO: ColumnElement[int] = sa.literal_column("0")
OPPOSITES = {
    Operator.EQUAL: Operator.NOT_EQUAL,
    Operator.NOT_EQUAL: Operator.EQUAL,
    Operator.LESS: Operator.AT_LEAST,
    Operator.AT_MOST: Operator.MORE,
    Operator.MORE: Operator.AT_MOST,
    Operator.AT_LEAST: Operator.LESS,
}
WRITTEN = {operator: "=" if operator is Operator.EQUAL else str(operator) for operator in Operator}
MEMBER = {
    (SQLITE, Kind.LINKS): "({0} IN (SELECT lw_id(value) FROM json_each({1})))",
    (SQLITE, Kind.TEXTS): "({0} IN (SELECT value FROM json_each({1})))",
    (POSTGRESQL, Kind.LINKS): "({0} = ANY ({1}))",
    (POSTGRESQL, Kind.TEXTS): "({0} = ANY ({1}))",
    (MARIADB, Kind.LINKS): "({0} IN (SELECT CAST(one.v AS UUID) FROM JSON_TABLE({1}, '$[*]'"
    " COLUMNS (v VARCHAR(36) PATH '$')) AS one))",
    (MARIADB, Kind.TEXTS): "({0} IN (SELECT one.v FROM JSON_TABLE({1}, '$[*]' COLUMNS (v"
    " VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin PATH '$')) AS one))",
}
NAMED = {Kind.LINKS: "CAST({0} AS UUID)", Kind.TEXTS: f"({{0}} COLLATE {COLLATION[MARIADB]})"}
"""How MariaDB gets a value back that it has named, to look for it in a set."""


class Conditions(Translation):
    """Translates conditions."""

    def condition(self, node: Node, *, negated: bool = False) -> Element:
        """Return the predicate that is true where ``node`` is; else it is false or NULL."""
        if isinstance(node, Literal):
            return sa.false() if bool(node.value) is negated else sa.true()
        if kind_of(node) is not Kind.BOOLEAN:
            raise TypeError("not a condition")
        if not self.free(node) and self.runs(node):
            found = self.running(node)
            return _not_true(found) if negated else found
        self.depth += 1
        found = self._translated(node, negated=negated)
        self.depth -= 1
        return found

    def _translated(self, node: Node, *, negated: bool) -> Element:
        match node:
            case And(parts) | Or(parts):
                conditions = [self.condition(part, negated=negated) for part in parts]
                every = isinstance(node, And) is not negated
                return sa.and_(*conditions) if every else sa.or_(*conditions)
            case Not(part):
                return self.condition(part, negated=not negated)
        if self.free(node):
            return self._fixed(node, negated=negated)
        if isinstance(node, Condition):
            return self._condition(node, negated=negated)
        if isinstance(node, Aggregate) and never_missing(node):
            return exists(self, node, negated=negated)
        if isinstance(node, Field):
            return self._compare(Operator.EQUAL, node, TRUE, negated=negated)
        found = self.called(node) if isinstance(node, Call) else self.value(node)
        return _not_true(found) if negated else found

    def _fixed(self, node: Node, *, negated: bool) -> Element:
        """Return a condition that no row decides."""
        return self.bound(node, _is_not if negated else _is)

    def _condition(self, node: Node, *, negated: bool) -> Element:
        match node:
            case Compare(operator, left, right):
                return self._compare(operator, left, right, negated=negated)
            case In(value, options):
                return self._membership(value, options, negated=negated is not node.negated)
            case IsNone(part):
                return self._missing(part, negated=negated)
            case Member(value, collection):
                found = self._member(value, collection)
            case Under(value, ancestor, entity, parent):
                form = under if self.free(ancestor) else under_any
                found = form(self, self._plain(value), self._plain(ancestor), entity, parent)
            case _:
                raise unsupported(type(node).__name__.lower())
        return _not_true(found) if negated else found

    def _plain(self, node: Node) -> Element:
        """Return a value whose column, if it has one, keeps it in the form of computed ones."""
        column = self.column(node)
        return self.value(node) if column is None else column

    def _missing(self, part: Node, *, negated: bool) -> Element:
        if never_missing(part):
            return sa.true() if negated else sa.false()
        if isinstance(part, Field) and part.kind in SETS and not self.free(part):
            return empty(self, part, negated=negated)
        column = self._plain(part)
        if self.column(part) is not None:
            return column.is_not(None) if negated else column.is_(None)
        return sql(Kind.BOOLEAN, f"({{0}} IS {'NOT ' if negated else ''}NULL)", column)

    def _compare(self, operator: Operator, left: Node, right: Node, *, negated: bool) -> Element:
        if operator is Operator.NOT_EQUAL:
            operator, negated = Operator.EQUAL, not negated
        if self.free(left):
            operator, left, right = MIRRORED[operator], right, left
        column = self.column(left)
        if negated and column is not None and _is_present(right):
            opposite = self._bare(OPPOSITES[operator], left, right)
            return sa.or_(column.is_(None), opposite)
        bare = self._bare(operator, left, right)
        return _not_true(bare) if negated else bare

    def _bare(self, operator: Operator, left: Node, right: Node) -> Element:
        """Return the plain comparison, which is NULL where a side is missing."""
        column, other = self.column(left), self.column(right)
        if column is not None and isinstance(left, Field):
            if self.free(right):
                return _apply(operator, column, self.beside(right, operator, left, column))
            if other is not None and isinstance(right, Field):
                return self._columns(operator, (left, column), (right, other))
        template = f"({{0}} {WRITTEN[operator]} {{1}})"
        return sql(Kind.BOOLEAN, template, self.value(left), self.value(right))

    def _columns(
        self, operator: Operator, left: tuple[Field, Element], right: tuple[Field, Element]
    ) -> Element:
        places = (left[0].places or 0, right[0].places or 0)
        if self.engine == SQLITE and places[0] != places[1]:
            return _compare_scaled(operator, left[1], places[0], right[1], places[1])
        return _apply(operator, left[1], right[1])

    def _membership(self, value: Node, options: Sequence[Node], *, negated: bool) -> Element:
        column = self.column(value)
        if column is not None and isinstance(value, Field) and all(map(self.free, options)):
            bound = [self.beside(option, Operator.EQUAL, value, column) for option in options]
            if negated and all(map(_is_present, options)):
                return sa.or_(column.is_(None), column.not_in(bound))
            found: Element = column.in_(bound)
        else:
            places = ", ".join(f"{{{number}}}" for number in range(1, len(options) + 1))
            parts = (self.value(value), *map(self.value, options))
            # PostgreSQL would copy the value once for each option that is no constant.
            template = "= ANY (ARRAY[{}])" if self.engine == POSTGRESQL else "IN ({})"
            found = sql(Kind.BOOLEAN, f"({{0}} {template.format(places)})", *parts)
        return _not_true(found) if negated else found

    def _member(self, value: Node, collection: Node) -> Element:
        kind = kind_of(collection)
        if not self.free(collection):
            if not isinstance(collection, Field):
                raise unsupported("in")
            return among(self, self._plain(value), collection)
        template, plain, known = (
            MEMBER[self.engine, kind],
            self._plain(value),
            self.bound(collection),
        )
        if self.engine != MARIADB or self.column(value) is not None:
            return sql(Kind.BOOLEAN, template, plain, known)
        # The optimizer would copy a computed value, and double the work with every level.
        read = NAMED[kind]
        return Let(
            sql(Kind.TEXT, "CAST({0} AS CHAR)", plain),
            lambda name: sql(Kind.BOOLEAN, template.replace("{0}", read), name, known),
            engine=MARIADB,
            cast="CHAR",
            type_=TYPES[Kind.BOOLEAN],
        )


def _is(value: Any) -> bool:
    return value is True


def _is_not(value: Any) -> bool:
    return value is not True


def _is_present(node: Node) -> bool:
    """Tell whether a value is bound that is there in any case."""
    return isinstance(node, Parameter) or (isinstance(node, Literal) and node.value is not None)


def _apply(operator: Operator, left: Element, right: Element) -> Element:
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


def _not_true(bare: Element) -> Element:
    """Return the exact negation: true where ``bare`` is false or NULL."""
    return bare.is_not(sa.true())


def _compare_scaled(
    operator: Operator, left: Element, left_places: int, right: Element, right_places: int
) -> Element:
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
