"""A backup is the whole site, and makes the same site again on any engine."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from loomwork.records.lists.listing import ListQuery
from loomwork.store.backup.archive import Manifest
from loomwork.store.backup.tables import DERIVED
from loomwork.store.system import SYSTEM
from loomwork.store.upgrade import VERSION_TABLE
from loomwork.web.fab.users import Users
from tests.integration.engines import ENGINES, shared_database
from tests.integration.store.backups import CONTENT, MACHINES, back_up, restored, site_on
from tests.sites import TESTER

PAIRS = [
    *((engine, engine) for engine in ENGINES),
    ("sqlite", "postgresql"),
    ("postgresql", "mariadb"),
    ("mariadb", "sqlite"),
]


@pytest.mark.parametrize(("engine", "other"), PAIRS)
def test_a_restored_site_has_the_same_hash(
    engine: str, other: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    with (
        site_on(engine, tmp_path_factory) as site,
        shared_database(other, tmp_path_factory) as (url, home),
    ):
        manifest = back_up(site, first)
        with restored(first, url, home) as same:
            again = back_up(same, second)
            assert _hashes(again) == _hashes(manifest)
            assert again.hash == manifest.hash
            assert manifest.engine == engine
            assert same.files.check().missing == ()
            machines = same.records.page(TESTER, "machine", _everything()).items
            assert len(machines) == MACHINES - 1
            assert machines == site.records.page(TESTER, "machine", _everything()).items


@pytest.mark.parametrize("engine", ENGINES)
def test_a_restored_site_goes_on(
    engine: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with (
        site_on("sqlite", tmp_path_factory) as site,
        shared_database(engine, tmp_path_factory) as (url, home),
    ):
        back_up(site, tmp_path / "site.zip")
        with restored(tmp_path / "site.zip", url, home) as same:
            Users(same).add("bob", "Bob", password="correct horse")
            assert Users(same).find("ann").username == "ann"
            same.records.create(TESTER, "machine", {"name": "New", "code": "N-1"})
            file = same.files.add("x", [b"x"], by=None)
            assert b"".join(same.files.pieces(file)) == b"x"


@pytest.mark.parametrize("engine", ENGINES)
def test_every_table_of_the_database_is_in_the_backup(
    engine: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with site_on(engine, tmp_path_factory) as site:
        manifest = back_up(site, tmp_path / "site.zip")
        with site.database.reader.connect() as connection:
            present = sa.inspect(connection).get_table_names()
        wanted = {name for name in present if not name.startswith((*DERIVED, VERSION_TABLE))}
        assert manifest.tables.keys() == wanted
        assert {"part", "machine", "lw_file", "ab_user"} <= wanted
        declared = {name for name in wanted if name.startswith("lw_")}
        assert declared <= SYSTEM.tables.keys(), "its columns' types are not known on SQLite"
        columns = manifest.tables["machine"].table.columns
        assert columns["price"].name == "decimal"
        assert columns["checked"].name == "datetime"


def test_files_are_in_it_by_their_hash(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with (
        site_on("sqlite", tmp_path_factory) as site,
        shared_database("sqlite", tmp_path_factory) as (url, home),
    ):
        manifest = back_up(site, tmp_path / "site.zip")
        assert sorted(manifest.files.values()) == [6, len(CONTENT)]
        with restored(tmp_path / "site.zip", url, home) as same:
            kept = dict(same.files.storage.contents())
            assert kept == manifest.files


def _hashes(manifest: Manifest) -> dict[str, tuple[int, str]]:
    return {name: (entry.rows, entry.hash) for name, entry in manifest.tables.items()}


def _everything() -> ListQuery:
    return ListQuery(limit=200)
