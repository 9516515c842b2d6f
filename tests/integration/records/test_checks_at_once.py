"""What a check counts over a link, it counts of one record at a time."""

from typing import Any
from uuid import UUID

from loomwork.errors import InvalidError
from loomwork.model.actor import Actor
from loomwork.publishing.site import Site
from loomwork.records.lists.listing import ListQuery
from tests.integration.records.test_many_at_once import THREADS, together


def lines_of(site: Site, actor: Actor, deal: UUID) -> list[Any]:
    query = ListQuery(filter=f"deal == '{deal}'")
    return list(site.records.page(actor, "line", query).items)


def test_many_that_are_added_at_once_do_not_go_beyond_what_a_check_allows(
    trading: Site, boss: Actor
) -> None:
    deal = trading.records.create(boss, "deal", {"name": "a", "limit": 30})["id"]

    def work(number: int) -> str:
        line = {"name": str(number), "deal": str(deal), "net": 10}
        try:
            trading.records.create(boss, "line", line)
        except InvalidError as error:
            return error.problems[0].code
        return "made"

    assert sorted(together(work)) == ["check"] * (THREADS - 3) + ["made"] * 3
    assert len(lines_of(trading, boss, deal)) == 3


def test_many_that_are_changed_at_once_do_not_go_beyond_what_a_check_allows(
    trading: Site, boss: Actor
) -> None:
    deal = trading.records.create(boss, "deal", {"name": "a", "limit": 30})["id"]
    made = [
        trading.records.create(boss, "line", {"name": str(number), "deal": str(deal), "net": 0})
        for number in range(THREADS)
    ]

    def work(number: int) -> str:
        try:
            trading.records.update(boss, "line", made[number]["id"], {"net": 10})
        except InvalidError as error:
            return error.problems[0].code
        return "made"

    assert sorted(together(work)) == ["check"] * (THREADS - 3) + ["made"] * 3
    assert sum(line["net"] for line in lines_of(trading, boss, deal)) == 30
