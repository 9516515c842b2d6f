"""Where the columns of a record, and of the records around it, come from in a statement."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeAlias

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.sql.selectable import FromClause

from loomwork.errors import N_, ExpressionError, Problem
from loomwork.expressions.tree import TRUE, Node, Step

Columns: TypeAlias = Callable[[str], ColumnElement[Any]]
Readable: TypeAlias = Callable[[str], Node]
"""The rows of an entity that the caller may read."""
Predicate: TypeAlias = Callable[["Source", Node], ColumnElement[bool]]
UNSUPPORTED = N_("The database cannot compute “{name}”.")
ALIVE = "live"


class Tables(Protocol):
    """The table of an entity; its columns have the fields' names as keys."""

    @property
    def table(self) -> sa.Table:
        """Return the table."""


def unsupported(name: str) -> ExpressionError:
    """Return the error for what only Python can compute."""
    return ExpressionError(
        problems=(Problem(code="unsupported", text=UNSUPPORTED, context={"name": name}),)
    )


class Source:
    """A record's columns, and the tables joined to it for the paths of one statement.

    ``outer`` is the source of the record outside, inside an aggregate. Where ``readable`` is given
    the expression is a caller's: of the records around he sees those that he may read. ``tables``
    are needed for paths and aggregates only; ``base`` is what the first of the joins is added to.
    """

    def __init__(
        self,
        columns: Columns,
        *,
        base: FromClause | None = None,
        tables: Mapping[str, Tables] | None = None,
        readable: Readable | None = None,
        outer: "Source | None" = None,
    ) -> None:
        self.columns = columns
        self.tables = tables or {}
        self.readable = readable
        self.outer = outer
        self._joined = base
        self._reached: dict[tuple[Step, ...], Columns] = {}

    @property
    def joined(self) -> FromClause:
        """Return what the statement reads from: the base and all that was joined to it."""
        if self._joined is None:
            raise TypeError("this source has no tables")
        return self._joined

    def at(self, path: tuple[Step, ...], predicate: Predicate) -> Columns:
        """Return the columns of the record at the end of ``path``; they are NULL without one.

        ``predicate`` translates a caller's right to read.
        """
        if not path:
            return self.columns
        found = self._reached.get(path)
        if found is None:
            found = self._reached[path] = self._join(path, predicate)
        return found

    def _join(self, path: tuple[Step, ...], predicate: Predicate) -> Columns:
        near = self.at(path[:-1], predicate)
        target, right, visible = self.records(path[-1].entity, predicate)
        condition = sa.and_(target.c["id"] == near(path[-1].field), visible)
        self._joined = self.joined.outerjoin(right, condition)
        return target.c.__getitem__

    def records(
        self, entity: str, predicate: Predicate
    ) -> tuple[FromClause, FromClause, ColumnElement[bool]]:
        """Return a new alias of an entity's table, what to read it from, and what rows exist.

        Both come with the caller's right to read, which may look at further tables itself.
        """
        if entity not in self.tables:
            raise unsupported(entity)
        alias = self.tables[entity].table.alias()
        visible: ColumnElement[bool] = alias.c[ALIVE] == sa.literal_column("1")
        right = TRUE if self.readable is None else self.readable(entity)
        if right == TRUE:
            return alias, alias, visible
        reader = Source(alias.c.__getitem__, base=alias, tables=self.tables)
        visible = sa.and_(visible, predicate(reader, right))
        return alias, reader.joined, visible

    def inside(self, columns: Columns, base: FromClause) -> "Source":
        """Return the source of the records of an aggregate over this one's."""
        return Source(columns, base=base, tables=self.tables, readable=self.readable, outer=self)
