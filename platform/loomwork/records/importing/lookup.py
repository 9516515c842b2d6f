"""Looking records up by the values of a field, as far as the actor may read them."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from loomwork.expressions.lift import parameters
from loomwork.expressions.sql.source import Row, Source
from loomwork.expressions.to_sql import bound_values, to_sql
from loomwork.model.actor import Actor
from loomwork.records.context import context_of
from loomwork.records.runtime import Runtime
from loomwork.store.transaction import Transaction


class Lookup:
    """Finds live records of one entity that one actor may read."""

    def __init__(
        self, runtime: Runtime, transaction: Transaction, actor: Actor, entity: str
    ) -> None:
        table = runtime.tables[entity]
        self._columns: Mapping[str, sa.Column[Any]] = table.columns
        self._connection = transaction.connection
        readable = runtime.policy.rights(actor).rule(entity, "read").node
        source = Source(Row(table, table.table), base=table.table, tables=runtime.tables)
        predicate = to_sql(readable, source, dialect=transaction.engine)
        self._condition = sa.and_(table.table.c.live == 1, predicate)
        self._from = source.joined
        self._values = parameters((), context_of(runtime, actor, transaction))

    def by(self, field: str, values: Collection[object]) -> Iterator[tuple[Any, UUID]]:
        """Yield the value and the id of each record that has one of ``values``."""
        column = self._columns[field]
        statement = (
            sa.select(column, self._columns["id"])
            .select_from(self._from)
            .where(column.in_(list(values)), self._condition)
        )
        # The condition names the reader only where it asks for him.
        compiled = statement.compile(dialect=self._connection.dialect)
        bound = bound_values(compiled, self._values)
        for row in self._connection.execute(statement, bound):
            yield row[0], row[1]
