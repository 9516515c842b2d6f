"""The stored records as a new Model sees them, on one connection."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.engine import Connection
from sqlalchemy.sql.selectable import FromClause

from loomwork.expressions.context import Context
from loomwork.expressions.lift import CONTEXT
from loomwork.expressions.sql.source import Row, Source
from loomwork.expressions.to_sql import bound_values, to_sql
from loomwork.expressions.tree import Node
from loomwork.model.derived import DerivedType
from loomwork.model.entity import Field
from loomwork.model.whole import Model
from loomwork.publishing.breaks.seen import LIVE, Seen, Sight
from loomwork.publishing.plan import SAMPLES, Side
from loomwork.store.schema.columns import Stored


class Rows:
    """The live records of an entity in one statement."""

    def __init__(self, data: "LiveData", seen: Seen) -> None:
        self.seen = seen
        self.engine = data.engine
        # The protocol of `Source` speaks of tables; it only ever takes aliases of them.
        self._tables = cast("Mapping[str, Any]", data.tables)
        self.source = Source(
            self.row(seen.entity.name, seen.table), base=seen.table, tables=self._tables
        )

    def row(self, entity: str, table: FromClause) -> Row:
        """Return the columns of one occurrence of an entity's records."""
        return Row(self._tables[entity], table)

    @property
    def live(self) -> ColumnElement[bool]:
        """Return the condition that a record is not deleted."""
        return self.seen.table.c[LIVE] == sa.literal_column("1")

    def column(self, key: str) -> ColumnElement[Any]:
        """Return the value under a key of the new Model."""
        return self.seen.table.c[key]

    def condition(self, node: Node) -> ColumnElement[bool]:
        """Return the predicate that is true where ``node`` is."""
        return to_sql(node, self.source, dialect=self.engine)


class LiveData:
    """What is stored, read through the new Model's eyes, on one connection.

    ``context`` says when and where expressions are computed.
    """

    def __init__(
        self,
        connection: Connection,
        engine: str,
        before: Side | None,
        after: Side,
        stored: Stored,
        context: Context,
    ) -> None:
        self.connection = connection
        self.engine = engine
        self.before = before
        self.after = after
        self.context = context
        self.sight = Sight(engine, before, after, stored)

    @cached_property
    def tables(self) -> Mapping[str, Seen]:
        """Return every entity of the new Model."""
        return {name: self.sight.seen(entity) for name, entity in self.after.model.entities.items()}

    @cached_property
    def model(self) -> Model:
        """Return the new Model, as one that works out every derived value when it is asked for.

        Columns of derived fields may not be there yet, or have values of what they were before.
        """
        entities = {
            name: replace(
                entity, fields={key: _worked_out(field) for key, field in entity.fields.items()}
            )
            for name, entity in self.after.model.entities.items()
        }
        return replace(self.after.model, entities=entities)

    def rows(self, entity: str) -> Rows:
        """Return the records of an entity, for one statement."""
        return Rows(self, self.tables[entity])

    def values(self, statement: sa.Select[Any]) -> list[Any]:
        """Return the rows of a statement, whose expressions know the context."""
        compiled = statement.compile(dialect=self.connection.dialect)
        bound = bound_values(compiled, {CONTEXT: self.context})
        return list(self.connection.execute(statement, bound).all())

    def found(self, rows: Rows, broken: ColumnElement[bool]) -> tuple[int, tuple[str, ...]]:
        """Return how many live records there are for which ``broken`` is true, and some ids."""
        wanted = (rows.live, broken)
        counting = sa.select(sa.func.count()).select_from(rows.source.joined).where(*wanted)
        count = int(self.values(counting)[0][0])
        if not count:
            return 0, ()
        id_ = rows.column("id")
        sampling = sa.select(id_).select_from(rows.source.joined).where(*wanted)
        sample = self.values(sampling.order_by(id_).limit(SAMPLES))
        return count, tuple(str(row[0]) for row in sample)


def _worked_out(field: Field) -> Field:
    type_ = field.type
    return (
        replace(field, type=replace(type_, built=False))
        if isinstance(type_, DerivedType)
        else field
    )
