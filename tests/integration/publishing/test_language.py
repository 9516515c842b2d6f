"""A site whose packs were written in the first language goes on working after an upgrade."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from loomwork.catalog.documents import read_pack
from loomwork.model.actor import system
from loomwork.publishing.install import install_packs
from loomwork.publishing.revisions import newest_revision, read_documents
from loomwork.publishing.site import Site
from tests.sites import another_worker, made_site

HARBOUR = Path(__file__).parents[2] / "unit" / "catalog" / "first_language"


@pytest.fixture
def site(sqlite_database: str, tmp_path: Path) -> Iterator[Site]:
    """Yield a site with a pack that is written in the first language."""
    with made_site(sqlite_database, tmp_path) as made:
        install_packs(made.database, [read_pack(HARBOUR)], author="test")
        made.refresh()
        yield made


def test_its_documents_mean_what_they_meant(site: Site) -> None:
    assert site.model.views["deep_ships"].columns == ("name", "draught")
    assert site.model.entities["ship"].label.to("zh_CN") == "船舶"
    assert site.model.roles["pilot"].grants.keys() == {"ship"}


def test_a_record_can_be_made_without_what_nobody_could_fill(site: Site) -> None:
    made = site.records.create(system("test"), "ship", {"name": "Argo"})
    assert made["seal"] is None


def test_another_process_reads_them_from_the_revision_just_so(site: Site) -> None:
    with another_worker(site) as other:
        assert other.model.hash == site.model.hash
        assert other.model.views == site.model.views


def test_what_was_written_stays_as_it_is_so_nothing_changes_by_itself(site: Site) -> None:
    with site.database.reader.connect() as connection:
        kept = read_documents(connection, newest_revision(connection))
    stored = {document.file: document.text for document in kept if document.pack == "harbour"}
    assert stored == {document.file: document.text for document in read_pack(HARBOUR)}
    assert install_packs(site.database, [read_pack(HARBOUR)], author="test").revision is None
