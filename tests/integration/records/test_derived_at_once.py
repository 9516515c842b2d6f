"""Many writers at once: totals are exact whoever writes when, in processes of their own."""

import os
import random
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from loomwork.errors import LoomworkError, UnavailableError
from loomwork.publishing.site import Site
from loomwork.records.deriving.building import check_derived, chosen
from loomwork.records.lists.listing import ListQuery
from tests.integration.engines import ENGINES, shared_database
from tests.shop import shop
from tests.sites import TESTER, made_site, settings_of

ACCOUNTS, ORDERS, PRODUCTS = 3, 4, 3


def patiently(work: Any) -> Any:
    """Return what ``work`` gives, done again where the database is busy."""
    while True:
        try:
            return work()
        except UnavailableError:
            time.sleep(0.05)


def write(site: Site, source: random.Random, found: Mapping[str, Sequence[UUID]]) -> None:
    """Do one of the things that change totals: add, move, change, remove."""
    records, pick = site.records, source.choice
    line = {"name": "line", "product": str(pick(found["product"])), "quantity": pick((1, 2, 5))}
    order, account = pick(found["order"]), str(pick(found["account"]))
    match pick(("line", "line", "line", "move", "stage", "price", "delete")):
        case "line":
            records.create(TESTER, "line", {**line, "order": str(order)})
        case "move":
            records.update(TESTER, "order", order, {"account": account})
        case "stage":
            records.update(TESTER, "order", order, {"stage": pick(("won", "open"))})
        case "price":
            records.update(TESTER, "product", pick(found["product"]), {"price": pick((1, 3, 9))})
        case _:
            for one in records.page(TESTER, "line", ListQuery(limit=1)).items:
                records.delete(TESTER, "line", one["id"])


def one_writer(url: str, home: Path, number: int, times: int) -> None:
    """Write so many times as a process of its own."""
    site = Site.open(settings_of(url, home))
    source = random.Random(number)
    names = ("account", "order", "product")
    found = {
        name: [one["id"] for one in site.records.page(TESTER, name, ListQuery()).items]
        for name in names
    }
    for _ in range(times):
        try:
            patiently(lambda: write(site, source, found))
        except LoomworkError as error:
            # Somebody else has just removed what was to be changed.
            if error.code != "not_found":
                raise
    site.close()


def forked(url: str, home: Path, number: int, times: int) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        one_writer(url, home, number, times)
        code = 0
    except BaseException:  # noqa: BLE001 -- whatever it is, this process is a copy and must end
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def hold(url: str, home: Path, writers: int, times: int) -> None:
    with made_site(url, home, shop()) as site:
        accounts = [
            site.records.create(TESTER, "account", {"name": f"a{number}"})["id"]
            for number in range(ACCOUNTS)
        ]
        for number in range(ORDERS):
            values = {"name": f"o{number}", "account": str(accounts[number % ACCOUNTS])}
            site.records.create(TESTER, "order", {**values, "chance": 50})
        for number in range(PRODUCTS):
            site.records.create(TESTER, "product", {"name": f"p{number}", "price": number})
        site.database.dispose()
        children = [forked(url, home, number, times) for number in range(writers)]
        codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children]
        assert codes == [0] * writers
        runtime = site.current()
        drifts = [check_derived(runtime, one) for one in chosen(runtime)]
        assert [(one.entity, one.field, one.count) for one in drifts if one.count] == []
        looked_at = {one.entity: one.looked_at for one in drifts}
        assert looked_at["line"] > 0


@pytest.mark.parametrize("engine", ENGINES)
def test_totals_are_exact_with_many_writers(
    engine: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with shared_database(engine, tmp_path_factory) as (url, home):
        hold(url, home, 16, 4)


@pytest.mark.soak
@pytest.mark.parametrize("engine", ENGINES)
def test_totals_are_exact_with_many_writers_for_long(
    engine: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with shared_database(engine, tmp_path_factory) as (url, home):
        hold(url, home, 16, 60)
