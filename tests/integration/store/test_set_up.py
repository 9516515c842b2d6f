"""Making a site's database: once, by one process at a time, and only where it belongs."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import make_url

from loomwork.cli.setup import prepare_site
from loomwork.errors import UnavailableError
from loomwork.publishing.revisions import newest_revision
from loomwork.publishing.site import Site
from loomwork.store import lock as locking
from loomwork.store.engine import Database, connect
from loomwork.store.lock import installer_lock
from loomwork.store.settings import Settings
from loomwork.store.system import GENERATION, SYSTEM
from loomwork.store.upgrade import (
    VERSION_TABLE,
    known_versions,
    newest_version,
    present_version,
    require_present,
    upgrade,
)
from tests.sites import KEY, settings_of

HOLD = """
import sys, time
from sqlalchemy import make_url
from loomwork.store.engine import connect
from loomwork.store.lock import installer_lock
with installer_lock(connect(make_url(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Return settings for an empty database, once for each engine."""
    return settings_of(database_url, tmp_path)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """Yield an empty database."""
    made = connect(settings.database_url)
    yield made
    made.dispose()


def test_an_empty_database_is_told_to_be_made_first(settings: Settings) -> None:
    with pytest.raises(UnavailableError, match="loomwork init"):
        Site.open(settings)


COUNTED = {("lw_outbox", "written")}
"""Columns that two engines fill by themselves; on SQLite the row's own number serves."""


def test_migrations_give_exactly_the_tables_that_the_code_uses(database: Database) -> None:
    upgrade(database)
    inspector = sa.inspect(database.writer)
    for table in SYSTEM.sorted_tables:
        columns = {
            column["name"]: column["nullable"]
            for column in inspector.get_columns(table.name)
            if (table.name, column["name"]) not in COUNTED
        }
        assert columns == {column.name: column.nullable for column in table.columns}
        keys = inspector.get_pk_constraint(table.name)["constrained_columns"]
        assert keys == [column.name for column in table.primary_key]
    assert present_version(database) == newest_version()
    assert "" in known_versions()


def test_doing_it_again_changes_nothing(database: Database) -> None:
    upgrade(database)
    with database.transaction() as connection:
        connection.execute(sa.update(GENERATION).values(metadata=7))
    upgrade(database)
    require_present(database)
    with database.reader.connect() as connection:
        assert connection.execute(sa.select(GENERATION.c.metadata)).scalars().all() == [7]


def test_a_migration_that_was_cut_off_is_carried_on(database: Database) -> None:
    upgrade(database)
    with database.transaction() as connection:
        connection.exec_driver_sql(f"DELETE FROM {VERSION_TABLE}")
        connection.exec_driver_sql("DROP TABLE lw_column")
    upgrade(database)
    with database.reader.connect() as connection:
        assert sa.inspect(connection).has_table("lw_column")
        assert connection.execute(sa.select(GENERATION.c.id)).scalars().all() == [1]


def test_a_database_of_another_version_is_refused(database: Database) -> None:
    upgrade(database)
    with database.transaction() as connection:
        connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    with pytest.raises(UnavailableError, match="9999"):
        require_present(database)
    with pytest.raises(UnavailableError, match="newer program"):
        upgrade(database)


def test_the_installer_lock_keeps_another_process_out(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "PATIENCE", 0)
    url = settings.database_url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", HOLD, url]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        assert holder.stdout.readline() == "held\n"
        with (
            pytest.raises(UnavailableError, match="Another installation"),
            installer_lock(database),
        ):
            pass
        holder.stdin.close()
        holder.wait(20)
    with installer_lock(database):
        pass


def test_the_installer_lock_lets_threads_in_one_after_the_other(database: Database) -> None:
    inside: list[int] = []
    most: list[int] = []

    def work() -> None:
        with installer_lock(database):
            inside.append(1)
            most.append(len(inside))
            inside.pop()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert most == [1] * 4


def test_four_processes_make_one_site_at_once(settings: Settings, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "LOOMWORK_HOME": str(tmp_path / "home"),
        "LOOMWORK_DATABASE_URL": settings.database_url.render_as_string(hide_password=False),
    }
    program = Path(sys.executable).with_name("loomwork")
    command = [str(program), "init", "--pack", "sales", "--admin", "root", "--json"]
    started = [
        subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    ended = [(process.communicate(timeout=200), process.returncode) for process in started]
    assert [(code, error) for (_, error), code in ended if code] == []
    told = [json.loads(output) for (output, _), _ in ended]
    assert {tuple(one["packs"]) for one in told} == {("base", "sales")}
    assert sum("password" in one for one in told) == 1
    site = Site.open(settings_of(str(environment["LOOMWORK_DATABASE_URL"]), tmp_path))
    with site.database.reader.connect() as connection:
        assert newest_revision(connection) == 1
    site.close()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://nobody@127.0.0.1:1/none",
        "mariadb+pymysql://nobody@127.0.0.1:1/none",
        "sqlite:////dev/null/none/site.db",
    ],
)
def test_a_database_that_is_not_there_is_unavailable(url: str, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, database_url=make_url(url), secret_key=KEY)
    with pytest.raises(UnavailableError):
        Site.open(settings)
    with pytest.raises(UnavailableError):
        prepare_site(settings)


def test_a_database_that_goes_away_is_unavailable_not_broken(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = prepare_site(settings)
    site.close()
    gone = {"sqlite": "/dev/null/none/site.db"}.get(site.database.name, "loomwork_no_such_database")
    lost = connect(settings.database_url.set(database=gone))
    monkeypatch.setattr(site.store, "database", lost)
    with pytest.raises(UnavailableError):
        site.refresh()
    with pytest.raises(UnavailableError):
        site.store.run(lambda transaction: transaction.generation())
    lost.dispose()
