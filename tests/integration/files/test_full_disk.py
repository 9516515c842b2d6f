"""A disk that is full while a file or a backup is written."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from loomwork.errors import UnavailableError
from loomwork.publishing.site import Site
from tests.integration.store.backups import back_up
from tests.sites import made_site

CONTENT = bytes(range(256)) * 4096


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with made_site(f"sqlite:///{tmp_path / 'site.db'}", tmp_path / "home") as made:
        yield made


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """Let no file grow beyond ``size`` bytes, as if the disk ended there."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def files_below(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


def test_an_upload_is_refused_leaves_nothing_and_the_next_one_works(site: Site) -> None:
    with room_for(100_000), pytest.raises(UnavailableError, match="cannot be kept"):
        site.files.add("a.bin", [CONTENT], by=None)
    assert files_below(site.settings.home / "files") == []
    assert site.files.add("a.bin", [CONTENT], by=None).size == len(CONTENT)


def test_a_backup_is_refused_and_leaves_nothing(site: Site, tmp_path: Path) -> None:
    site.files.add("a.bin", [CONTENT], by=None)
    with room_for(100_000), pytest.raises(UnavailableError, match="cannot be written"):
        back_up(site, tmp_path / "backups.zip")
    assert [name for name in files_below(tmp_path) if "backups" in name] == []
    assert back_up(site, tmp_path / "backups.zip").missing == ()
