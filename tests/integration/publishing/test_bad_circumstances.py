"""What is in a publish's way is told, nothing is half done, and the next call works."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

from loomwork.errors import ConflictError, LoomworkError, UnavailableError
from loomwork.publishing.reconcile import reconcile
from loomwork.publishing.site import Site
from tests.documents import PackBuilder
from tests.integration.publishing.killing import (
    NEW,
    OLD,
    WIDGET,
    missing,
    moments,
    superfluous,
)
from tests.sites import TESTER, made_site, put

SEED = 11
TRIED = 6


def complete(site: Site) -> None:
    """Assert that the old Model is whole, then that the next publish is."""
    reconcile(site.database)
    site.refresh()
    assert (superfluous(site), missing(site)) == ([], [])
    site.records.create(TESTER, "gadget", {"name": "again", "size": 3})
    put(site, PackBuilder(NEW, WIDGET))
    assert (superfluous(site), missing(site)) == ([], [])
    assert site.model.entities["gadget"].fields["size"].type.name == "decimal"


@pytest.mark.parametrize("number", moments(SEED, TRIED, 60))
def test_a_connection_that_is_lost_at_any_statement(site: Site, number: int) -> None:
    put(site, PackBuilder(OLD))
    left = [number]

    def lose(connection: Connection, *_: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            connection.invalidate()
            raise OperationalError("lost", None, RuntimeError("server closed the connection"))

    engines = (site.database.writer, site.database.reader)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", lose)
    try:
        with pytest.raises(LoomworkError) as caught:
            put(site, PackBuilder(NEW, WIDGET))
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", lose)
    assert caught.value.status in (409, 503)
    complete(site)


@pytest.mark.parametrize(
    "statement", ["CREATE TABLE widget (id INTEGER)", "CREATE VIEW widget AS SELECT 1 AS id"]
)
def test_a_table_or_view_of_another_program_stays(site: Site, statement: str) -> None:
    put(site, PackBuilder(OLD))
    with site.database.transaction() as connection:
        connection.exec_driver_sql(statement)
    with pytest.raises(ConflictError, match="“widget” that is not of this site"):
        put(site, PackBuilder(NEW, WIDGET))
    with site.database.transaction() as connection:
        connection.exec_driver_sql("DROP " + " ".join(statement.split()[1:3]))
    complete(site)


def test_a_disk_that_fills_up(sqlite_database: str, tmp_path: Path) -> None:
    with made_site(sqlite_database, tmp_path, PackBuilder(OLD)) as site:

        def limit(dbapi: Any, *_: object) -> None:
            pages = dbapi.execute("PRAGMA page_count").fetchone()[0]
            dbapi.execute(f"PRAGMA max_page_count = {pages + 1}")

        def free(dbapi: Any, *_: object) -> None:
            dbapi.execute("PRAGMA max_page_count = 1000000000")

        event.listen(site.database.writer, "checkout", limit)
        with pytest.raises(UnavailableError, match="full"):
            put(site, PackBuilder(NEW, WIDGET))
        event.remove(site.database.writer, "checkout", limit)
        event.listen(site.database.writer, "checkout", free)
        complete(site)


def test_a_database_that_somebody_else_keeps_locked(
    sqlite_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loomwork.store.engine.BUSY_SECONDS", 0.01)
    monkeypatch.setattr("loomwork.store.schema.alterations.TRIES", 2)
    with made_site(sqlite_database, tmp_path, PackBuilder(OLD)) as site:
        other = sa.create_engine(sqlite_database)
        with other.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            with pytest.raises((UnavailableError, OperationalError)):
                put(site, PackBuilder(NEW, WIDGET))
            connection.rollback()
        complete(site)


def test_a_table_that_a_long_reader_holds_does_not_keep_others_waiting(
    postgresql_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loomwork.store.schema.alterations.TRIES", 2)
    with made_site(postgresql_database, tmp_path, PackBuilder(OLD)) as site:
        with site.database.writer.connect() as connection:
            connection.exec_driver_sql("LOCK TABLE gadget IN ACCESS SHARE MODE")
            with pytest.raises(UnavailableError, match="busy"):
                put(site, PackBuilder(NEW, WIDGET))
        complete(site)


def test_a_database_that_cannot_be_written(sqlite_database: str, tmp_path: Path) -> None:
    with made_site(sqlite_database, tmp_path, PackBuilder(OLD)) as site:

        def forbid(dbapi: Any, *_: object) -> None:
            # Also root is refused, for whom no file is read-only.
            dbapi.execute("PRAGMA query_only = ON")

        def allow(dbapi: Any, *_: object) -> None:
            dbapi.execute("PRAGMA query_only = OFF")

        event.listen(site.database.writer, "checkout", forbid)
        with pytest.raises(UnavailableError, match="cannot be used: attempt to write"):
            put(site, PackBuilder(NEW, WIDGET))
        event.remove(site.database.writer, "checkout", forbid)
        event.listen(site.database.writer, "checkout", allow)
        complete(site)
