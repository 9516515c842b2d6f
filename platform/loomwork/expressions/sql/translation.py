"""From the tree to SQL values, in the forms that `values` describes."""

from abc import ABC, abstractmethod
from typing import cast

import sqlalchemy as sa
from sqlalchemy.sql.selectable import FromClause

from loomwork.expressions.derived import Derived
from loomwork.expressions.functions import FUNCTIONS
from loomwork.expressions.normalise import normalise_value
from loomwork.expressions.sql import numbers, program, texts, times
from loomwork.expressions.sql.aggregates import related
from loomwork.expressions.sql.binding import THIS, Binder
from loomwork.expressions.sql.element import SQLITE, Element, Sql
from loomwork.expressions.sql.source import ALIVE, Columns, Row, Source, unsupported
from loomwork.expressions.sql.values import TYPES, sql
from loomwork.expressions.tree import (
    Aggregate,
    Arithmetic,
    Call,
    Choose,
    Condition,
    Field,
    Literal,
    Node,
    kind_of,
)
from loomwork.model.kinds import Kind

EXISTING = ("any", "all")
SETS = (Kind.TEXTS, Kind.LINKS)


def never_missing(node: Node) -> bool:
    """Tell whether ``node`` is true or false, as every condition is."""
    if isinstance(node, Call):
        return node.kind is Kind.BOOLEAN and not FUNCTIONS[node.function].skips_missing
    return isinstance(node, Condition) or (
        isinstance(node, Aggregate) and node.function in EXISTING
    )


class Translation(Binder, ABC):
    """Translates values; conditions are translated by the class that builds on it."""

    @abstractmethod
    def condition(self, node: Node, *, negated: bool = False) -> Element:
        """Return the predicate of a condition: NULL counts as false."""

    def predicate(self, source: Source, node: Node) -> Element:
        """Return the predicate of a condition of the metadata over another source."""
        return type(self)(source, self.engine, self.prefix, self.depth).condition(node)

    def place(self, root: str) -> Source:
        """Return where the record that a root names comes from."""
        if root == "":
            return self.source
        if root == THIS and self.source.outer is not None:
            return self.source.outer
        raise unsupported(root)

    def record(self, node: Field) -> Columns:
        """Return the columns of the record that a field is of."""
        return self.place(node.root).at(node.path, self.predicate)

    def many(self, node: Field) -> tuple[FromClause, Element]:
        """Return the table of a field's many values, and which of them are the row's."""
        row = self.record(node)
        if not isinstance(row, Row):
            raise unsupported(node.name)
        return row.values(node.name)

    def column(self, node: Node) -> Element | None:
        """Return the column of a field of a row; None of everything else."""
        if not isinstance(node, Field) or self.free(node) or node.kind in SETS:
            return None
        if node.derived is not None:
            return None
        return self.record(node)(node.name)

    def value(self, node: Node) -> Element:
        """Return the value of ``node`` in the form of computed ones; NULL where it is missing."""
        if self.free(node):
            return self.bound(node)
        if self.runs(node):
            return self.running(node)
        self.depth += 1
        found = self._value(node)
        self.depth -= 1
        return found

    def runs(self, node: Node) -> bool:
        """Tell whether a part of an expression is too much for SQLite's parser."""
        if self.engine != SQLITE or program.is_leaf(node):
            return False
        height = self.height(node)
        too_deep = self.depth + height > program.DEEPEST and height > program.SMALL
        return program.is_wide(node) or (self.depth >= program.PLAIN and too_deep)

    def running(self, node: Node) -> Element:
        """Return the value of ``node`` from one function that runs all of it."""
        self.depth += 1
        found = program.running(node, self.value, self.free)
        self.depth -= 1
        return found

    def _value(self, node: Node) -> Element:
        if never_missing(node):
            template = f"CASE WHEN {{0}} THEN {self.truth(True)} ELSE {self.truth(False)} END"
            return sql(Kind.BOOLEAN, template, self.condition(node))
        match node:
            case Field():
                return self._field(node)
            case Arithmetic(operator, left, right, kind):
                kinds = (kind_of(left), kind_of(right))
                sides = (self.value(left), self.value(right))
                if kind is Kind.NUMBER and kinds == (kind, kind):
                    return numbers.arithmetic(self.engine, operator, *sides)
                return times.arithmetic(self.engine, operator, kinds, *sides)
            case Choose(condition, then, otherwise, kind):
                return self._choice(kind, condition, self.value(then), self.value(otherwise))
            case Call():
                return self._call(node)
            case Aggregate():
                return related(self, node)
        raise unsupported(type(node).__name__)

    def _derived(self, node: Field, derived: Derived) -> Element:
        """Return the value of a field that is worked out, of the record that has it."""
        record = self.place(node.root).reached(node.path, self.predicate)
        inside = type(self)(record, self.engine, self.prefix, self.depth)
        value = inside.value(normalise_value(derived.node))
        if derived.places is not None:
            value = numbers.fitted(self.engine, value, derived.places)
        if not (node.path or node.root):
            return value
        # Without the record there is no value, even where it would not depend on the record.
        return sql(node.kind, "CASE WHEN {1} = 1 THEN {0} END", value, record.columns(ALIVE))

    def _field(self, node: Field) -> Element:
        if node.derived is not None:
            return self._derived(node, node.derived)
        column = self.record(node)(node.name)
        match node.kind:
            case Kind.NUMBER:
                return numbers.of_column(self.engine, column)
            case Kind.DATETIME:
                return times.of_column(self.engine, column)
            case Kind.TEXTS | Kind.LINKS:
                raise unsupported(node.name)
            case kind:
                return sql(kind, "{0}", column, bound=texts.longest(column))

    def _choice(self, kind: Kind, condition: Node, then: Element, otherwise: Element) -> Element:
        bounds = [part.bound for part in (then, otherwise) if isinstance(part, Sql)]
        known = [bound for bound in bounds if bound is not None]
        return sql(
            kind,
            "CASE WHEN {0} THEN {1} ELSE {2} END",
            self.condition(condition),
            then,
            otherwise,
            bound=max(known) if len(known) == 2 else None,
        )

    def _call(self, node: Call) -> Element:
        found = self.called(node)
        if isinstance(found.type, type(TYPES[node.kind])):
            return found
        return sa.type_coerce(found, TYPES[node.kind])

    def called(self, node: Call) -> Element:
        """Return a function applied to its arguments, of one of ours or of a plug-in's."""
        function = FUNCTIONS[node.function]
        arguments = [
            _written_out(argument) if index in function.fixed else self._argument(node, argument)
            for index, argument in enumerate(node.arguments)
        ]
        return function.sql(self.engine, arguments)

    def _argument(self, call: Call, node: Node) -> Element:
        value = self.value(node)
        return (
            texts.written(self.engine, value, kind_of(node)) if call.function == "concat" else value
        )


def _written_out(node: Node) -> Element:
    """Return a literal that decides the text of a function."""
    value = cast("Literal", node).value
    return sql(kind_of(node), f"'{value}'" if isinstance(value, str) else str(value))
