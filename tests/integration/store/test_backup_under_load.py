"""A backup that is taken while others write shows one moment, and keeps nobody from writing."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from loomwork.publishing.site import Site
from loomwork.records.lists.listing import ListQuery
from tests.documents import workshop
from tests.integration.engines import ENGINES, shared_database
from tests.integration.store.backups import back_up, restored
from tests.sites import TESTER, made_site

WRITERS = 4


@contextmanager
def writing(site: Site) -> Iterator[list[int]]:
    """Let writers write pairs, each in one transaction, until the end; count what they wrote."""
    stop, written = threading.Event(), [0] * WRITERS
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            while not stop.is_set():
                name = f"{number}-{written[number]}"
                site.records.write(TESTER, partial(pair, name))
                written[number] += 1
        except BaseException as error:  # noqa: BLE001 -- told at the end, in the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    try:
        yield written
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert failures == []


def pair(name: str, writer: Any) -> None:
    """Write a machine, its maker and its three parts."""
    maker = writer("maker").create({"name": f"maker {name}"})
    machine = writer("machine").create(
        {"name": f"machine {name}", "code": name, "maker": str(maker["id"])}
    )
    for part in range(3):
        writer("part").create({"name": f"{name} {part}", "machine": str(machine["id"])})


def everything(site: Site, entity: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        page = site.records.page(TESTER, entity, ListQuery(limit=200, cursor=cursor))
        found += page.items
        cursor = page.next
        if cursor is None:
            return found


@pytest.mark.parametrize("engine", ENGINES)
def test_a_backup_under_load_is_one_moment(
    engine: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with (
        shared_database(engine, tmp_path_factory) as (url, home),
        made_site(url, home, workshop()) as site,
        shared_database("sqlite", tmp_path_factory) as (other, place),
    ):
        for number in range(200):
            site.records.write(TESTER, partial(pair, f"x{number}"))
        with writing(site) as written:
            while min(written) == 0:
                threading.Event().wait(0.01)
            before = list(written)
            back_up(site, tmp_path / "site.zip")
            after = list(written)
        assert sum(after) > sum(before), "nobody could write meanwhile"
        with restored(tmp_path / "site.zip", other, place) as same:
            makers = {one["id"]: one["name"] for one in everything(same, "maker")}
            machines = everything(same, "machine")
            parts = [one["machine"]["id"] for one in everything(same, "part")]
        assert sum(before) <= len(machines) - 200 <= sum(after)
        names = sorted(one["name"].replace("machine", "maker") for one in machines)
        assert names == sorted(makers.values())
        assert sorted(parts) == sorted(one["id"] for one in machines for _ in range(3))
