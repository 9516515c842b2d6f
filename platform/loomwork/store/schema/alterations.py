"""Carrying schema changes out: each in a transaction of its own, without holding others up.

Every change may be repeated: what is there already, or gone already, is left as it is.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, ForeignKeyConstraint, Index, Table
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError, OperationalError

from loomwork.errors import N_, ConflictError, UnavailableError
from loomwork.store.engine import Database, is_transient, translated
from loomwork.store.schema.changes import Drop, Step, has_column, parts_of_column
from loomwork.store.types import MARIADB, POSTGRESQL, SQLITE

Result = TypeVar("Result")
TRIES = 100
PAUSE = 0.1
"""Seconds between two tries to get at a table that others use."""
Guard = Callable[[Connection], None]
"""Is called in the transaction of each change and raises where it must not be made any more."""


class RepeatedError(ConflictError):
    """A unique index cannot be made over values that repeat; ``index`` is its name."""


def add(database: Database, step: Step, guard: Guard) -> None:
    """Carry out an addition. RepeatedError where equal values keep a unique from being made."""
    try:
        patiently(lambda: _add(database, step, guard))
    except IntegrityError as error:
        _drop_broken_index(database, step)
        raise RepeatedError(
            N_("“{index}” cannot be made: some records have equal values there."),
            index=step.name,
        ) from error


def drop(database: Database, what: Drop, guard: Guard) -> None:
    """Carry out a removal."""
    patiently(lambda: _drop(database, what, guard))


def patiently(work: Callable[[], Result]) -> Result:
    """Do ``work``, again while others hold what it needs; UnavailableError when they never let go.

    Trying often and shortly keeps others from queuing behind us.
    """
    for _ in range(TRIES):
        try:
            return work()
        except OperationalError as error:
            if not is_transient(error):
                raise
            held = error
            time.sleep(PAUSE)
    raise UnavailableError(N_("The database is busy. Try again in a moment.")) from held


@contextmanager
def _changing(database: Database, guard: Guard) -> Iterator[tuple[Connection, Operations]]:
    with database.transaction() as connection:
        if database.name == POSTGRESQL:
            connection.exec_driver_sql("SET LOCAL lock_timeout = '200ms'")
        elif database.name == MARIADB:
            connection.exec_driver_sql("SET SESSION lock_wait_timeout = 1")
        guard(connection)
        try:
            yield connection, Operations(MigrationContext.configure(connection))
        finally:
            if database.name == MARIADB and not connection.invalidated:
                connection.exec_driver_sql("SET SESSION lock_wait_timeout = DEFAULT")


def _add(database: Database, step: Step, guard: Guard) -> None:
    if database.name == POSTGRESQL and step.kind == "index" and not step.fresh:
        with database.transaction() as connection:
            guard(connection)
        # Outside a transaction, so that writers go on while the index grows.
        with translated(), database.reader.connect() as connection:
            _create_index(connection, step, concurrently=True)
        return
    with _changing(database, guard) as (connection, operations):
        if isinstance(step.part, Table):
            _create_table(connection, operations, step.part, database.name)
        elif isinstance(step.part, Column):
            if not has_column(connection, step.table, step.name):
                column = _addable(step.part, database.name)
                operations.add_column(step.table, column, inline_references=True)
        elif isinstance(step.part, ForeignKeyConstraint):
            _add_foreign_key(connection, operations, step.part, unchecked=not step.fresh)
        else:
            _create_index(connection, step, concurrently=False)
    if isinstance(step.part, ForeignKeyConstraint) and not step.fresh:
        _validate(database, step.part, guard)


def _create_table(
    connection: Connection, operations: Operations, table: Table, engine: str
) -> None:
    if sa.inspect(connection).has_table(table.name):
        return
    loose = [column for column in table.columns if _is_loose_link(column, engine)]
    made = table
    if loose:
        # A column that is to be dropped one day must not be named in a constraint of the table.
        made = sa.Table(table.name, sa.MetaData(), *_copies(table, loose))
    keys: list[ForeignKeyConstraint] | None = None if engine == SQLITE else []
    statement = sa.schema.CreateTable(made, include_foreign_key_constraints=keys)
    options = ""
    if engine == MARIADB:
        options = " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin"
    connection.exec_driver_sql(
        str(statement.compile(dialect=connection.dialect)).rstrip() + options
    )
    for column in loose:
        operations.add_column(table.name, _addable(column, engine), inline_references=True)


def _is_loose_link(column: Column[Any], engine: str) -> bool:
    linked = any(key.column_keys == [column.key] for key in column.table.foreign_key_constraints)
    return engine == SQLITE and linked and not column.primary_key and bool(column.nullable)


def _copies(table: Table, left_out: list[Column[Any]]) -> Iterator[Column[Any]]:
    for column in table.columns:
        if column not in set(left_out):
            yield Column(
                column.name,
                column.type,
                primary_key=column.primary_key,
                nullable=bool(column.nullable),
            )


def _addable(column: Column[Any], engine: str) -> Column[Any]:
    """Return a copy of the column for ADD COLUMN: nullable, and on SQLite with its foreign key."""
    keys = [
        sa.ForeignKey(f"{element.column.table.name}.id")
        for key in column.table.foreign_key_constraints
        if engine == SQLITE and key.column_keys == [column.key]
        for element in key.elements
    ]
    return Column(column.name, column.type, *keys, nullable=True)


def _add_foreign_key(
    connection: Connection, operations: Operations, key: ForeignKeyConstraint, *, unchecked: bool
) -> None:
    engine = connection.dialect.name
    table, target = key.table.name, key.elements[0].column.table.name
    present = {one["name"] for one in sa.inspect(connection).get_foreign_keys(table)}
    if key.name in present:
        return
    columns = [column.name for column in key.columns]
    options: dict[str, Any] = {"postgresql_not_valid": unchecked} if engine == POSTGRESQL else {}
    if engine == MARIADB:
        # With the check, MariaDB copies the whole table while writers wait.
        connection.exec_driver_sql("SET SESSION foreign_key_checks = 0")
    try:
        operations.create_foreign_key(str(key.name), table, target, columns, ["id"], **options)
    finally:
        if engine == MARIADB:
            connection.exec_driver_sql("SET SESSION foreign_key_checks = 1")


def _validate(database: Database, key: ForeignKeyConstraint, guard: Guard) -> None:
    """Empty links of a column that was out of use and whose records have gone, then check all.

    Of many values, those that name no record any more go. From the moment when the foreign key is
    there, no new ones of that kind can appear.
    """
    column, target = next(iter(key.columns)), key.elements[0].column.table
    with database.transaction() as connection:
        guard(connection)
        found = target.alias("target")
        gone = ~sa.exists().where(found.c.id == column)
        if column.nullable:
            emptied = sa.update(column.table).where(column.is_not(None), gone)
            connection.execute(emptied.values({column: None}))
        else:
            # Only the tables of many values have links that are never empty.
            connection.execute(sa.delete(column.table).where(gone))
        if database.name == POSTGRESQL:
            quote = connection.dialect.identifier_preparer.quote
            connection.exec_driver_sql(
                f"ALTER TABLE {quote(key.table.name)} VALIDATE CONSTRAINT {quote(str(key.name))}"
            )


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
    else:
        statement = statement.replace("INDEX", "INDEX IF NOT EXISTS", 1)
    connection.exec_driver_sql(statement)


def _drop_broken_index(database: Database, step: Step) -> None:
    """Drop what is left of an index that could not be built; only PostgreSQL leaves something."""
    if database.name == POSTGRESQL and step.kind == "index":
        with translated(), database.reader.connect() as connection:
            quoted = connection.dialect.identifier_preparer.quote(step.name)
            connection.exec_driver_sql(f"DROP INDEX CONCURRENTLY IF EXISTS {quoted}")


def _drop(database: Database, what: Drop, guard: Guard) -> None:
    with _changing(database, guard) as (connection, operations):
        if not sa.inspect(connection).has_table(what.table):
            return
        REMOVALS[what.kind](connection, operations, what)


def _drop_foreign_key(connection: Connection, operations: Operations, what: Drop) -> None:
    present = {one["name"] for one in sa.inspect(connection).get_foreign_keys(what.table)}
    if what.name in present:
        operations.drop_constraint(what.name, what.table, type_="foreignkey")


def _drop_index(connection: Connection, operations: Operations, what: Drop) -> None:
    present = {one["name"] for one in sa.inspect(connection).get_indexes(what.table)}
    if what.name in present:
        operations.drop_index(what.name, table_name=what.table)


def _drop_column(connection: Connection, operations: Operations, what: Drop) -> None:
    if has_column(connection, what.table, what.name):
        for part in parts_of_column(connection, what.table, what.name):
            REMOVALS[part.kind](connection, operations, part)
        try:
            operations.drop_column(what.table, what.name)
        except OperationalError as error:
            if "unknown column" not in str(error.orig):
                raise
            # In SQLite's tables of earlier days, a link is named in a key of the whole table.
            column: sa.ColumnClause[Any] = sa.column(what.name)
            connection.execute(sa.update(sa.table(what.table, column)).values({column: None}))


def _drop_table(connection: Connection, operations: Operations, what: Drop) -> None:
    inspector = sa.inspect(connection)
    for (_, table), keys in inspector.get_multi_foreign_keys().items():
        for key in keys:
            if key["referred_table"] == what.table and table != what.table:
                _let_go(connection, operations, table, key)
    operations.drop_table(what.table)


def _let_go(connection: Connection, operations: Operations, table: str, key: Any) -> None:
    """Free a table from a foreign key of another one. Links that are out of use become empty."""
    if connection.dialect.name != SQLITE:
        operations.drop_constraint(key["name"], table, type_="foreignkey")
        return
    # SQLite cannot drop the key, but has nothing against it where the column is empty.
    column: sa.ColumnClause[Any] = sa.column(key["constrained_columns"][0])
    found = {one["name"]: one for one in sa.inspect(connection).get_columns(table)}
    rows = sa.table(table, column)
    if found[column.name]["nullable"]:
        connection.execute(sa.update(rows).values({column: None}))
    else:
        connection.execute(sa.delete(rows))


REMOVALS: dict[str, Callable[[Connection, Operations, Drop], None]] = {
    "foreign_key": _drop_foreign_key,
    "index": _drop_index,
    "column": _drop_column,
    "table": _drop_table,
}
