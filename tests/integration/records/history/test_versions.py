"""Versions: when they begin and end, what they cost, and how they go."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from loomwork.errors import NotFoundError
from loomwork.model.actor import Actor
from loomwork.publishing.site import Site
from loomwork.records.lists.history import erase, expire_history
from loomwork.records.lists.listing import ListQuery
from loomwork.store.outbox import OUTBOX
from tests.documents import PackBuilder
from tests.office import CASE, CLERK, CLIENT, HEAD, NOTE, NOTED, at, day, rows, told
from tests.sites import put, statements


def test_a_clock_that_goes_back_never_turns_the_order_round(site: Site, head: Actor) -> None:
    with at(day(9)):
        made = site.records.create(head, "case", {"name": "a"})
    for name, number in (("b", 3), ("c", 1), ("d", 9)):
        with at(day(number)):
            site.records.update(head, "case", made["id"], {"name": name})
    with at(day(2)):
        site.records.delete(head, "case", made["id"])
        site.records.restore(head, "case", made["id"])
    step = timedelta(microseconds=1)
    items = site.records.history(head, "case", made["id"]).items
    assert [item["at"] for item in reversed(items)] == [day(9) + n * step for n in range(6)]
    names = [
        site.records.read(head, "case", made["id"], as_of=day(9) + n * step)["name"]
        for n in (0, 1, 2, 3, 5)
    ]
    assert names == ["a", "b", "c", "d", "d"]


def test_versions_from_before_the_history_are_kept_when_they_end(site: Site, head: Actor) -> None:
    with at(day(1)):
        kept = site.records.create(head, "note", {"name": "never changed"})
        made = site.records.create(head, "note", {"name": "as it was"})
    noted = {**NOTE, "features": NOTED}
    put(site, PackBuilder(CASE, CLIENT, noted, CLERK, HEAD, version="1.1.0"))
    try:
        with at(day(2)):
            site.records.update(head, "note", made["id"], {"name": "as it is"})
        page = site.records.page(head, "note", ListQuery(as_of=day(1), sort=("name",)))
        assert [one["name"] for one in page.items] == ["as it was", "never changed"]
        assert told(site, head, "note", made["id"]) == [
            ("baseline", None),
            ("updated", {"name": ("as it was", "as it is")}),
        ]
        assert told(site, head, "note", kept["id"]) == []
    finally:
        put(site, PackBuilder(CASE, CLIENT, NOTE, CLERK, HEAD, version="1.2.0"))
    with pytest.raises(NotFoundError):
        site.records.history(head, "note", made["id"])


def test_a_version_costs_one_statement(site: Site, head: Actor) -> None:
    made = site.records.create(head, "case", {"name": "a"})
    with statements(site) as sent:
        site.records.create(head, "case", {"name": "b"})
    assert len([sql for sql in sent if "case__history" in sql]) == 1
    with statements(site) as sent:
        site.records.update(head, "case", made["id"], {"name": "c"})
    assert len([sql for sql in sent if "case__history" in sql]) == 1
    with statements(site) as sent:
        site.records.delete(head, "case", made["id"])
    assert len([sql for sql in sent if "case__history" in sql]) == 1


def test_many_records_in_one_transaction_cost_one_statement(site: Site, head: Actor) -> None:
    def work(writer: Any) -> None:
        for number in range(20):
            writer("case").create({"name": str(number)})

    with statements(site) as sent:
        site.records.write(head, work)
    assert len([sql for sql in sent if "case__history" in sql]) == 1
    assert rows(site, "case") == 20


def test_what_is_erased_leaves_no_trace(site: Site, head: Actor) -> None:
    made = site.records.create(head, "case", {"name": "private"})
    other = site.records.create(head, "case", {"name": "other"})
    site.records.update(head, "case", made["id"], {"name": "more"})
    runtime = site.current()
    site.store.run(lambda transaction: erase(runtime, transaction, "case", [made["id"]]))
    assert site.records.history(head, "case", made["id"]).items == []
    assert site.records.search(head, "more") == []
    with site.database.reader.connect() as connection:
        theirs = sa.select(OUTBOX.c.changed).where(OUTBOX.c.record == made["id"])
        assert set(connection.execute(theirs).scalars()) == {None}
    assert len(site.records.history(head, "case", other["id"]).items) == 1


def test_old_versions_expire_by_month_and_the_present_one_stays(site: Site, head: Actor) -> None:
    with at(datetime(2026, 1, 10, tzinfo=UTC)):
        made = site.records.create(head, "case", {"name": "january"})
        site.records.create(head, "case", {"name": "still"})
    with at(datetime(2026, 2, 10, tzinfo=UTC)):
        site.records.update(head, "case", made["id"], {"name": "february"})
    with at(datetime(2026, 3, 10, tzinfo=UTC)):
        site.records.update(head, "case", made["id"], {"name": "march"})
    assert expire_history(site.current(), datetime(2026, 3, 9, tzinfo=UTC)) == 1
    assert told(site, head, "case", made["id"]) == [
        ("updated", None),
        ("updated", {"name": ("february", "march")}),
    ]
    assert expire_history(site.current(), datetime(2027, 1, 1, tzinfo=UTC)) == 1
    assert rows(site, "case") == 2
