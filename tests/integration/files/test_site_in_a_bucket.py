"""A site whose files are in a bucket: uploads, failures, and backups that cross over."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from loomwork.cli.setup import prepare_site
from loomwork.errors import UnavailableError
from loomwork.publishing.restoring import restore
from loomwork.publishing.site import Site
from loomwork.store.backup.archive import opened
from loomwork.store.engine import connect
from loomwork.web.fab.tables import create_fab_tables
from tests.integration.files.conftest import S3
from tests.integration.store.backups import back_up
from tests.sites import settings_of

CONTENT = b"Loomwork" * 2_000_000


@pytest.fixture
def site(s3: S3, tmp_path: Path) -> Iterator[Site]:
    settings = settings_of(f"sqlite:///{tmp_path / 'home' / 'site.db'}", tmp_path / "home")
    settings.home.mkdir()
    made = prepare_site(replace(settings, files_url=s3.url(f"site-{uuid4().hex[:8]}")))
    yield made
    made.close()


def drafts(site: Site) -> list[Path]:
    return [path for path in (site.settings.home / "files").rglob("*") if path.is_file()]


def test_an_upload_goes_through_to_the_bucket(site: Site) -> None:
    file = site.files.add("a.bin", [CONTENT], by=None)
    assert b"".join(site.files.pieces(file)) == CONTENT
    assert b"".join(site.files.pieces(file, 5, 13)) == CONTENT[5:13]
    assert dict(site.files.storage.contents()) == {file.sha256: len(CONTENT)}
    assert drafts(site) == []


def test_an_upload_while_the_bucket_is_away_leaves_nothing(site: Site, s3: S3) -> None:
    s3.fail("error", 1000)
    with pytest.raises(UnavailableError):
        site.files.add("a.bin", [b"text"], by=None)
    s3.fail("none", 0)
    assert drafts(site) == []
    assert list(site.files.storage.contents()) == []
    assert site.files.check().missing == ()
    assert site.files.add("a.bin", [b"text"], by=None).size == 4


def test_a_backup_takes_files_from_the_bucket_into_a_folder(site: Site, tmp_path: Path) -> None:
    file = site.files.add("a.bin", [CONTENT], by=None)
    lost = site.files.add("b.bin", [b"lost"], by=None)
    site.files.storage.remove(lost.sha256)
    manifest = back_up(site, tmp_path / "site.zip")
    assert manifest.files == {file.sha256: len(CONTENT)}
    assert manifest.missing == (lost.sha256,)
    settings = settings_of(f"sqlite:///{tmp_path / 'new.db'}", tmp_path / "new")
    database = connect(settings.database_url)
    with opened(tmp_path / "site.zip") as archive:
        restore(settings, database, archive, make_account_tables=create_fab_tables)
    database.dispose()
    same = Site.open(settings)
    assert b"".join(same.files.pieces(same.files.find(file.id))) == CONTENT
    assert [one.id for one in same.files.check().missing] == [lost.id]
    same.close()


def test_a_backup_while_the_bucket_is_away_is_none(site: Site, s3: S3, tmp_path: Path) -> None:
    site.files.add("a.bin", [b"text"], by=None)
    s3.fail("error", 1000)
    with pytest.raises(UnavailableError):
        back_up(site, tmp_path / "site.zip")
    assert list(tmp_path.glob("*site.zip*")) == []
