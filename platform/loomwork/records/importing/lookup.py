"""Looking records up by the values of a field, as far as the actor may read them."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from loomwork.expressions.lift import parameters
from loomwork.expressions.to_sql import to_sql
from loomwork.model.actor import Actor
from loomwork.records.runtime import Runtime
from loomwork.store.transaction import Transaction


class Lookup:
    """Finds live records of one entity that one actor may read."""

    def __init__(
        self, runtime: Runtime, transaction: Transaction, actor: Actor, entity: str
    ) -> None:
        self._columns: Mapping[str, sa.Column[Any]] = runtime.tables[entity].columns
        self._connection = transaction.connection
        readable = runtime.policy.rights(actor).rule(entity, "read").node
        self._condition = sa.and_(
            runtime.tables[entity].table.c.live == 1,
            to_sql(readable, self._columns.__getitem__, dialect=transaction.engine),
        )
        self._values = parameters((), actor.user)

    def by(self, field: str, values: Collection[object]) -> Iterator[tuple[Any, UUID]]:
        """Yield the value and the id of each record that has one of ``values``."""
        column = self._columns[field]
        statement = sa.select(column, self._columns["id"]).where(
            column.in_(list(values)), self._condition
        )
        # The condition names the reader only where it asks for him.
        asked = statement.compile().params.keys() & self._values.keys()
        bound = {name: self._values[name] for name in asked}
        for row in self._connection.execute(statement, bound):
            yield row[0], row[1]
