"""A transaction that commits late is told late: no reader who was there before misses it."""

from collections.abc import Iterator

import pytest

from loomwork.publishing.site import Site
from tests.documents import workshop
from tests.integration.engines import shared_database
from tests.sites import TESTER, empty, made_site


@pytest.fixture(scope="module", params=["postgresql", "mariadb"])
def shared_site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Yield a site on an engine where writers do not wait for each other."""
    with (
        shared_database(request.param, tmp_path_factory) as (url, home),
        made_site(url, home, workshop()) as site,
    ):
        yield site


@pytest.fixture
def site(shared_site: Site) -> Site:
    """Return the module's site without a single record."""
    empty(shared_site)
    return shared_site


def test_a_reader_sees_the_event_of_a_transaction_that_was_open_while_he_read(site: Site) -> None:
    start = site.records.changes(TESTER, after="now").next
    with site.database.transaction() as connection:
        transaction = site.store.join(connection)
        late = site.records.create(
            TESTER, "maker", {"name": "begun first"}, transaction=transaction
        )
        early = site.records.create(TESTER, "maker", {"name": "begun later"})
        first = site.records.changes(TESTER, after=start)
        assert [change.record for change in first.items] == [early["id"]]
    second = site.records.changes(TESTER, after=first.next)
    assert [change.record for change in second.items] == [late["id"]]
    assert site.records.changes(TESTER, after=second.next).items == []


def test_three_open_transactions_are_told_in_the_order_in_which_they_commit(site: Site) -> None:
    start = site.records.changes(TESTER, after="now").next
    opened = [site.database.writer.connect() for _ in range(3)]
    made = [
        site.records.create(
            TESTER, "maker", {"name": str(number)}, transaction=site.store.join(connection)
        )["id"]
        for number, connection in enumerate(opened)
    ]
    told, after = [], start
    for number in (2, 0, 1):
        opened[number].commit()
        opened[number].close()
        page = site.records.changes(TESTER, after=after)
        told += [change.record for change in page.items]
        after = page.next
    assert told == [made[2], made[0], made[1]]
    whole = site.records.changes(TESTER, after=start)
    assert [change.record for change in whole.items] == told


def test_what_is_rolled_back_leaves_no_gap_that_anybody_waits_for(site: Site) -> None:
    start = site.records.changes(TESTER, after="now").next
    with site.database.writer.connect() as connection:
        site.records.create(
            TESTER, "maker", {"name": "never"}, transaction=site.store.join(connection)
        )
        connection.rollback()
    made = site.records.create(TESTER, "maker", {"name": "there"})
    page = site.records.changes(TESTER, after=start)
    assert [change.record for change in page.items] == [made["id"]]
