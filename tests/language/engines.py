"""The test world in the databases, and what statements over it give there."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import make_url
from sqlalchemy.engine import Connection

from loomwork.expressions.context import Context
from loomwork.expressions.lift import lift, parameters
from loomwork.expressions.sql.source import Source
from loomwork.expressions.to_sql import bound_values, to_sql, value_sql
from loomwork.expressions.tree import Node
from loomwork.store.columns import assign_columns
from loomwork.store.engine import Database, connect
from loomwork.store.types import StoredType, engine_name
from tests.language.oracle import is_live
from tests.language.world import ENTITIES, World


def world_tables() -> Mapping[str, sa.Table]:
    """Return a table for each entity of the world, with the columns that the store would make."""
    columns, _ = assign_columns(ENTITIES.values(), {})
    metadata = sa.MetaData()
    found: dict[str, sa.Table] = {}
    for need, name in columns.items():
        table = found.setdefault(need.entity, sa.Table(f"w_{need.entity}", metadata))
        column: sa.Column[Any] = sa.Column(
            name, StoredType(need.storage), key=need.field, primary_key=need.field == "id"
        )
        table.append_column(column)
    for entity, table in found.items():
        table.append_column(sa.Column("live", sa.SmallInteger))
        for name in ENTITIES[entity].links:
            sa.Index(f"{table.name}__{name}", table.c[name])
    return found


@dataclass(frozen=True)
class Reading:
    """The tables of an entity, as `Source` takes them."""

    table: sa.Table


@dataclass(frozen=True)
class WorldOnEngine:
    """A world in a database that statements can be run in."""

    connection: Connection
    tables: Mapping[str, sa.Table]

    @property
    def engine(self) -> str:
        """Return ``sqlite``, ``postgresql`` or ``mariadb``."""
        return engine_name(self.connection.dialect)

    def source(self, entity: str, **options: Any) -> Source:
        """Return the source of an entity's records."""
        table = self.tables[entity]
        readings = {name: Reading(one) for name, one in self.tables.items()}
        return Source(table.c.__getitem__, base=table, tables=readings, **options)

    def matches(self, node: Node, entity: str, context: Context, **options: Any) -> set[UUID]:
        """Return the ids of the records for which ``node`` is true, with its literals lifted."""
        shape, values = lift(node)
        source = self.source(entity, **options)
        condition = to_sql(shape, source, dialect=self.engine)
        return {row[0] for row in self._rows(source, entity, (), condition, values, context)}

    def values(self, node: Node, entity: str, context: Context) -> Mapping[UUID, Any]:
        """Return the value of ``node`` for each record, by its id."""
        shape, values = lift(node, value=True)
        source = self.source(entity)
        value = value_sql(shape, source, dialect=self.engine)
        rows = self._rows(source, entity, (value.label("value"),), sa.true(), values, context)
        return {row[0]: row[1] for row in rows}

    def _rows(
        self,
        source: Source,
        entity: str,
        selected: Sequence[Any],
        condition: Any,
        values: Sequence[Any],
        context: Context,
    ) -> Sequence[Any]:
        statement = sa.select(self.tables[entity].c["id"], *selected)
        statement = statement.select_from(source.joined).where(condition)
        compiled = statement.compile(self.connection)
        bound = bound_values(compiled, parameters(values, context))
        return self.connection.execute(statement, bound).all()


def open_database(url: str) -> Database:
    """Return a database as the platform connects to it."""
    found = make_url(url)
    return connect(found.set(drivername=found.drivername.replace("mysql+", "mariadb+")))


@contextmanager
def world_on(url: str, world: World) -> Iterator[WorldOnEngine]:
    """Give the world in a database, in a transaction that is rolled back."""
    database = open_database(url)
    tables = world_tables()
    with database.writer.connect() as connection:
        next(iter(tables.values())).metadata.drop_all(connection)
        next(iter(tables.values())).metadata.create_all(connection)
        for entity, table in tables.items():
            keys = [column.key for column in table.c if column.key != "live"]
            rows = [
                {**{key: row.get(key) for key in keys}, "live": 1 if is_live(row) else None}
                for row in world.all(entity)
            ]
            connection.execute(table.insert(), rows)
        connection.commit()
        yield WorldOnEngine(connection, tables)
    database.dispose()
