"""One installer at a time: the lock that `init`, `upgrade` and publishing hold."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from loomwork.errors import N_, UnavailableError
from loomwork.store.engine import LOCK_KEY, Database, translated
from loomwork.store.types import MARIADB, POSTGRESQL

PATIENCE = 120
"""Seconds to wait for another installer."""


@contextmanager
def installer_lock(database: Database) -> Iterator[None]:
    """Hold the site's installer lock; wait up to two minutes for whoever holds it."""
    if database.name == POSTGRESQL:
        taking = _postgresql_lock(database)
    elif database.name == MARIADB:
        taking = _mariadb_lock(database)
    else:
        taking = _file_lock(Path(f"{database.url.database}.lock"))
    with taking:
        yield


def _busy() -> UnavailableError:
    return UnavailableError(N_("Another installation is running. Try again when it has ended."))


@contextmanager
def _postgresql_lock(database: Database) -> Iterator[None]:
    with translated(), database.reader.connect() as connection:
        deadline = time.monotonic() + PATIENCE
        while not connection.exec_driver_sql(
            f"SELECT pg_try_advisory_lock({LOCK_KEY + 1})"
        ).scalar():
            if time.monotonic() > deadline:
                raise _busy()
            time.sleep(0.1)
        try:
            yield
        finally:
            connection.exec_driver_sql(f"SELECT pg_advisory_unlock({LOCK_KEY + 1})")


@contextmanager
def _mariadb_lock(database: Database) -> Iterator[None]:
    name = f"loomwork:{database.url.database}"[:64]
    with translated(), database.reader.connect() as connection:
        if connection.exec_driver_sql("SELECT GET_LOCK(%s, %s)", (name, PATIENCE)).scalar() != 1:
            raise _busy()
        try:
            yield
        finally:
            connection.exec_driver_sql("SELECT RELEASE_LOCK(%s)", (name,))


@contextmanager
def _file_lock(path: Path) -> Iterator[None]:
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
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise _busy() from None
                time.sleep(0.05)
        yield
