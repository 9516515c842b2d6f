"""Connections to the three engines: transactions for writing, autocommit for reading."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    DisconnectionError,
    InterfaceError,
    OperationalError,
    PendingRollbackError,
    ProgrammingError,
)
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from loomwork.errors import N_, Phrases, UnavailableError
from loomwork.expressions.sql.sqlite import register
from loomwork.store.types import MARIADB, POSTGRESQL, SQLITE, engine_name

POOL = 16
BUSY_SECONDS = 20
IDLE_SECONDS = 2.0
"""A pooled connection that was not used for so long is asked whether it still lives."""
USED = "loomwork.used"
LOCK_KEY = 0x4C4F4F4D
"""The key of PostgreSQL's advisory lock between writers and a publish (“LOOM”)."""


@dataclass(frozen=True, slots=True)
class Database:
    """One database with two pools: ``writer`` for transactions, ``reader`` in autocommit.

    ``name`` is ``sqlite``, ``postgresql`` or ``mariadb``.
    """

    name: str
    url: URL
    writer: Engine
    reader: Engine

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.writer.dispose()
        self.reader.dispose()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Give a connection in a transaction; commit at the end, roll back on any error."""
        with translated(), self.writer.begin() as connection:
            yield connection


def connect(url: URL) -> Database:
    """Return the database at ``url``; nothing is connected before the first use."""
    options: dict[str, Any] = {
        "poolclass": QueuePool,
        "pool_size": POOL,
        "max_overflow": POOL,
        "connect_args": _connect_arguments(url),
    }
    if not url.drivername.startswith("sqlite"):
        options["isolation_level"] = "READ COMMITTED"
    try:
        writer = sa.create_engine(url, **options)
    except ModuleNotFoundError as error:
        raise UnavailableError(
            N_("The driver {driver} is not installed: add the extra “{extra}” of loomwork."),
            driver=error.name,
            extra="postgres" if url.drivername.startswith("postgresql") else "mysql",
        ) from error
    options["isolation_level"] = "AUTOCOMMIT"
    if url.drivername.startswith("postgresql"):
        options["connect_args"] = _reader_arguments(url)
    reader = sa.create_engine(url, pool_reset_on_return=None, **options)
    if url.drivername.startswith("sqlite"):
        _prepare_sqlite(writer, reader)
    else:
        _ping_idle(writer)
        _ping_idle(reader)
    return Database(name=engine_name(writer.dialect), url=url, writer=writer, reader=reader)


def _connect_arguments(url: URL) -> dict[str, Any]:
    if url.drivername.startswith("postgresql"):
        # Compiling a statement that works many fields out takes longer than running it ever does.
        return {"options": "-c timezone=UTC -c jit=off", "connect_timeout": 10}
    if url.drivername.startswith("mariadb"):
        # ANSI_QUOTES is left out: SQLAlchemy quotes with backticks.
        modes = "STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ZERO_DATE,NO_ZERO_IN_DATE"
        return {
            "charset": "utf8mb4",
            # Quotients get so many places, since they are rounded to ten by us.
            "init_command": f"SET SESSION sql_mode='{modes}', time_zone='+00:00',"
            " div_precision_increment=30",
            "connect_timeout": 10,
        }
    return {"timeout": BUSY_SECONDS, "check_same_thread": False}


def _reader_arguments(url: URL) -> dict[str, Any]:
    """Let PostgreSQL plan a prepared read once: planning its joins costs more than running it."""
    arguments = _connect_arguments(url)
    return {**arguments, "options": f"{arguments['options']} -c plan_cache_mode=force_generic_plan"}


def _ping_idle(engine: Engine) -> None:
    """Make sure that a connection still lives before it is used after a pause.

    To ask before every use, as `pool_pre_ping` does, costs as much as a small read.
    """

    def on_checkin(_: object, record: ConnectionPoolEntry) -> None:
        record.info[USED] = time.monotonic()

    def on_checkout(connection: Any, record: ConnectionPoolEntry, _: object) -> None:
        if time.monotonic() - record.info.get(USED, math.inf) < IDLE_SECONDS:
            return
        try:
            alive = engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error:
            alive = False
        if not alive:
            # The pool closes this one and gives another.
            raise DisconnectionError

    event.listen(engine, "checkin", on_checkin)
    event.listen(engine, "checkout", on_checkout)


def _prepare_sqlite(writer: Engine, reader: Engine) -> None:
    def on_connect(connection: Any, _record: object) -> None:
        # The driver must not open transactions by itself: the begin event below does.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        register(connection)

    event.listen(writer, "connect", on_connect)
    event.listen(reader, "connect", on_connect)
    event.listen(writer, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))


@contextmanager
def translated() -> Iterator[None]:
    """Turn lost connections, missing databases and changed tables into UnavailableError."""
    try:
        yield
    except (ProgrammingError, DataError) as error:
        raise _drifted(error) from error
    except PendingRollbackError as error:
        # SQLAlchemy's inspection passes over a lost connection and stumbles at the next statement.
        raise UnavailableError(
            N_("The database cannot be used: {reason}."), reason="connection lost"
        ) from error
    except (OperationalError, InterfaceError) as error:
        if is_transient(error):
            raise
        if _is_drift(error):
            raise _drifted(error) from error
        raise UnavailableError(
            N_("The database cannot be used: {reason}."), reason=_reason(error)
        ) from error


MISSING = ("no such table", "no such column", "has no column named")
"""What SQLite says where somebody has changed a table by hand."""
UNKNOWN_COLUMN = 1054


def _is_drift(error: DBAPIError) -> bool:
    """Tell whether a table or column is missing, which two engines report as operational."""
    told = (getattr(error.orig, "args", None) or ("",))[0]
    return told == UNKNOWN_COLUMN or any(words in str(told) for words in MISSING)


def _drifted(error: DBAPIError) -> UnavailableError:
    """Return the error of a database that somebody else has changed.

    What an engine says of a value that does not fit its column holds the value.
    """
    reason: object = Phrases((N_("a value does not fit its column"),))
    if not isinstance(error, DataError) and _is_named(error):
        arguments = getattr(error.orig, "args", None) or ("",)
        reason = str(arguments[-1]).strip().partition("\n")[0][:300].rstrip(".")
    elif not isinstance(error, DataError):
        reason = Phrases((N_("a statement does not fit its tables"),))
    return UnavailableError(
        N_("The database is not as the revision in force expects: {reason}."), reason=reason
    )


NAMED = ("42P01", "42703")
"""PostgreSQL's states of a missing table and a missing column."""
NO_TABLE = 1146


def _is_named(error: DBAPIError) -> bool:
    """Tell whether the engine only names what is missing; else it may quote the statement."""
    state = getattr(error.orig, "sqlstate", None)
    first = (getattr(error.orig, "args", None) or ("",))[0]
    return state in NAMED or first == NO_TABLE or (state is None and _is_drift(error))


def _reason(error: DBAPIError) -> str:
    text = str(error.orig).strip()
    return (text.splitlines() or ["?"])[0][:300].rstrip(".")


TRANSIENT = {
    POSTGRESQL: ("40001", "40P01", "55P03"),
    MARIADB: (1205, 1213, 1020),
    SQLITE: ("database is locked", "database table is locked"),
}


def is_transient(error: DBAPIError) -> bool:
    """Tell whether ``error`` is a deadlock, a serialisation failure or a busy database."""
    cause = error.orig
    state = getattr(cause, "sqlstate", None)
    if state is not None:
        return state in TRANSIENT[POSTGRESQL]
    arguments = getattr(cause, "args", None) or ("",)
    return arguments[0] in TRANSIENT[MARIADB] or arguments[0] in TRANSIENT[SQLITE]


def share_publish_lock(connection: Connection, name: str) -> None:
    """Hold back a publish until this transaction ends; other writers are not held back.

    On MariaDB the generation row itself is the lock: `generation` reads it in share mode. On SQLite
    every write transaction is alone anyway.
    """
    if name == POSTGRESQL:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock_shared({LOCK_KEY})")


def take_publish_lock(connection: Connection, name: str) -> None:
    """Wait for all writers and keep new ones out until this transaction ends."""
    if name == POSTGRESQL:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK_KEY})")
    elif name == MARIADB:
        connection.exec_driver_sql("SELECT id FROM lw_generation WHERE id = 1 FOR UPDATE")
