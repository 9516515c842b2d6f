"""The change feed: in the order of the commits, nothing skipped, nothing twice, nothing leaked."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from loomwork.automation.housekeeping import expire_outbox
from loomwork.errors import GoneError, InvalidError, NotFoundError
from loomwork.model.actor import Actor
from loomwork.publishing.site import Site
from loomwork.records.lists.changes import Change, Changes
from loomwork.store.outbox import OUTBOX, number_committed, outbox_figures
from tests.sites import TESTER, another_worker, person, statements

SOON = 30.0


@pytest.fixture
def start(site: Site) -> str:
    """Return the cursor of what happens from now on to those with every right."""
    return site.records.changes(TESTER, after="now").next


def since(site: Site, actor: Actor, after: str | None, **options: Any) -> list[Change]:
    """Return all changes after a cursor, read in pages."""
    found: list[Change] = []
    more = True
    while more:
        page = site.records.changes(actor, after=after, **options)
        found += page.items
        after, more = page.next, page.more
    return found


def told(changes: list[Change]) -> list[tuple[str, str]]:
    return [(change.event, change.entity) for change in changes]


def test_what_happens_to_a_record_is_told_in_its_order(site: Site, start: str) -> None:
    maker = site.records.create(TESTER, "maker", {"name": "Acme"})
    made = site.records.create(TESTER, "machine", {"name": "Lathe", "seats": 2})
    site.records.update(TESTER, "machine", made["id"], {"seats": 3, "maker": maker["id"]})
    site.records.delete(TESTER, "machine", made["id"])
    site.records.restore(TESTER, "machine", made["id"])
    changes = since(site, TESTER, start)
    assert told(changes) == [
        ("created", "maker"),
        ("created", "machine"),
        ("updated", "machine"),
        ("deleted", "machine"),
        ("restored", "machine"),
    ]
    assert changes[2].changed == ("maker", "seats")
    assert {change.record for change in changes} == {maker["id"], made["id"]}


def test_an_update_that_changes_nothing_is_no_event(site: Site, start: str) -> None:
    made = site.records.create(TESTER, "maker", {"name": "Acme"})
    site.records.update(TESTER, "maker", made["id"], {"name": "Acme"})
    assert told(since(site, TESTER, start)) == [("created", "maker")]


def test_a_write_that_is_refused_leaves_no_event(site: Site, start: str) -> None:
    site.records.create(TESTER, "maker", {"name": "Acme"})
    with pytest.raises(InvalidError):
        site.records.create(TESTER, "maker", {"name": "Acme"})
    assert told(since(site, TESTER, start)) == [("created", "maker")]


def test_pages_follow_each_other_without_gap_or_repetition(site: Site, start: str) -> None:
    names = [f"maker {number}" for number in range(25)]
    made = [site.records.create(TESTER, "maker", {"name": name})["id"] for name in names]
    page = site.records.changes(TESTER, after=start, limit=10)
    assert (len(page.items), page.more) == (10, True)
    assert [change.record for change in since(site, TESTER, start, limit=7)] == made


def test_only_changes_of_one_entity_where_that_is_asked(site: Site) -> None:
    start = site.records.changes(TESTER, after="now", entity="machine").next
    site.records.create(TESTER, "maker", {"name": "Acme"})
    site.records.create(TESTER, "machine", {"name": "Lathe"})
    assert told(since(site, TESTER, start, entity="machine")) == [("created", "machine")]
    with pytest.raises(NotFoundError):
        site.records.changes(TESTER, entity="nothing")


def test_nobody_is_told_of_what_he_may_not_read(site: Site, ann: Actor, bob: Actor) -> None:
    start = site.records.changes(bob, after="now").next
    site.records.create(TESTER, "maker", {"name": "Hidden", "secret": True})
    mine = site.records.create(ann, "machine", {"name": "Ann's", "state": "closed"})
    shown = site.records.create(ann, "machine", {"name": "Open", "state": "open"})
    assert [change.record for change in since(site, bob, start)] == [shown["id"]]
    site.records.update(TESTER, "machine", mine["id"], {"state": "open"})
    seen = [change.record for change in since(site, bob, start)]
    assert sorted(seen) == sorted([mine["id"], mine["id"], shown["id"]])


def test_whoever_may_read_nothing_is_told_nothing_and_can_go_on_from_there(site: Site) -> None:
    nobody = person(site, "nobody")
    start = site.records.changes(nobody, after="now").next
    site.records.create(TESTER, "maker", {"name": "Acme"})
    page = site.records.changes(nobody, after=start)
    assert (page.items, page.more) == ([], False)
    assert page.next != start


def test_what_is_gone_for_good_is_told_to_those_who_may_read_all(
    site: Site, chief: Actor, ann: Actor
) -> None:
    cursors = {actor: site.records.changes(actor, after="now").next for actor in (chief, ann)}
    maker = site.records.create(chief, "maker", {"name": "Acme"})
    part = site.records.create(chief, "part", {"name": "Screw"})
    site.records.delete(chief, "part", part["id"])
    site.records.delete(chief, "maker", maker["id"])
    assert ("deleted", "part") in told(since(site, ann, cursors[ann]))
    assert ("deleted", "part") in told(since(site, chief, cursors[chief]))
    # The mechanic reads makers by a condition, and a maker in the recycle bin still has its row.
    assert ("deleted", "maker") in told(since(site, ann, cursors[ann]))


def test_links_that_a_deletion_empties_are_told(site: Site, start: str) -> None:
    machine = site.records.create(TESTER, "machine", {"name": "Lathe"})
    part = site.records.create(TESTER, "part", {"name": "Screw", "machine": machine["id"]})
    site.records.delete(TESTER, "machine", machine["id"])
    changes = since(site, TESTER, start)
    assert ("updated", part["id"], ("machine",)) in [
        (change.event, change.record, change.changed) for change in changes
    ]


def test_a_cursor_is_good_for_one_reader_and_one_question(site: Site, ann: Actor) -> None:
    mine = site.records.changes(ann).next
    for refused in (mine + "A", "%%%", mine[:-6]):
        with pytest.raises(InvalidError) as caught:
            site.records.changes(ann, after=refused)
        assert [problem.pointer for problem in caught.value.problems] == ["/after"]
    with pytest.raises(InvalidError):
        site.records.changes(TESTER, after=mine)
    with pytest.raises(InvalidError):
        site.records.changes(ann, after=mine, entity="machine")


@pytest.mark.parametrize("limit", [0, 501, -1])
def test_a_limit_that_is_none_is_refused(site: Site, limit: int) -> None:
    with pytest.raises(InvalidError):
        site.records.changes(TESTER, limit=limit)


def test_an_event_keeps_what_changed_and_who_did_it(site: Site, ann: Actor) -> None:
    made = site.records.create(ann, "machine", {"name": "Lathe", "price": "1.5", "notes": "short"})
    changed = {"price": "2.25", "built": "2020-02-03", "notes": "n" * 600}
    site.records.update(ann, "machine", made["id"], changed)
    with site.database.reader.connect() as connection:
        newest = sa.select(OUTBOX).where(OUTBOX.c.record == made["id"]).order_by(OUTBOX.c.id)
        created, updated = connection.execute(newest).all()
    assert (created.changed, created.actor) == (None, ann.user)
    assert updated.changed == (
        '{"built":[null,"2020-02-03"],"notes":[],"price":["1.5000","2.2500"]}'
    )


def test_a_new_record_costs_one_statement_for_the_outbox(site: Site, ann: Actor) -> None:
    site.records.create(ann, "machine", {"name": "first"})
    with statements(site) as sent:
        site.records.create(ann, "machine", {"name": "Lathe"})
    assert len([one for one in sent if "lw_outbox" in one]) == 1
    assert [one for one in sent if "lw_job" in one or "lw_feed" in one] == []


def test_an_import_of_many_costs_one_statement_for_the_outbox(site: Site) -> None:
    def work(writer_of: Any) -> None:
        writer = writer_of("maker")
        for number in range(50):
            writer.create({"name": f"maker {number}"})

    with statements(site) as sent:
        site.records.write(TESTER, work)
    assert len([one for one in sent if "lw_outbox" in one]) == 1


def test_eight_writers_at_once_and_nothing_is_skipped_or_told_twice(site: Site, start: str) -> None:
    seen: list[list[Change]] = [[], []]
    written = threading.Event()

    def write(writer: int) -> list[Any]:
        return [
            site.records.create(TESTER, "maker", {"name": f"{writer}-{number}"})["id"]
            for number in range(12)
        ]

    def read(reading: Site, into: list[Change]) -> str:
        after, last = start, False
        while True:
            last = written.is_set()
            page: Changes = reading.records.changes(TESTER, after=after, limit=9)
            into += page.items
            after = page.next
            if last and not page.more:
                return after

    with another_worker(site) as other, ThreadPoolExecutor(10) as pool:
        readers = [pool.submit(read, site, seen[0]), pool.submit(read, other, seen[1])]
        writers = [pool.submit(write, number) for number in range(8)]
        made = [id_ for writer in writers for id_ in writer.result(SOON)]
        written.set()
        for reader in readers:
            reader.result(SOON)
    for changes in seen:
        assert sorted(change.record for change in changes) == sorted(made)
    assert seen[0] == seen[1]


def test_the_feed_ends_with_whole_months_and_says_so(site: Site, start: str) -> None:
    site.records.create(TESTER, "maker", {"name": "Acme"})
    kept = site.records.changes(TESTER, after=start)
    now = datetime.now(UTC)
    assert expire_outbox(site.store, now) == 0
    assert since(site, TESTER, start) == kept.items
    assert expire_outbox(site.store, now + timedelta(days=32)) > 0
    with pytest.raises(GoneError):
        site.records.changes(TESTER, after=start)
    assert site.records.changes(TESTER, after=kept.next).items == []
    assert site.records.changes(TESTER).items == []
    site.records.create(TESTER, "maker", {"name": "Later"})
    assert told(site.records.changes(TESTER, after=kept.next).items) == [("created", "maker")]


def test_what_has_no_number_yet_does_not_expire(site: Site) -> None:
    site.records.create(TESTER, "maker", {"name": "Acme"})
    assert outbox_figures_of(site).unnumbered > 0
    expire_outbox(site.store, datetime.now(UTC) + timedelta(days=32))
    # Whatever else other tests have left without a number comes before it.
    assert told(since(site, TESTER, None))[-1:] == [("created", "maker")]
    assert outbox_figures_of(site).unnumbered == 0


def outbox_figures_of(site: Site) -> Any:
    with site.database.reader.connect() as connection:
        return outbox_figures(connection)


def test_more_events_than_one_transaction_numbers_are_all_numbered(
    site: Site, start: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loomwork.store.outbox.AT_ONCE", 4)
    for number in range(11):
        site.records.create(TESTER, "maker", {"name": str(number)})
    assert number_committed(site.store) == 11
    assert len(since(site, TESTER, start)) == 11


def test_the_order_holds_where_the_clocks_disagree(
    site: Site, start: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = iter(UUID(int=number) for number in range(1_000, 0, -1))
    monkeypatch.setattr("loomwork.records.following.announcing.new_id", lambda: next(ids))
    made = site.records.create(TESTER, "maker", {"name": "Acme"})
    site.records.update(TESTER, "maker", made["id"], {"name": "Apex"})
    site.records.delete(TESTER, "maker", made["id"])
    assert [change.event for change in since(site, TESTER, start)] == [
        "created",
        "updated",
        "deleted",
    ]
