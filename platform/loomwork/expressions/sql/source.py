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


class Set(Protocol):
    """The table of a field with many values: ``record``, ``position``, ``value``."""

    @property
    def table(self) -> sa.Table:
        """Return the table."""


class Tables(Protocol):
    """The table of an entity; its columns have the fields' names as keys."""

    @property
    def table(self) -> sa.Table:
        """Return the table."""

    @property
    def sets(self) -> Mapping[str, Set]:
        """Return the tables of the fields with many values."""


class Row:
    """The columns of one occurrence of an entity's table, and the tables of its many values."""

    __slots__ = ("_kept", "_rows")

    def __init__(self, kept: Tables, rows: FromClause) -> None:
        self._kept = kept
        self._rows = rows

    def __call__(self, key: str) -> ColumnElement[Any]:
        """Return the column of a key."""
        return self._rows.c[key]

    def values(self, key: str) -> tuple[FromClause, ColumnElement[bool]]:
        """Return a new alias of the table of a field's many values, and which are the row's."""
        if key not in self._kept.sets:
            raise unsupported(key)
        alias = self._kept.sets[key].table.alias()
        return alias, alias.c.record == self._rows.c["id"]


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
        self._records: dict[tuple[Step, ...], Reached] = {}

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

    def reached(self, path: tuple[Step, ...], predicate: Predicate) -> "Reached":
        """Return the record at the end of ``path`` as one whose own fields are worked out.

        How that is done is the metadata's: it sees every record, whatever the caller may read.
        """
        found = self._records.get(path)
        if found is None:
            found = self._records[path] = Reached(self, self.at(path, predicate))
        return found

    def _join(self, path: tuple[Step, ...], predicate: Predicate) -> Columns:
        near = self.at(path[:-1], predicate)
        target, right, visible = self.records(path[-1].entity, predicate)
        self.join(right, sa.and_(target.c["id"] == near(path[-1].field), visible))
        return Row(self.tables[path[-1].entity], target)

    def join(self, right: FromClause, condition: ColumnElement[bool]) -> None:
        """Add a table to what the statement reads from."""
        self._joined = self.joined.outerjoin(right, condition)

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
        reader = Source(Row(self.tables[entity], alias), base=alias, tables=self.tables)
        visible = sa.and_(visible, predicate(reader, right))
        return alias, reader.joined, visible

    def inside(self, columns: Columns, base: FromClause) -> "Source":
        """Return the source of the records of an aggregate over this one's."""
        return Source(columns, base=base, tables=self.tables, readable=self.readable, outer=self)


class Reached(Source):
    """A record of another source's statement; what it joins is joined there."""

    def __init__(self, statement: Source, columns: Columns) -> None:
        super().__init__(columns, tables=statement.tables)
        self._statement = statement

    @property
    def joined(self) -> FromClause:
        """Return what the whole statement reads from."""
        return self._statement.joined

    def join(self, right: FromClause, condition: ColumnElement[bool]) -> None:
        """Add a table to what the whole statement reads from."""
        self._statement.join(right, condition)
