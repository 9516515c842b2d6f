"""Publishing while others read and write: nobody sees an error, and no write is lost."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from loomwork.errors import ConflictError, LoomworkError, UnavailableError
from loomwork.publishing import faults
from loomwork.publishing.journal import Opened, take_over
from loomwork.publishing.purge import purge
from loomwork.publishing.site import Site
from loomwork.records.lists.listing import ListQuery
from loomwork.store.engine import LOCK_KEY
from loomwork.store.lock import LOST, Lock
from tests.documents import Body, PackBuilder
from tests.integration.publishing.killing import missing, superfluous
from tests.sites import TESTER, another_worker, made_site, put

BEFORE: Body = {
    "kind": "entity",
    "name": "gadget",
    "fields": {"name": {"type": "text"}, "size": {"type": "integer"}, "note": {"type": "text"}},
}
AFTER: Body = {
    **BEFORE,
    "fields": {
        "name": {"type": "text", "search": True, "unique": True, "max_length": 300},
        "size": {"type": "decimal", "places": 2},
        "late": {"type": "date", "indexed": True},
    },
}
NOTE: Body = {"type": "text", "indexed": True}
MORE: Body = {"size": {"type": "decimal", "places": 4}}
WRITERS, ROUNDS = 3, 2
HOLDER = {
    "postgresql": f"SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = {LOCK_KEY + 1}"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
    "mariadb": "SELECT IS_USED_LOCK(LEFT(CONCAT('loomwork:', DATABASE()), 64))",
}
END = {"postgresql": "SELECT pg_terminate_backend({})", "mariadb": "KILL {}"}


@dataclass(slots=True)
class Seen:
    """What writers have been told: the size that each record has, and every refusal."""

    sizes: dict[Any, int] = field(default_factory=dict)
    refusals: list[LoomworkError] = field(default_factory=list)
    reads: int = 0


def write(site: Site, seen: Seen, done: threading.Event, writer: int) -> None:
    number = 0
    while not done.is_set():
        number += 1
        values = {"name": f"w{writer}-{number}", "size": number}
        try:
            id_ = site.records.create(TESTER, "gadget", values)["id"]
            seen.sizes[id_] = number
            site.records.update(TESTER, "gadget", id_, {"size": number + 1000})
            seen.sizes[id_] = number + 1000
        except LoomworkError as error:
            seen.refusals.append(error)


def read(site: Site, seen: Seen, done: threading.Event) -> None:
    while not done.is_set():
        site.records.page(TESTER, "gadget", ListQuery(sort=("name",), limit=20))
        seen.reads += 1


@contextmanager
def busy(site: Site) -> Iterator[Seen]:
    """Let several workers read and write until the end; whatever they raise is raised here."""
    done, seen = threading.Event(), Seen()
    running: list[Future[None]] = []
    with another_worker(site) as one, another_worker(site) as two:
        with ThreadPoolExecutor(WRITERS + 2) as pool:
            running += [pool.submit(write, one, seen, done, number) for number in range(WRITERS)]
            running += [pool.submit(read, worker, seen, done) for worker in (one, two)]
            try:
                yield seen
            finally:
                done.set()
        for each in running:
            each.result()


def sizes(site: Site) -> dict[Any, int]:
    table = site.refresh().tables["gadget"]
    with site.database.reader.connect() as connection:
        rows = connection.execute(sa.select(table.columns["id"], table.columns["size"]))
        return {id_: int(Decimal(str(size))) for id_, size in rows}


def test_every_write_lands_whole_under_the_old_or_the_new_model(site: Site) -> None:
    put(site, PackBuilder(BEFORE))
    with busy(site) as seen:
        put(site, PackBuilder(AFTER))
        for number in range(ROUNDS):
            fields = {**AFTER["fields"], **MORE, f"more{number}": NOTE}
            put(site, PackBuilder({**AFTER, "fields": fields}))
    assert seen.refusals == []
    assert seen.reads
    assert seen.sizes.items() <= sizes(site).items()
    assert (superfluous(site), missing(site)) == ([], [])
    names = {one["name"] for one in site.records.page(TESTER, "gadget", ListQuery(limit=5)).items}
    for name in names:
        assert site.records.page(TESTER, "gadget", ListQuery(search=name)).items


def test_what_is_written_between_the_copy_and_the_switch_is_carried_over(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(site, PackBuilder(BEFORE))
    first = site.records.create(TESTER, "gadget", {"name": "first", "size": 1})["id"]
    written: list[Any] = []

    def between(moment: str) -> None:
        if moment == "marked:convert:gadget.size":
            with another_worker(site) as worker:
                worker.records.update(TESTER, "gadget", first, {"size": 2, "name": "Größe"})
                made = worker.records.create(TESTER, "gadget", {"name": "second", "size": 3})
                written.append(made["id"])

    with monkeypatch.context() as patch:
        patch.setattr(faults, "reach", between)
        put(site, PackBuilder(AFTER))
    assert sizes(site) == {first: 2, written[0]: 3}
    found = site.records.page(TESTER, "gadget", ListQuery(search="große")).items
    assert [one["id"] for one in found] == [first]


def test_equal_values_written_after_the_unique_was_made_are_refused_to_the_writer(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = {**BEFORE["fields"], "name": {"type": "text", "unique": True}}
    put(site, PackBuilder(BEFORE))
    site.records.create(TESTER, "gadget", {"name": "same"})
    refused: list[int] = []

    def between(moment: str) -> None:
        if moment.startswith("marked:add_index:gadget.gadget__name_u"):
            with another_worker(site) as worker, pytest.raises(LoomworkError) as caught:
                worker.records.create(TESTER, "gadget", {"name": "same"})
            refused.append(caught.value.status)

    with monkeypatch.context() as patch:
        patch.setattr(faults, "reach", between)
        put(site, PackBuilder({**BEFORE, "fields": fields}))
    assert refused == [409]


def test_a_reader_that_has_not_noticed_a_purge_reads_again(site: Site) -> None:
    put(site, PackBuilder(BEFORE))
    site.records.create(TESTER, "gadget", {"name": "g", "note": "gone"})
    with another_worker(site) as worker:
        query = ListQuery()
        assert worker.records.page(TESTER, "gadget", query).items[0]["note"] == "gone"
        fields = {"name": BEFORE["fields"]["name"]}
        put(site, PackBuilder({**BEFORE, "fields": fields}))
        ids = ["drop_column:gadget.note", "drop_column:gadget.size"]
        purge(site.database, site.columns, site.model.entities, confirmed=ids, author="test")
        assert "note" not in worker.records.page(TESTER, "gadget", query).items[0]


def test_a_publish_that_another_has_overtaken_stops_at_its_next_step(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(site, PackBuilder(BEFORE))
    taken: list[int] = []

    def overtaken(moment: str) -> None:
        if moment.startswith("marked:add_column") and not taken:
            # As another publisher does, to whom the lock went without the first one noticing.
            opened = Opened(id=0, state="preparing", base=0, revision=None)
            taken.append(take_over(site.database, Lock(lambda: True), opened).token)

    with monkeypatch.context() as patch:
        patch.setattr(faults, "reach", overtaken)
        with pytest.raises(ConflictError, match="Another publish"):
            put(site, PackBuilder(AFTER))
    assert site.refresh().model.entities["gadget"].fields["size"].type.name == "integer"
    put(site, PackBuilder(AFTER))
    assert (superfluous(site), missing(site)) == ([], [])


@pytest.mark.parametrize("engine", ["postgresql", "mariadb"])
def test_a_publisher_whose_connection_died_changes_nothing_more(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = request.getfixturevalue(f"{engine}_database")
    with made_site(url, tmp_path, PackBuilder(BEFORE)) as site:

        def lose(moment: str) -> None:
            if moment == "begun":
                with site.database.writer.connect() as connection:
                    holder = connection.exec_driver_sql(HOLDER[engine]).scalar_one()
                    connection.exec_driver_sql(END[engine].format(holder))

        with monkeypatch.context() as patch:
            patch.setattr(faults, "reach", lose)
            with pytest.raises(UnavailableError) as caught:
                put(site, PackBuilder(AFTER))
        assert caught.value.template == LOST
        with another_worker(site) as worker:
            assert worker.model.entities["gadget"].fields["size"].type.name == "integer"
        put(site, PackBuilder(AFTER))
        assert (superfluous(site), missing(site)) == ([], [])
