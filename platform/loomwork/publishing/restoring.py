"""A backup into an empty database: all of it, or a database that nothing will serve."""

from collections.abc import Callable, Iterable

import sqlalchemy as sa
from sqlalchemy import Column
from sqlalchemy.engine import Connection, Engine

from loomwork.catalog.compile import Compiler
from loomwork.errors import N_, DocumentError, UnavailableError
from loomwork.extension.field_types import field_types
from loomwork.publishing.revisions import newest_revision, read_documents
from loomwork.store.backup.archive import Archive, Manifest, TableEntry
from loomwork.store.backup.loading import (
    advance_sequences,
    begin_restore,
    end_restore,
    load,
    require_same,
    without_foreign_keys,
)
from loomwork.store.engine import Database, translated
from loomwork.store.files.opening import FOLDER, open_storage
from loomwork.store.files.spool import spooled
from loomwork.store.lock import installer_lock
from loomwork.store.schema.alterations import add
from loomwork.store.schema.changes import Step, plan_changes
from loomwork.store.schema.columns import assign_columns, known_tables, read_columns
from loomwork.store.schema.tables import EntityTable, build_tables
from loomwork.store.search.rebuild import rebuild_search
from loomwork.store.settings import Settings
from loomwork.store.upgrade import known_versions, upgrade

BEFORE_ROWS = ("table", "column")
"""What is made before there are rows. Keys and indexes come after, which is faster and safer."""


def restore(
    settings: Settings,
    database: Database,
    archive: Archive,
    *,
    make_account_tables: Callable[[Engine], None],
) -> Manifest:
    """Restore an archive into the empty database and storage of ``settings``.

    All of the archive is read before anything is written. Raises DamagedError; ConflictError where
    the database is not empty; UnavailableError for a backup of a newer program.
    """
    manifest = archive.manifest
    if manifest.version not in known_versions() - {""}:
        raise UnavailableError(
            N_(
                "The backup has version {present} of the platform's tables, which this program"
                " does not know: it needs a newer program."
            ),
            present=manifest.version[:20],
        )
    archive.verify()
    platform = [entry for entry in manifest.tables.values() if entry.table.platform]
    records = [entry for entry in manifest.tables.values() if not entry.table.platform]
    with installer_lock(database):
        begin_restore(database, manifest.tables)
        upgrade(database, manifest.version)
        make_account_tables(database.writer)
        names = [entry.table.name for entry in platform]
        _add_missing(database, platform)
        with without_foreign_keys(database, names):
            load(database, archive, platform)
        advance_sequences(database, names)
        require_same(database, platform)
        upgrade(database)
        tables = _tables(database)
        later = _make_tables(database, tables, records)
        load(database, archive, records)
        require_same(database, records)
        for step in later:
            add(database, step, _unguarded)
        _put_files(settings, archive)
        for name in tables:
            rebuild_search(database, tables, name)
        end_restore(database)
    return manifest


def _unguarded(connection: Connection) -> None:
    del connection


def _tables(database: Database) -> dict[str, EntityTable]:
    """Return the tables of the newest revision's Model."""
    with translated(), database.reader.connect() as connection:
        documents = read_documents(connection, newest_revision(connection))
        stored = read_columns(connection)
    report = Compiler(field_types()).report(documents)
    if report.model is None:
        raise DocumentError(problems=report.problems)
    columns, _ = assign_columns(report.model.entities.values(), stored)
    return build_tables(report.model, columns, database.name)


def _make_tables(
    database: Database, tables: dict[str, EntityTable], entries: list[TableEntry]
) -> list[Step]:
    """Make the records' tables; return the steps that come when they have their rows."""
    with translated(), database.reader.connect() as connection:
        known = known_tables(read_columns(connection))
    steps = plan_changes(database, tables, known)
    for step in steps:
        if step.kind in BEFORE_ROWS:
            add(database, step, _unguarded)
    _add_missing(database, entries)
    return [step for step in steps if step.kind not in BEFORE_ROWS]


def _add_missing(database: Database, entries: Iterable[TableEntry]) -> None:
    """Make what no Model has any more: tables and columns of what is retired."""
    with translated(), database.reader.connect() as connection:
        inspector = sa.inspect(connection)
        present = set(inspector.get_table_names())
        columns = {
            entry.table.name: {one["name"] for one in inspector.get_columns(entry.table.name)}
            for entry in entries
            if entry.table.name in present
        }
    for entry in entries:
        table = entry.table.table()
        if entry.table.name not in columns:
            with database.transaction() as writing:
                table.create(writing)
            continue
        for column in table.columns:
            if column.name not in columns[entry.table.name]:
                add(database, _column_step(entry.table.name, column), _unguarded)


def _column_step(table: str, column: Column[object]) -> Step:
    return Step(kind="column", table=table, name=str(column.name), fresh=True, part=column)


def _put_files(settings: Settings, archive: Archive) -> None:
    storage, folder = open_storage(settings), settings.home / FOLDER
    for sha256, size in archive.manifest.files.items():
        if storage.has(sha256, size):
            continue
        with spooled(folder, archive.pieces(sha256), limit=size, length=size) as draft:
            storage.put(sha256, draft.path)
