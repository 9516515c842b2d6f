"""Rows of an archive into the tables of an empty database."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

import sqlalchemy as sa
from sqlalchemy import Column, MetaData, Table
from sqlalchemy.engine import Connection

from loomwork.errors import N_, ConflictError
from loomwork.store.backup.archive import Archive, TableEntry
from loomwork.store.backup.tables import ON_MARIADB, PLATFORM
from loomwork.store.backup.writing import digest_of
from loomwork.store.engine import Database, translated
from loomwork.store.types import MARIADB, POSTGRESQL, SQLITE, text
from loomwork.store.upgrade import RESTORING

BATCH = 500

MARK = Table(RESTORING, MetaData(), Column[str]("name", text(63), primary_key=True), **ON_MARIADB)
"""Stands while a restore is under way, with the names of the tables that it makes."""


def begin_restore(database: Database, names: Iterable[str]) -> None:
    """Make sure that the database is empty, and mark it.

    What an earlier restore has left is removed: its mark says that nothing else was there. Raises
    ConflictError where there is a site already, or a table of one of the ``names``.
    """
    wanted = set(names)
    with _free_of_keys(database) as connection:
        present = set(sa.inspect(connection).get_table_names())
        if RESTORING in present:
            begun = set(connection.execute(sa.select(MARK.c.name)).scalars())
            _drop(connection, database.name, begun, present)
            present = set(sa.inspect(connection).get_table_names())
        found = sorted(name for name in present if name in wanted or name.startswith(PLATFORM))
        if found:
            raise ConflictError(
                N_("The database is not empty: it has the table {table}. Nothing was changed."),
                table=found[0],
            )
    with database.transaction() as connection:
        MARK.create(connection)
        connection.execute(sa.insert(MARK), [{"name": name} for name in sorted(wanted)])


def end_restore(database: Database) -> None:
    """Take the mark away: the site may be served."""
    with database.transaction() as connection:
        MARK.drop(connection)


def _drop(connection: Connection, engine: str, begun: set[str], present: set[str]) -> None:
    quote = connection.dialect.identifier_preparer.quote
    ours = {name for name in present if name in begun or name.startswith(PLATFORM)} - {RESTORING}
    cascade = " CASCADE" if engine == POSTGRESQL else ""
    # A search table goes before the tables that SQLite keeps behind it, and takes them with it.
    for name in (*sorted(ours, key=len), RESTORING):
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {quote(name)}{cascade}")


FOREIGN_KEYS = sa.text(
    "SELECT r.relname, c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint c"
    " JOIN pg_class r ON r.oid = c.conrelid"
    " WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace"
    " AND r.relname = ANY(:names)"
)


@contextmanager
def _free_of_keys(database: Database) -> Iterator[Connection]:
    """Give a connection in autocommit on which foreign keys are not looked at."""
    off, on = {
        SQLITE: ("PRAGMA foreign_keys=OFF", "PRAGMA foreign_keys=ON"),
        MARIADB: ("SET SESSION foreign_key_checks=0", "SET SESSION foreign_key_checks=1"),
    }.get(database.name, ("SELECT 1", "SELECT 1"))
    with translated(), database.reader.connect() as connection:
        connection.exec_driver_sql(off)
        try:
            yield connection
        finally:
            connection.exec_driver_sql(on)


@contextmanager
def without_foreign_keys(database: Database, names: Sequence[str]) -> Iterator[None]:
    """Take the foreign keys of these tables away on PostgreSQL, and put them back at the end."""
    if database.name != POSTGRESQL:
        yield
        return
    with database.transaction() as connection:
        keys = connection.execute(FOREIGN_KEYS, {"names": list(names)}).all()
        quote = connection.dialect.identifier_preparer.quote
        for table, name, _ in keys:
            connection.exec_driver_sql(f"ALTER TABLE {quote(table)} DROP CONSTRAINT {quote(name)}")
    yield
    with database.transaction() as connection:
        for table, name, definition in keys:
            connection.exec_driver_sql(
                f"ALTER TABLE {quote(table)} ADD CONSTRAINT {quote(name)} {definition}"
            )


def load(database: Database, archive: Archive, entries: Iterable[TableEntry]) -> None:
    """Fill tables with their rows from the archive; what migrations have put there goes."""
    with _free_of_keys(database) as connection:
        for entry in entries:
            table = entry.table.table()
            names = tuple(entry.table.columns)
            rows = archive.rows(entry)
            with _commit(connection, database.name):
                connection.execute(sa.delete(table))
            while batch := list(islice(rows, BATCH)):
                values = [dict(zip(names, row, strict=True)) for row in batch]
                with _commit(connection, database.name):
                    connection.execute(sa.insert(table), values)


@contextmanager
def _commit(connection: Connection, engine: str) -> Iterator[None]:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if engine == SQLITE else "BEGIN")
    try:
        yield
    except BaseException:
        connection.exec_driver_sql("ROLLBACK")
        raise
    connection.exec_driver_sql("COMMIT")


def require_same(database: Database, entries: Iterable[TableEntry]) -> None:
    """Raise ConflictError unless the tables have just the rows that the archive names."""
    with translated(), database.reader.connect() as connection, _reading(connection):
        for entry in entries:
            digest = digest_of(connection, entry.table)
            if (digest.rows, digest.hex()) != (entry.rows, entry.hash):
                raise ConflictError(
                    N_("After the restore, {table} has not the rows of the backup."),
                    table=entry.table.name,
                )


@contextmanager
def _reading(connection: Connection) -> Iterator[None]:
    # PostgreSQL reads in pieces only inside a transaction.
    connection.exec_driver_sql("BEGIN")
    try:
        yield
    finally:
        connection.exec_driver_sql("ROLLBACK")


def advance_sequences(database: Database, names: Iterable[str]) -> None:
    """Let the counters of new ids go on after the ids that were loaded; SQLite has none."""
    if database.name == SQLITE:
        return
    with database.transaction() as connection:
        counters = set(sa.inspect(connection).get_sequence_names())
        quote = connection.dialect.identifier_preparer.quote
        for name in names:
            counter = f"{name}_id_seq"
            if counter in counters:
                newest = sa.select(sa.func.max(sa.column("id", sa.Integer))).select_from(
                    sa.table(name)
                )
                following = int(connection.execute(newest).scalar() or 0) + 1
                connection.exec_driver_sql(
                    f"ALTER SEQUENCE {quote(counter)} RESTART WITH {following}"
                )
