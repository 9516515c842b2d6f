"""What is asked of the records that link to one: subqueries, so that no row is multiplied."""

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.sql.selectable import FromClause

from loomwork.expressions.semantics.times import LONGEST
from loomwork.expressions.sql.element import POSTGRESQL, SQLITE, Element, Part, Sql
from loomwork.expressions.sql.numbers import ONE, guarded, of_integer
from loomwork.expressions.sql.source import ALIVE, Row
from loomwork.expressions.sql.times import within
from loomwork.expressions.sql.values import sql
from loomwork.expressions.tree import Aggregate, Field, Node
from loomwork.model.kinds import Kind

if TYPE_CHECKING:
    from loomwork.expressions.sql.translation import Translation

AMONG = "({0} IN (SELECT {1} FROM {2} WHERE {3}))"
EXISTING = " (SELECT 1 FROM {0} WHERE {1})"
SELECTED = "(SELECT {0} FROM {1} WHERE {2})"
EXACTLY = "1.0000000000"
"""Gives MariaDB's average places enough that rounding it to none is rounding it once."""
FIRST = "(SELECT {0} FROM {1} WHERE {2} ORDER BY {order} LIMIT 1)"


def exists(outside: "Translation", node: Aggregate, *, negated: bool) -> Element:
    """Return whether any of the records fits, or whether all of them do."""
    every = node.function == "all"
    _, read, condition = _records(outside, node, opposite=every)
    word = "NOT EXISTS" if every is not negated else "EXISTS"
    return sql(Kind.BOOLEAN, word + EXISTING, read, condition)


def among(outside: "Translation", value: Element, collection: Field) -> Element:
    """Return whether a value is one of the many of a field of a row."""
    kept, own = outside.many(collection)
    return sql(Kind.BOOLEAN, AMONG, value, kept.c.value, kept, own)


def empty(outside: "Translation", collection: Field, *, negated: bool) -> Element:
    """Return whether a field of a row has none of its many values."""
    kept, own = outside.many(collection)
    word = "EXISTS" if negated else "NOT EXISTS"
    return sql(Kind.BOOLEAN, word + EXISTING, kept, own)


def related(outside: "Translation", node: Aggregate) -> Element:
    """Return the value of an aggregate that has one."""
    engine = outside.engine
    if node.function == "first":
        return _first(outside, node)
    value, read, condition = _records(outside, node)
    if value is None:
        return of_integer(engine, "(SELECT count(*) FROM {0} WHERE {1})", read, condition)
    if node.kind is Kind.DURATION and node.function in ("sum", "avg"):
        return _of_durations(engine, node.function, value, read, condition)
    template = SELECTED.replace("{0}", _form(engine, node.function))
    found = sql(node.kind, template, value, read, condition)
    return guarded(engine, found) if node.function == "sum" and engine != SQLITE else found


def _form(engine: str, function: str) -> str:
    if function in ("min", "max"):
        return f"{function}({{0}})"
    if engine == SQLITE:
        # Without a row the driver does not even begin an aggregate.
        return "lw_total(lw_sum({0}))" if function == "sum" else "lw_avg({0})"
    if function == "sum":
        return "coalesce(sum({0}), 0)"
    # The average is cut to the places of what it is taken of.
    return f"round(avg({{0}} * {ONE}), 10)" if engine == POSTGRESQL else "round(avg({0}), 10)"


def _of_durations(
    engine: str, function: str, value: Element, read: Part, condition: Element
) -> Element:
    """Return a total of durations: whole microseconds on every engine, not numbers of ours."""
    if engine == SQLITE:
        # The engine's own sum fails beyond 64 bits.
        of_all = {"sum": "lw_duration_total(lw_duration_sum({0}))", "avg": "lw_duration_avg({0})"}
        form = of_all[function]
    elif function == "sum":
        form = "coalesce(sum({0}), 0)"
    else:
        form = f"round(avg({{0}} * {ONE if engine == POSTGRESQL else EXACTLY}), 0)"
    template = SELECTED.replace("{0}", form)
    found = sql(Kind.DURATION, template, value, read, condition)
    return found if engine == SQLITE else within(engine, Kind.DURATION, found, -LONGEST, LONGEST)


def _records(
    outside: "Translation", node: Aggregate, *, opposite: bool = False
) -> tuple[Element | None, Part, Element]:
    """Return the value of each record, what the records are read from, and which they are."""
    inside, target, conditions = _inside(outside, node, opposite=opposite)
    value = None if node.value is None else inside.value(node.value)
    if value is not None and not _is_own(node.value):
        # The function of a value that names only rows outside would be theirs, not of this query.
        value = sql(node.kind, "CASE WHEN {1} = 1 THEN {0} END", value, target.c[ALIVE])
    return value, inside.source.joined, sa.and_(*conditions)


def _inside(
    outside: "Translation", node: Aggregate, *, opposite: bool = False
) -> tuple["Translation", FromClause, list[Element]]:
    """Return what translates over the records, their table, and which they are."""
    place = outside.place(node.root)
    target, read, visible = place.records(node.entity, outside.predicate)
    source = outside.source.inside(Row(outside.source.tables[node.entity], target), read)
    inside = type(outside)(source, outside.engine, outside.prefix, outside.depth)
    conditions = [visible]
    if node.link:
        # The link itself says which record it is, whether or not that can be read.
        own = node.path[-1].field if node.path else "id"
        owner = place.at(node.path[:-1], outside.predicate)(own)
        conditions.insert(0, target.c[node.link] == owner)
    if node.where is not None:
        conditions.append(inside.condition(node.where, negated=opposite))
    return inside, target, conditions


def _first(outside: "Translation", node: Aggregate) -> Element:
    """Return the value of the record that comes first; what is missing is the smallest."""
    inside, target, conditions = _inside(outside, node)
    if node.value is None:
        raise TypeError("the first record needs a value")
    value = inside.value(node.value)
    keys = [inside.value(key.field) for key in node.sort]
    orders = [
        f"{{{place}}}{_direction(outside.engine, descending=key.descending)}"
        for place, key in enumerate(node.sort, start=4)
    ]
    order = ", ".join((*orders, "{3}"))
    template = FIRST.replace("{order}", order)
    parts = (value, inside.source.joined, sa.and_(*conditions), target.c["id"])
    return sql(node.kind, template, *parts, *keys)


def _direction(engine: str, *, descending: bool) -> str:
    if engine == POSTGRESQL:
        return " DESC NULLS LAST" if descending else " NULLS FIRST"
    return " DESC" if descending else ""


def _is_own(value: Node | None) -> bool:
    return isinstance(value, Field) and value.root == "" and value.derived is None


BELOW = """({0} IN (WITH RECURSIVE below(id) AS (SELECT {1} UNION
SELECT {2} FROM {3}, below WHERE {4} = below.id AND {5}) SELECT id FROM below))"""
CHAIN = """(({0}, {1}) IN (WITH RECURSIVE chain(node, above) AS (SELECT {2}, {2} FROM {3} UNION
SELECT chain.node, {4} FROM {5}, chain WHERE {6} = chain.above AND {4} IS NOT NULL AND {7})
SELECT node, above FROM chain))"""


def under(
    outside: "Translation", value: Element, ancestor: Element, entity: str, parent: str
) -> Sql:
    """Return whether a record is a fixed one or below it."""
    target, read, visible = outside.source.records(entity, outside.predicate)
    id_, link = target.c["id"], target.c[parent]
    return sql(Kind.BOOLEAN, BELOW.replace("\n", " "), value, ancestor, id_, read, link, visible)


def under_any(
    outside: "Translation", value: Element, ancestor: Element, entity: str, parent: str
) -> Sql:
    """Return whether a record is another row's or below it, by all pairs of the tree.

    MariaDB's recursive queries cannot look at the rows outside.
    """
    target, read, visible = outside.source.records(entity, outside.predicate)
    every = outside.source.tables[entity].table.alias()
    id_, link = target.c["id"], target.c[parent]
    return sql(
        Kind.BOOLEAN,
        CHAIN.replace("\n", " "),
        *(value, ancestor, every.c["id"], every, link, read, id_, visible),
    )
