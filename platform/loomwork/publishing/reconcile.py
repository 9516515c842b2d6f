"""Bringing what a kill left behind to its end: forward after the switch, back before it."""

import logging

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from loomwork.catalog.compile import Compiler
from loomwork.errors import LoomworkError
from loomwork.extension.field_types import field_types
from loomwork.publishing import faults
from loomwork.publishing.journal import (
    ABANDONED,
    DONE,
    FINISHED,
    RUNNING,
    SWITCHED,
    WAITING,
    Journal,
    Noted,
    opened_publishes,
    take_over,
)
from loomwork.publishing.plan import CLEAN_UP, PREPARE, Side
from loomwork.publishing.planning import side_in_force
from loomwork.publishing.reindexing import KIND as REINDEX
from loomwork.publishing.reindexing import forget_index
from loomwork.store.engine import Database, translated
from loomwork.store.lock import BusyError, Lock, installer_lock
from loomwork.store.schema.alterations import drop
from loomwork.store.schema.changes import Drop
from loomwork.store.schema.columns import PREPARED, SET
from loomwork.store.schema.kept import drops_of_column, drops_of_entity
from loomwork.store.schema.retirement import (
    Retired,
    entities_in_force,
    forget_columns,
    prepared_columns,
)
from loomwork.store.search.rebuild import rebuild_search
from loomwork.store.system import COLUMN

LOG = logging.getLogger(__name__)


def reconcile(database: Database) -> None:
    """Finish or take back what a publish left when it was cut off, unless one is running now.

    What cannot be done now harms nobody: it is tried again at the next start.
    """
    with translated(), database.reader.connect() as connection:
        if not opened_publishes(connection):
            return
    try:
        with installer_lock(database, patience=0) as lock:
            reconcile_locked(database, lock)
    except BusyError:
        # It was not cut off: it is running.
        return
    except (LoomworkError, DBAPIError) as error:
        LOG.warning("A publish that was cut off is not cleaned up yet: %s", error)


def reconcile_locked(database: Database, lock: Lock) -> None:
    """Do it under the lock of the publishers."""
    with translated(), database.reader.connect() as connection:
        opened = opened_publishes(connection)
    for one in opened:
        journal = take_over(database, lock, one)
        if one.state == SWITCHED:
            finish(journal)
        else:
            abandon(journal, "The process ended before the switch.")


def finish(journal: Journal, side: Side | None = None) -> None:
    """Carry out what is left of the clean-up after the switch; ``side`` is what is in force."""
    for noted in journal.steps(CLEAN_UP):
        if noted.state == FINISHED:
            continue
        journal.mark(noted.ordinal, RUNNING)
        faults.reach(f"begun:{noted.step}")
        if noted.kind == REINDEX:
            side = side or side_in_force(journal.database, Compiler(field_types()))
            _reindex(journal, noted.table, side)
        else:
            _clean_up(journal, noted)
        faults.reach(f"carried_out:{noted.step}")
        journal.mark(noted.ordinal, FINISHED)
    journal.end(DONE)
    faults.reach("done")


def _reindex(journal: Journal, entity: str, side: Side) -> None:
    if entity in side.tables:
        rebuild_search(journal.database, side.tables, entity)


def _clean_up(journal: Journal, noted: Noted) -> None:
    kind = noted.kind.removeprefix("drop_")
    drop(journal.database, Drop(kind=kind, table=noted.table, name=noted.name), journal.guard)
    if kind in ("column", "table"):
        with journal.database.transaction() as connection:
            journal.guard(connection)
            forget_columns(connection, _of_dropped(connection, noted))
            if kind == "table":
                forget_index(connection, journal.database.name, noted.table)


def _of_dropped(connection: sa.Connection, noted: Noted) -> list[Retired]:
    """Return the entries of the map that a dropped column or table had."""
    column = (
        sa.and_(COLUMN.c.entity == noted.table, COLUMN.c.column == noted.name)
        if noted.kind == "drop_column"
        else sa.or_(
            COLUMN.c.entity == noted.table,
            sa.and_(COLUMN.c.column == noted.table, COLUMN.c.storage.startswith(SET)),
        )
    )
    rows = connection.execute(
        sa.select(COLUMN.c.entity, COLUMN.c.field, COLUMN.c.storage, COLUMN.c.column).where(column)
    )
    return [
        Retired(entity=row[0], field=row[1], storage=row[2], column=row[3], since=None)
        for row in rows
    ]


def abandon(journal: Journal, reason: str) -> None:
    """Remove what was prepared for a switch that never came.

    Indexes and foreign keys that the journal says were begun go, and every column and table that
    is only prepared: none of them was in force.
    """
    database = journal.database
    added = [noted for noted in journal.steps(PREPARE) if noted.state != WAITING]
    with translated(), database.reader.connect() as connection:
        prepared = prepared_columns(connection)
        in_force = entities_in_force(connection)
    gone = {one.entity for one in prepared} - in_force
    for kind in ("add_foreign_key", "add_index"):
        for noted in added:
            if noted.kind == kind and noted.table not in gone:
                what = Drop(kind=kind.removeprefix("add_"), table=noted.table, name=noted.name)
                drop(database, what, journal.guard)
                faults.reach(f"taken_back:{noted.step}")
    _drop_prepared(journal, prepared, gone)
    with database.transaction() as connection:
        journal.guard(connection)
        forget_columns(connection, prepared)
    journal.end(ABANDONED, reason)


def _drop_prepared(journal: Journal, prepared: list[Retired], gone: set[str]) -> None:
    for one in prepared:
        if one.entity not in gone and not _shares(journal, one):
            for what in drops_of_column(one):
                _drop(journal, what)
    for entity in sorted(gone):
        for what in drops_of_entity(entity, [one for one in prepared if one.entity == entity]):
            _drop(journal, what)


def _drop(journal: Journal, what: Drop) -> None:
    drop(journal.database, what, journal.guard)
    faults.reach(f"taken_back:{what.kind}:{what.table}.{what.name}")


def _shares(journal: Journal, one: Retired) -> bool:
    """Tell whether the column is in force under another name of its field."""
    statement = sa.select(COLUMN.c.field).where(
        COLUMN.c.entity == one.entity,
        COLUMN.c.column == one.column,
        COLUMN.c.revision > PREPARED,
    )
    with journal.database.reader.connect() as connection:
        return connection.execute(statement).first() is not None
