"""From the tree to SQL that means the same on SQLite, PostgreSQL and MariaDB."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.sql.compiler import SQLCompiler

from loomwork.expressions.lift import CONTEXT
from loomwork.expressions.normalise import normalise, normalise_value
from loomwork.expressions.sql.conditions import Conditions
from loomwork.expressions.sql.element import ContextBind
from loomwork.expressions.sql.source import Columns, Source
from loomwork.expressions.sql.values import engine_of
from loomwork.expressions.tree import Node


def to_sql(
    node: Node, source: Source | Columns, *, dialect: str, prefix: str = "p"
) -> ColumnElement[bool]:
    """Return the predicate that is true for exactly those rows for which ``node`` is.

    For the others it is false **or NULL**: put it under WHERE, AND and OR, never under NOT (negate
    the tree instead). ``source`` gives the columns; a function from field to column is enough for
    a tree without paths and aggregates. With a `Source`, select from its ``joined`` afterwards.
    The parameters of a lifted tree, and all else that no row decides, are bound by `bound_values`.
    ``prefix`` keeps several lifted trees in one statement apart.
    """
    return _translation(source, dialect, prefix).condition(normalise(node))


def value_sql(
    node: Node, source: Source | Columns, *, dialect: str, prefix: str = "p"
) -> ColumnElement[Any]:
    """Return the value of ``node``, NULL where it is missing; its type reads it as Python's.

    As with `to_sql`; the statement has to say itself what it selects from.
    """
    return _translation(source, dialect, prefix).value(normalise_value(node))


def bound_values(compiled: SQLCompiler, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a compiled statement has places for, from what `parameters` has given."""
    found: dict[str, Any] = {}
    for bind, name in compiled.bind_names.items():
        if isinstance(bind, ContextBind):
            found[name] = bind.compute(values[CONTEXT], values)
        elif name in values:
            found[name] = values[name]
    return found


def _translation(source: Source | Columns, dialect: str, prefix: str) -> Conditions:
    found = source if isinstance(source, Source) else Source(source)
    return Conditions(found, engine_of(dialect), prefix)
