"""Values that no row decides: bound, and found out in Python each time a statement is executed."""

from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

import sqlalchemy as sa

from loomwork.expressions.context import NOTHING, Context
from loomwork.expressions.lift import column_value, parameter_name
from loomwork.expressions.literals import EXACT
from loomwork.expressions.normalise import rebuilt
from loomwork.expressions.semantics.texts import LONGEST
from loomwork.expressions.sql.element import POSTGRESQL, ContextBind, Element
from loomwork.expressions.sql.source import Source
from loomwork.expressions.sql.texts import SOURCE
from loomwork.expressions.sql.values import TYPES, missing, sql, typed
from loomwork.expressions.to_python import to_python
from loomwork.expressions.tree import (
    USER,
    Aggregate,
    Changed,
    Field,
    Given,
    Literal,
    Node,
    Operator,
    Parameter,
    children,
    kind_of,
    walk,
)
from loomwork.model.kinds import Kind

THIS = "this"
USER_NAME = "_user"
ROUNDING = {
    Operator.LESS: ROUND_CEILING,
    Operator.AT_MOST: ROUND_FLOOR,
    Operator.MORE: ROUND_FLOOR,
    Operator.AT_LEAST: ROUND_CEILING,
}
"""To which neighbour a number goes that lies between two of a column, by its comparison."""
FARTHEST = 2**62
"""More than columns of whole or scaled numbers keep, and still within 64 bits."""

Compute = Callable[[Context, Mapping[str, Any]], Any]
Convert = Callable[[Any], Any]


class Binder:
    """Binds what depends on no row of the statement."""

    def __init__(self, source: Source, engine: str, prefix: str, depth: int = 0) -> None:
        self.source = source
        self.engine = engine
        self.prefix = prefix
        self.depth = depth
        """How many levels of the expression lie around the present part."""
        self._free: dict[int, tuple[Node, bool]] = {}
        self._heights: dict[int, tuple[Node, int]] = {}

    def free(self, node: Node) -> bool:
        """Tell whether ``node`` is the same for every row."""
        known = self._free.get(id(node))
        if known is None:
            # The node is kept, so that no other one gets its id.
            known = self._free[id(node)] = (node, self._is_free(node))
        return known[1]

    def _is_free(self, node: Node) -> bool:
        if isinstance(node, Field):
            return node.root == THIS and self.source.outer is None
        if isinstance(node, Aggregate | Changed):
            return False
        return all(map(self.free, children(node)))

    def height(self, node: Node) -> int:
        """Return how many levels ``node`` has in the statement; what is bound has none."""
        known = self._heights.get(id(node))
        if known is None:
            parts = () if self.free(node) else children(node)
            levels = 1 + max(map(self.height, parts)) if parts else 0
            known = self._heights[id(node)] = (node, levels)
        return known[1]

    def bound(self, node: Node, convert: Convert | None = None) -> Element:
        """Return a free value in the form of computed ones."""
        kind = kind_of(node)
        if isinstance(node, Literal) and convert is None:
            return self._literal(node)
        if isinstance(node, Parameter) and convert is None:
            name = parameter_name(node.index, self.prefix)
            return self._typed(kind, sa.bindparam(name, type_=TYPES[kind]), SOURCE)
        return self._typed(kind, self._computed(node, TYPES[kind], convert), LONGEST)

    def _literal(self, node: Literal) -> Element:
        kind, value = node.kind, node.value
        if value is None:
            return missing(kind, self.engine)
        if kind is Kind.BOOLEAN:
            return sql(kind, self.truth(bool(value)))
        bind = sa.bindparam("literal", value, type_=TYPES[kind], unique=True)
        return self._typed(kind, bind, SOURCE)

    def _typed(self, kind: Kind, bind: Element, longest: int) -> Element:
        value = typed(kind, self.engine, bind)
        return sql(kind, "{0}", value, bound=longest) if kind is Kind.TEXT else value

    def truth(self, value: bool) -> str:
        """Return how the engine writes a boolean value."""
        if self.engine == POSTGRESQL:
            return "true" if value else "false"
        return "1" if value else "0"

    def beside(self, node: Node, operator: Operator, field: Field, column: Element) -> Element:
        """Return a free value as the column takes it that it is compared with."""
        type_: sa.types.TypeEngine[Any] = column.type
        if isinstance(node, Literal):
            if node.value is None:
                return missing(node.kind, self.engine)
            if node.kind is Kind.BOOLEAN:
                return sa.true() if node.value else sa.false()
            value = column_value(field, node.value)
            return sa.bindparam("literal", value, type_=type_, unique=True)
        if isinstance(node, Parameter):
            return sa.bindparam(parameter_name(node.index, self.prefix), type_=type_)
        if field.kind is not Kind.NUMBER:
            return self._computed(node, type_)
        if field.places is not None and self.engine == POSTGRESQL:
            # The column's own type would round the number.
            return sql(Kind.NUMBER, "CAST({0} AS NUMERIC)", self._computed(node, sa.Numeric()))
        return self._computed(node, type_, fitted(operator, field.places))

    def _computed(
        self, node: Node, type_: sa.types.TypeEngine[Any], convert: Convert | None = None
    ) -> Element:
        bind = ContextBind("given", type_=type_, unique=True)
        if node == USER and convert is None:
            # The commonest one has one name, however often it is asked for.
            bind = ContextBind(USER_NAME, type_=type_)
        bind.compute = computing(node, self.prefix, convert)
        return bind


def computing(node: Node, prefix: str, convert: Convert | None) -> Compute:
    """Return what finds out a free value from the context and the values of lifted literals."""
    has_parameters = any(isinstance(part, Parameter) for part in walk(node))
    value = to_python(_named(node, prefix) if has_parameters else node)

    def compute(context: Context, values: Mapping[str, Any]) -> Any:
        if has_parameters:
            given: Any = ChainMap(values, context.given)  # type: ignore[arg-type]
            context = replace(context, given=given)
        found = value(NOTHING, context)
        return found if convert is None else convert(found)

    return compute


def _named(node: Node, prefix: str) -> Node:
    """Return ``node`` with its parameters as given values of their names."""
    if isinstance(node, Parameter):
        return Given(parameter_name(node.index, prefix), node.kind)
    return rebuilt(node, lambda part: _named(part, prefix))


def fitted(operator: Operator, places: int | None) -> Convert:
    """Return the function from a number to one that the column can be compared with instead.

    None (nothing equals it) where an equality asks for what the column cannot hold.
    """
    step = -(places or 0)

    def fit(value: Decimal | int | None) -> Decimal | int | None:
        if value is None:
            return None
        scaled = Decimal(value).scaleb(-step, EXACT)
        whole = scaled.to_integral_value(ROUNDING.get(operator, ROUND_FLOOR), EXACT)
        if operator is Operator.EQUAL and (whole != scaled or abs(whole) > FARTHEST):
            return None
        cut = max(-FARTHEST, min(FARTHEST, int(whole)))
        return cut if places is None else Decimal(cut).scaleb(step, EXACT)

    return fit
