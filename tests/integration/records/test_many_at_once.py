"""Several threads at once: nothing is lost, clashes are repeated, and nobody waits forever."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import OperationalError

from loomwork.errors import InvalidError, StaleVersionError, UnavailableError
from loomwork.model.actor import Actor
from loomwork.publishing.site import Site
from loomwork.records.lists.listing import ListQuery
from loomwork.store.transaction import Transaction
from tests.sites import TESTER

THREADS = 8


class DeadlockError(Exception):
    """What PostgreSQL's driver raises, as far as it is looked at."""

    sqlstate = "40P01"


CLASHES = {
    "sqlite": Exception("database is locked"),
    "postgresql": DeadlockError("deadlock detected"),
    "mariadb": Exception(1213, "Deadlock found"),
}


def together(work: Callable[[int], Any]) -> list[Any]:
    barrier = threading.Barrier(THREADS)

    def run(number: int) -> Any:
        barrier.wait()
        return work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def add_one(site: Site, actor: Actor, id_: UUID) -> None:
    """Add a seat, as a client does who reads, counts and sends the version that he read."""
    while True:
        record = site.records.read(actor, "machine", id_)
        try:
            site.records.update(
                actor, "machine", id_, {"seats": record["seats"] + 1}, version=record["version"]
            )
        except StaleVersionError:
            continue
        return


def test_with_versions_no_update_is_lost(site: Site, ann: Actor) -> None:
    made = site.records.create(ann, "machine", {"name": "a", "seats": 0})

    def work(_: int) -> None:
        for _ in range(3):
            add_one(site, ann, made["id"])

    together(work)
    after = site.records.read(ann, "machine", made["id"])
    assert (after["seats"], after["version"]) == (3 * THREADS, 3 * THREADS + 1)


def test_of_many_with_the_same_unique_value_one_wins(site: Site) -> None:
    def work(number: int) -> str:
        try:
            site.records.create(TESTER, "machine", {"name": str(number), "code": "same"})
        except InvalidError as error:
            return error.problems[0].code
        return "made"

    assert sorted(together(work)) == ["made"] + ["not_unique"] * (THREADS - 1)


def test_writers_in_opposite_order_all_finish(site: Site) -> None:
    ids = [site.records.create(TESTER, "machine", {"name": "a", "seats": 0})["id"] for _ in "ab"]

    def work(number: int) -> None:
        order: Sequence[UUID] = ids if number % 2 else ids[::-1]

        def both(writer: Callable[[str], Any]) -> None:
            for id_ in order:
                record = writer("machine").read(id_)
                writer("machine").update(id_, {"order": number, "group": str(record["version"])})

        while True:
            try:
                site.records.write(TESTER, both)
            except UnavailableError:
                continue
            return

    together(work)
    versions = {
        record["version"] for record in site.records.page(TESTER, "machine", ListQuery()).items
    }
    assert versions == {THREADS + 1}


def test_a_clash_is_repeated_and_given_up_in_the_end(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    tries: list[int] = []

    def work(failures: int) -> Callable[[Transaction], str]:
        def use(_: Transaction) -> str:
            tries.append(1)
            if len(tries) <= failures:
                raise OperationalError("x", None, CLASHES[site.database.name])
            return "done"

        return use

    assert site.store.run(work(2)) == "done"
    assert len(tries) == 3
    tries.clear()
    with pytest.raises(UnavailableError, match="busy"):
        site.store.run(work(99))


@pytest.mark.parametrize("first", [0, 1])
def test_a_real_deadlock_of_locking_reads_is_told_as_a_clash(site: Site, first: int) -> None:
    ids = [site.records.create(TESTER, "machine", {"name": "a"})["id"] for _ in "ab"]
    barrier = threading.Barrier(2, timeout=20)
    attempts: list[int] = []

    def work(number: int) -> None:
        waited: list[int] = []

        def both(writer: Callable[[str], Any]) -> None:
            attempts.append(number)
            writer("machine").change(ids[number], {"seats": number})
            if not waited and site.database.name != "sqlite":
                waited.append(1)
                barrier.wait()
            writer("machine").change(ids[1 - number], {"seats": number})

        site.records.write(TESTER, both)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, (first, 1 - first)))
    assert len(attempts) == (2 if site.database.name == "sqlite" else 3)


def test_no_record_comes_to_link_to_one_that_is_just_being_deleted(site: Site) -> None:
    maker = site.records.create(TESTER, "maker", {"name": "m"})
    deleted, told = threading.Event(), []

    def delete(writer: Callable[[str], Any]) -> None:
        writer("maker").delete(maker["id"])
        deleted.set()
        # Time for the other thread to look for the maker, which it may not see any more.
        time.sleep(0.3)

    def link() -> None:
        deleted.wait(20)
        with pytest.raises(InvalidError) as caught:
            site.records.create(TESTER, "machine", {"name": "a", "maker": str(maker["id"])})
        told.append(caught.value.problems[0].code)

    thread = threading.Thread(target=link)
    thread.start()
    site.records.write(TESTER, delete)
    thread.join(30)
    assert told == ["no_such_record"]
