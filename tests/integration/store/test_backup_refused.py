"""What a restore refuses: archives that are damaged or strange, databases that are not empty."""

import json
import os
import random
import signal
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from loomwork.errors import ConflictError, LoomworkError, UnavailableError
from loomwork.publishing import restoring
from loomwork.publishing.site import Site
from loomwork.store.backup.archive import MANIFEST, DamagedError, opened
from loomwork.store.engine import connect
from tests.integration.engines import ENGINES, shared_database
from tests.integration.store.backups import back_up, restore_into, site_on
from tests.sites import made_site, settings_of


@pytest.fixture(scope="module")
def backup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a backup that every test of the module may copy."""
    file = tmp_path_factory.mktemp("backup") / "site.zip"
    with site_on("sqlite", tmp_path_factory) as site:
        back_up(site, file)
    return file


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[str]:
    """Yield the address of a database that has nothing; and look that nothing has come."""
    yield f"sqlite:///{tmp_path / 'new' / 'site.db'}"
    assert tables_of(tmp_path / "new" / "site.db") == []


def tables_of(file: Path) -> list[str]:
    if not file.exists():
        return []
    engine = sa.create_engine(f"sqlite:///{file}")
    try:
        return sa.inspect(engine).get_table_names()
    finally:
        engine.dispose()


def changed(backup: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """Write a copy of the archive whose entries ``change`` may replace or leave out."""
    with zipfile.ZipFile(backup) as source, zipfile.ZipFile(target, "w") as copy:
        for info in source.infolist():
            content = change(info.filename, source.read(info))
            if content is not None:
                copy.writestr(info.filename, content)
    return target


def with_manifest(backup: Path, target: Path, **values: Any) -> Path:
    def change(name: str, content: bytes) -> bytes:
        return (
            json.dumps({**json.loads(content), **values}).encode() if name == MANIFEST else content
        )

    return changed(backup, target, change)


def refused(file: Path, url: str, error: type[LoomworkError] = DamagedError) -> str:
    home = Path(url.removeprefix("sqlite:///")).parent
    home.mkdir(exist_ok=True)
    with pytest.raises(error) as caught:
        restore_into(file, url, home)
    return str(caught.value)


@pytest.mark.parametrize("kept", [0.0, 0.001, 0.3, 0.7, 0.999])
def test_an_archive_that_is_cut_off(backup: Path, tmp_path: Path, empty: str, kept: float) -> None:
    content = backup.read_bytes()
    (tmp_path / "cut.zip").write_bytes(content[: int(len(content) * kept)])
    assert "cut.zip" in refused(tmp_path / "cut.zip", empty)


def test_an_archive_with_any_byte_changed_is_refused_or_says_the_same(
    backup: Path, tmp_path: Path
) -> None:
    source, content = random.Random(4), backup.read_bytes()
    with opened(backup) as whole:
        hash_ = whole.manifest.hash
    found = set()
    for _ in range(150):
        spoilt = bytearray(content)
        spoilt[source.randrange(len(content))] ^= 1 << source.randrange(8)
        (tmp_path / "spoilt.zip").write_bytes(spoilt)
        found.add(_read(tmp_path / "spoilt.zip"))
    # What zip itself does not look at, such as the time of an entry, changes nothing.
    assert found <= {"refused", hash_}
    assert "refused" in found


def _read(file: Path) -> str:
    try:
        with opened(file) as archive:
            archive.verify()
            return archive.manifest.hash
    except LoomworkError:
        return "refused"


@pytest.mark.parametrize("entry", ["tables/machine.jsonl", "tables/lw_revision.jsonl"])
def test_a_row_too_few_is_told_with_its_table(
    backup: Path, tmp_path: Path, empty: str, entry: str
) -> None:
    def shorten(name: str, content: bytes) -> bytes:
        return content[content.index(b"\n") + 1 :] if name == entry else content

    assert entry in refused(changed(backup, tmp_path / "less.zip", shorten), empty)


def test_a_file_with_other_content_is_told(backup: Path, tmp_path: Path, empty: str) -> None:
    def spoil(name: str, content: bytes) -> bytes:
        return content[:-1] + b"?" if name.startswith("files/") else content

    assert "files/" in refused(changed(backup, tmp_path / "other.zip", spoil), empty)


@pytest.mark.parametrize("odd", ["../../escaped", "/etc/escaped", "tables/more.jsonl"])
def test_an_entry_that_the_manifest_does_not_name(
    backup: Path, tmp_path: Path, empty: str, odd: str
) -> None:
    file = changed(backup, tmp_path / "more.zip", lambda _, content: content)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(odd, "x")
    assert odd in refused(file, empty)
    assert not (tmp_path.parent / "escaped").exists()


@pytest.mark.parametrize("entry", [MANIFEST, "tables/machine.jsonl"])
def test_an_entry_that_is_missing(backup: Path, tmp_path: Path, empty: str, entry: str) -> None:
    def without(name: str, content: bytes) -> bytes | None:
        return None if name == entry else content

    refused(changed(backup, tmp_path / "less.zip", without), empty)


def test_a_backup_of_a_newer_program(backup: Path, tmp_path: Path, empty: str) -> None:
    newer = with_manifest(backup, tmp_path / "newer.zip", format=2)
    assert "format 2" in refused(newer, empty, UnavailableError)
    later = with_manifest(backup, tmp_path / "later.zip", version="9999")
    assert "9999" in refused(later, empty, UnavailableError)


def test_a_manifest_that_contradicts_itself(backup: Path, tmp_path: Path, empty: str) -> None:
    other = with_manifest(backup, tmp_path / "other.zip", hash="0" * 64)
    assert "manifest" in refused(other, empty)


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_backup_at_all(tmp_path: Path, empty: str, content: bytes) -> None:
    (tmp_path / "no.zip").write_bytes(content)
    refused(tmp_path / "no.zip", empty)


def test_a_bomb_is_read_in_pieces_and_refused(backup: Path, tmp_path: Path, empty: str) -> None:
    def swell(name: str, content: bytes) -> bytes:
        return b"[" * 300_000_000 if name == "tables/part.jsonl" else content

    target = tmp_path / "bomb.zip"
    with (
        zipfile.ZipFile(backup) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as to,
    ):
        for info in source.infolist():
            to.writestr(info.filename, swell(info.filename, source.read(info)))
    assert "tables/part.jsonl" in refused(target, empty)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_database_that_has_a_site_stays_as_it_is(
    engine: str, backup: Path, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    with (
        shared_database(engine, tmp_path_factory) as (url, home),
        made_site(url, home) as site,
    ):
        before = back_up(site, tmp_path / "before.zip").hash
        with pytest.raises(ConflictError, match="not empty"):
            restore_into(backup, url, home)
        assert back_up(site, tmp_path / "after.zip").hash == before


KILLED = ("load", "require_same", "_put_files", "end_restore")
"""What has begun when the restore is killed."""
EVERYWHERE = [(engine, last) for engine in ENGINES for last in KILLED]
SAMPLE = [("sqlite", "_put_files"), ("postgresql", "load"), ("mariadb", "end_restore")]


Pair = tuple[str, str]


@pytest.mark.parametrize(
    "pair",
    [*SAMPLE, *(pytest.param(pair, marks=pytest.mark.soak) for pair in EVERYWHERE)],
    ids="-".join,
)
def test_a_restore_that_was_killed_serves_nobody_and_is_run_again(
    pair: Pair,
    backup: Path,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine, last = pair
    with shared_database(engine, tmp_path_factory) as (url, home):
        pid = os.fork()
        if pid == 0:
            monkeypatch.setattr(restoring, last, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
            restore_into(backup, url, home)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
        with pytest.raises(UnavailableError, match="did not come to its end"):
            Site.open(settings_of(url, home))
        manifest = restore_into(backup, url, home)
        site = Site.open(settings_of(url, home))
        assert back_up(site, tmp_path / "again.zip").hash == manifest.hash
        site.close()


def test_tables_of_another_program_stay(
    backup: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with shared_database("sqlite", tmp_path_factory) as (url, home):
        database = connect(settings_of(url, home).database_url)
        with database.transaction() as connection:
            connection.exec_driver_sql("CREATE TABLE theirs (id INTEGER)")
        database.dispose()
        restore_into(backup, url, home)
        assert "theirs" in tables_of(home / "site.db")
