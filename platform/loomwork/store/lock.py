"""One installer at a time: the lock that `init`, `upgrade` and publishing hold."""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from loomwork.errors import N_, UnavailableError
from loomwork.store.engine import LOCK_KEY, Database, translated
from loomwork.store.types import MARIADB, POSTGRESQL

PATIENCE = 120
"""Seconds to wait for another installer."""
LOST = N_("The connection that kept others from publishing was lost. Nothing more was changed.")


class BusyError(UnavailableError):
    """Somebody else has the lock."""

    text = N_("Another installation is running. Try again when it has ended.")


@dataclass(frozen=True, slots=True)
class Lock:
    """The lock while it is held. `require` raises UnavailableError once it was lost.

    A session of the database holds it: when its connection goes, somebody else may have it.
    """

    _held: Callable[[], bool]

    def require(self) -> None:
        """Raise UnavailableError unless the lock is still ours."""
        if not self._held():
            raise UnavailableError(LOST)


@contextmanager
def installer_lock(database: Database, patience: float | None = None) -> Iterator[Lock]:
    """Hold the site's installer lock; wait up to two minutes for whoever holds it.

    Raises UnavailableError after ``patience`` seconds.
    """
    seconds = PATIENCE if patience is None else patience
    if database.name == POSTGRESQL:
        taking = _postgresql_lock(database, seconds)
    elif database.name == MARIADB:
        taking = _mariadb_lock(database, seconds)
    else:
        taking = _file_lock(Path(f"{database.url.database}.lock"), seconds)
    with taking as lock:
        yield lock


def _answers(connection: Connection, question: str, answer: object) -> bool:
    try:
        return bool(connection.exec_driver_sql(question).scalar() == answer)
    except SQLAlchemyError:
        return False


@contextmanager
def _postgresql_lock(database: Database, patience: float) -> Iterator[Lock]:
    key = LOCK_KEY + 1
    with translated(), database.reader.connect() as connection:
        deadline = time.monotonic() + patience
        while not connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({key})").scalar():
            if time.monotonic() >= deadline:
                raise BusyError
            time.sleep(0.1)
        process = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        try:
            # A connection that the pool had to make anew is another process of the server.
            yield Lock(lambda: _answers(connection, "SELECT pg_backend_pid()", process))
        finally:
            _release(connection, f"SELECT pg_advisory_unlock({key})")


@contextmanager
def _mariadb_lock(database: Database, patience: float) -> Iterator[Lock]:
    name = f"loomwork:{database.url.database}"[:64]
    with translated(), database.reader.connect() as connection:
        if connection.exec_driver_sql("SELECT GET_LOCK(%s, %s)", (name, patience)).scalar() != 1:
            raise BusyError
        process = connection.exec_driver_sql("SELECT CONNECTION_ID()").scalar()
        quoted = name.replace("'", "''").replace("%", "%%")
        question = f"SELECT IS_USED_LOCK('{quoted}')"
        try:
            yield Lock(lambda: _answers(connection, question, process))
        finally:
            _release(connection, f"SELECT RELEASE_LOCK('{quoted}')")


def _release(connection: Connection, statement: str) -> None:
    """Give the lock back; with a connection that has died it is gone already."""
    try:
        connection.exec_driver_sql(statement)
    except SQLAlchemyError:
        connection.invalidate()


@contextmanager
def _file_lock(path: Path, patience: float) -> Iterator[Lock]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = path.open("a")
    except OSError as error:
        raise UnavailableError(
            N_("The folder {home} cannot be used: {reason}."),
            home=str(path.parent),
            reason=error.strerror or str(error),
        ) from error
    with handle:
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise BusyError from None
                time.sleep(0.05)
        yield Lock(lambda: not handle.closed)
