"""Schema changes: what a Model's tables need that the database does not have yet.

Every step only adds, and is invisible to the running Model, so that readers go on and a kill
between two steps leaves nothing but harmless extras, which the next run finds in place.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, ForeignKeyConstraint, Index, Table
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError, OperationalError

from loomwork.errors import N_, ConflictError
from loomwork.store.engine import Database, is_transient, translated
from loomwork.store.schema import UNIQUE_END, EntityTable
from loomwork.store.types import POSTGRESQL, SQLITE

TRIES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One addition: a ``table``, ``column``, ``foreign_key`` or ``index`` by its name.

    ``fresh`` marks parts of a table that nobody uses yet.
    """

    kind: str
    table: str
    name: str
    fresh: bool = False
    part: Table | Column[object] | ForeignKeyConstraint | Index


def plan_changes(
    database: Database, tables: Mapping[str, EntityTable], known: Iterable[str]
) -> list[Step]:
    """Return what is missing in the database; ``known`` are the entities with tables of ours.

    Raises ConflictError for a table of that name that another program made.
    """
    with translated(), database.reader.connect() as connection:
        inspector = sa.inspect(connection)
        present = set(inspector.get_table_names())
        foreign = sorted((present & set(tables)) - set(known))
        if foreign:
            raise ConflictError(
                N_("The database already has a table “{table}” that is not of this site."),
                table=foreign[0],
            )
        broken = _broken_indexes(connection, database.name)
        steps: list[Step] = []
        for name, entity_table in tables.items():
            if name in present:
                steps += _missing_parts(inspector, entity_table.table, database.name, broken)
            else:
                steps += _whole_table(entity_table.table, database.name)
    return sorted(steps, key=lambda step: ORDER.index(step.kind))


ORDER = ("table", "column", "foreign_key", "index")


def _broken_indexes(connection: Connection, engine: str) -> frozenset[str]:
    """Return PostgreSQL's indexes whose concurrent build was cut off: they serve no reader."""
    if engine != POSTGRESQL:
        return frozenset()
    invalid = "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid"
    found = connection.exec_driver_sql(invalid).scalars()
    return frozenset(name.rpartition(".")[2].strip('"') for name in found)


def _whole_table(table: Table, engine: str) -> Iterator[Step]:
    yield Step(kind="table", table=table.name, name=table.name, fresh=True, part=table)
    for step in _loose_parts(table, engine):
        yield replace(step, fresh=True)


def _loose_parts(table: Table, engine: str) -> Iterator[Step]:
    """Yield what is added after the table: indexes, and foreign keys, which may form circles.

    SQLite knows foreign keys only inside the table or column, but lets them name later tables.
    """
    if engine != SQLITE:
        for key in table.foreign_key_constraints:
            yield Step(kind="foreign_key", table=table.name, name=str(key.name), part=key)
    for index in table.indexes:
        yield Step(kind="index", table=table.name, name=str(index.name), part=index)


def _missing_parts(
    inspector: sa.Inspector, table: Table, engine: str, broken: frozenset[str]
) -> Iterator[Step]:
    columns = {column["name"] for column in inspector.get_columns(table.name)}
    for column in table.columns:
        if column.name not in columns:
            yield Step(kind="column", table=table.name, name=column.name, part=column)
    present = {
        str(index["name"])
        for index in inspector.get_indexes(table.name)
        if str(index["name"]) not in broken
    }
    present |= {str(key["name"]) for key in inspector.get_foreign_keys(table.name)}
    for step in _loose_parts(table, engine):
        if step.name not in present:
            yield step


def drop_stale_uniques(database: Database, tables: Mapping[str, EntityTable]) -> None:
    """Drop the unique indexes of fields that are not unique any more."""
    with translated(), database.reader.connect() as connection:
        inspector = sa.inspect(connection)
        stale = [
            (name, str(index["name"]))
            for name, entity_table in tables.items()
            for index in inspector.get_indexes(name)
            if index["unique"]
            and str(index["name"]).endswith(UNIQUE_END)
            and index["name"] not in entity_table.uniques
        ]
    for table, index in stale:
        with database.transaction() as connection:
            operations = Operations(MigrationContext.configure(connection))
            operations.drop_index(index, table_name=table)


def apply_changes(database: Database, steps: Iterable[Step]) -> None:
    """Carry out the steps, each in a transaction of its own."""
    for step in steps:
        for attempt in range(TRIES):
            try:
                _apply(database, step)
                break
            except IntegrityError as error:
                _drop_index(database, step)
                raise ConflictError(
                    N_("“{index}” cannot be made: some records have equal values there."),
                    index=step.name,
                ) from error
            except OperationalError as error:
                if not is_transient(error) or attempt == TRIES - 1:
                    raise
                time.sleep(0.1)


def _drop_index(database: Database, step: Step) -> None:
    """Drop what is left of an index that could not be built; only PostgreSQL leaves something."""
    if database.name == POSTGRESQL and step.kind == "index":
        with translated(), database.reader.connect() as connection:
            quoted = connection.dialect.identifier_preparer.quote(step.name)
            connection.exec_driver_sql(f"DROP INDEX CONCURRENTLY IF EXISTS {quoted}")


def _apply(database: Database, step: Step) -> None:
    if database.name == POSTGRESQL and step.kind == "index" and not step.fresh:
        # Outside a transaction, so that writers go on while the index grows.
        with translated(), database.reader.connect() as connection:
            _create_index(connection, step, concurrently=True)
        return
    with database.transaction() as connection:
        if database.name == POSTGRESQL:
            # A long reader must not make others queue behind us.
            connection.exec_driver_sql("SET LOCAL lock_timeout = '200ms'")
        operations = Operations(MigrationContext.configure(connection))
        if isinstance(step.part, Table):
            _create_table(connection, step.part, database.name)
        elif isinstance(step.part, Column):
            column = _addable(step.part, database.name)
            operations.add_column(step.table, column, inline_references=True)
        elif isinstance(step.part, ForeignKeyConstraint):
            _add_foreign_key(operations, step.part, database.name)
        else:
            _create_index(connection, step, concurrently=False)


def _create_table(connection: Connection, table: Table, engine: str) -> None:
    keys: list[ForeignKeyConstraint] | None = None if engine == SQLITE else []
    options = ""
    statement = sa.schema.CreateTable(table, include_foreign_key_constraints=keys)
    if engine not in (SQLITE, POSTGRESQL):
        options = " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin"
    connection.exec_driver_sql(
        str(statement.compile(dialect=connection.dialect)).rstrip() + options
    )


def _addable(column: Column[object], engine: str) -> Column[object]:
    """Return a copy of the column for ADD COLUMN: nullable, and on SQLite with its foreign key."""
    keys = [
        sa.ForeignKey(f"{element.column.table.name}.id")
        for key in column.table.foreign_key_constraints
        if engine == SQLITE and key.column_keys == [column.key]
        for element in key.elements
    ]
    return Column(column.name, column.type, *keys, nullable=True)


def _add_foreign_key(operations: Operations, key: ForeignKeyConstraint, engine: str) -> None:
    table, target = key.table.name, key.elements[0].column.table.name
    columns = [column.name for column in key.columns]
    options: dict[str, Any] = {"postgresql_not_valid": True} if engine == POSTGRESQL else {}
    operations.create_foreign_key(str(key.name), table, target, columns, ["id"], **options)
    if engine == POSTGRESQL:
        quote = operations.get_bind().dialect.identifier_preparer.quote
        operations.execute(f"ALTER TABLE {quote(table)} VALIDATE CONSTRAINT {quote(str(key.name))}")


def _create_index(connection: Connection, step: Step, *, concurrently: bool) -> None:
    index = step.part
    if not isinstance(index, Index):
        raise TypeError(f"{step.name} is not an index")
    statement = str(sa.schema.CreateIndex(index).compile(dialect=connection.dialect))
    if concurrently:
        statement = statement.replace("INDEX", "INDEX CONCURRENTLY", 1)
        quoted = connection.dialect.identifier_preparer.quote(step.name)
        # A build that was cut off leaves an invalid index of that name behind.
        connection.exec_driver_sql(f"DROP INDEX CONCURRENTLY IF EXISTS {quoted}")
    connection.exec_driver_sql(statement)
