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
from loomwork.expressions.sql.source import Row, Source
from loomwork.expressions.to_sql import bound_values, to_sql, value_sql
from loomwork.expressions.tree import Node
from loomwork.model.storage import Storage
from loomwork.store.engine import Database, connect
from loomwork.store.schema.columns import assign_columns
from loomwork.store.types import StoredType, engine_name, uuid
from tests.language.oracle import is_live
from tests.language.world import ENTITIES, World


def world_tables() -> Mapping[str, sa.Table]:
    """Return a table for each entity of the world, with the columns that the store would make."""
    columns, _ = assign_columns(ENTITIES.values(), {})
    metadata = sa.MetaData()
    found: dict[str, sa.Table] = {}
    for need, name in columns.items():
        if need.many:
            continue
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
class Many:
    """The table of a field's many values, as `Source` takes it."""

    table: sa.Table


@dataclass(frozen=True)
class Reading:
    """The tables of an entity, as `Source` takes them."""

    table: sa.Table
    sets: Mapping[str, Many]


def readings_of(tables: Mapping[str, sa.Table]) -> Mapping[str, Reading]:
    """Return the tables of the world with those of their many values, made once."""
    return {
        entity: Reading(
            table,
            {
                name: Many(_set_table(table, name, member.type.storage))
                for name, member in ENTITIES[entity].fields.items()
                if member.type.many
            },
        )
        for entity, table in tables.items()
    }


def _set_table(table: sa.Table, name: str, storage: Storage) -> sa.Table:
    return sa.Table(
        f"{table.name}__{name}",
        table.metadata,
        sa.Column("record", uuid(), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("value", StoredType(storage)),
        extend_existing=True,
    )


@dataclass(frozen=True)
class WorldOnEngine:
    """A world in a database that statements can be run in."""

    connection: Connection
    tables: Mapping[str, sa.Table]
    readings: Mapping[str, Reading]

    @property
    def engine(self) -> str:
        """Return ``sqlite``, ``postgresql`` or ``mariadb``."""
        return engine_name(self.connection.dialect)

    def source(self, entity: str, **options: Any) -> Source:
        """Return the source of an entity's records."""
        table, readings = self.tables[entity], self.readings
        return Source(Row(readings[entity], table), base=table, tables=readings, **options)

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


def _many_rows(rows: Sequence[Mapping[str, Any]], name: str) -> list[dict[str, Any]]:
    return [
        {"record": row["id"], "position": position, "value": value}
        for row in rows
        for position, value in enumerate(row[name] or ())
    ]


def open_database(url: str) -> Database:
    """Return a database as the platform connects to it."""
    found = make_url(url)
    return connect(found.set(drivername=found.drivername.replace("mysql+", "mariadb+")))


@contextmanager
def world_on(url: str, world: World) -> Iterator[WorldOnEngine]:
    """Give the world in a database, in a transaction that is rolled back."""
    database = open_database(url)
    tables = world_tables()
    readings = readings_of(tables)
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
            for name, many in readings[entity].sets.items():
                connection.execute(many.table.insert(), _many_rows(world.all(entity), name))
        connection.commit()
        yield WorldOnEngine(connection, tables, readings)
    database.dispose()
