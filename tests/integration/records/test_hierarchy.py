"""No record of a tree comes to lie below itself, whichever way it is written."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest

from loomwork.errors import InvalidError
from loomwork.model.actor import Actor
from loomwork.publishing.site import Site
from tests.documents import PackBuilder
from tests.integration.engines import shared_database
from tests.integration.records.test_importing import brought_in, reasons
from tests.sites import TESTER, made_site

CIRCLE = [("/parent", "circle")]
NODE: dict[str, Any] = {
    "kind": "entity",
    "name": "node",
    "ownership": "none",
    "fields": {
        "name": {"type": "text", "required": True},
        "parent": {"type": "link", "to": "node", "on_delete": "clear"},
    },
    "hierarchy": "parent",
}


def region(site: Site, actor: Actor, name: str, parent: UUID | None = None) -> UUID:
    values = {"name": name, "parent": str(parent) if parent else None}
    id_: UUID = site.records.create(actor, "region", values)["id"]
    return id_


def move(site: Site, actor: Actor, id_: UUID, parent: UUID) -> list[tuple[str, str]]:
    """Put a region below another; return what is wrong with that."""
    try:
        site.records.update(actor, "region", id_, {"parent": str(parent)})
    except InvalidError as error:
        return [(problem.pointer, problem.code) for problem in error.problems]
    return []


def parents(site: Site, actor: Actor, *ids: UUID) -> list[Any]:
    found = [site.records.read(actor, "region", id_)["parent"] for id_ in ids]
    return [one and one["id"] for one in found]


def test_a_record_is_not_moved_below_itself(trading: Site, boss: Actor) -> None:
    top = region(trading, boss, "top")
    middle = region(trading, boss, "middle", top)
    low = region(trading, boss, "low", middle)
    for below in (top, middle, low):
        assert move(trading, boss, top, below) == CIRCLE
    assert move(trading, boss, low, top) == []
    assert move(trading, boss, middle, low) == []
    assert parents(trading, boss, top, middle, low) == [None, low, top]


def test_an_import_does_not_move_a_record_below_itself(
    trading: Site, boss: Actor, tmp_path: Path
) -> None:
    top = region(trading, boss, "top")
    region(trading, boss, "low", top)
    text = "name,parent\nnew,low\ntop,low\nlow,low\n"
    outcome = brought_in(trading, boss, tmp_path / "r.csv", text, "region", match="name")
    assert reasons(outcome) == {3: CIRCLE, 4: CIRCLE}
    assert outcome.created == 1


def test_a_record_that_is_restored_does_not_close_a_circle(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with (
        shared_database("sqlite", tmp_path_factory) as (url, home),
        made_site(url, home, PackBuilder(NODE)) as site,
    ):
        records = site.records
        high, middle, low = (
            str(records.create(TESTER, "node", {"name": name})["id"]) for name in "abc"
        )
        records.update(TESTER, "node", UUID(middle), {"parent": high})
        records.update(TESTER, "node", UUID(low), {"parent": middle})
        records.delete(TESTER, "node", UUID(middle))
        records.update(TESTER, "node", UUID(high), {"parent": low})
        with pytest.raises(InvalidError) as caught:
            records.restore(TESTER, "node", UUID(middle))
        assert caught.value.problems[0].code == "circle"
        records.update(TESTER, "node", UUID(high), {"parent": None})
        assert records.restore(TESTER, "node", UUID(middle))["parent"]["id"] == UUID(high)


def test_two_that_are_moved_below_each_other_at_once_stay_a_tree(
    trading: Site, boss: Actor
) -> None:
    for number in range(5):
        one, other = (region(trading, boss, f"{name}{number}") for name in ("a", "b"))
        leaf = region(trading, boss, f"leaf{number}", one)
        barrier = Barrier(2)

        def work(pair: tuple[UUID, UUID], barrier: Barrier = barrier) -> list[tuple[str, str]]:
            barrier.wait()
            return move(trading, boss, *pair)

        with ThreadPoolExecutor(2) as pool:
            told = list(pool.map(work, [(one, other), (other, leaf)]))
        assert sorted(told) == [[], CIRCLE]
        assert parents(trading, boss, one, other).count(None) == 1
