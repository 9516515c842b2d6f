"""Records read as they were at a moment."""

from datetime import UTC, datetime
from typing import Any

import pytest

from loomwork.errors import InvalidError, NotFoundError
from loomwork.model.actor import Actor
from loomwork.publishing.site import Site
from loomwork.records.lists.listing import ListQuery
from loomwork.records.rules.judging import plain
from tests.documents import PackBuilder
from tests.integration.engines import ENGINES, shared_database
from tests.integration.records.test_parts_and_sets import ITEM, OFFER, PLACE
from tests.office import NOTED, at, day, listed, told
from tests.sites import TESTER, made_site, statements


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_past_is_read_like_the_present(site: Site, head: Actor) -> None:
    with at(day(1)):
        first = site.records.create(head, "case", {"name": "a", "fee": "1.50", "open": True})
    with at(day(2)):
        second = site.records.create(head, "case", {"name": "b", "due": day(9).isoformat()})
    with at(day(3)):
        site.records.update(head, "case", first["id"], {"name": "c", "fee": "99.00"})
    with at(day(4)):
        site.records.delete(head, "case", second["id"])
    with at(day(5)):
        site.records.restore(head, "case", second["id"])
    by_name: dict[str, Any] = {"sort": ("name",)}
    assert listed(site, head, day(0), **by_name) == []
    assert listed(site, head, day(1), **by_name) == ["a"]
    assert listed(site, head, day(2), **by_name) == ["a", "b"]
    assert listed(site, head, day(3), **by_name) == ["b", "c"]
    assert listed(site, head, day(4), **by_name) == ["c"]
    assert listed(site, head, day(5), **by_name) == listed(site, head, **by_name) == ["b", "c"]
    assert listed(site, head, day(2), filter="fee < 2") == ["a"]
    assert listed(site, head, day(3), filter="fee < 2") == []
    assert site.records.read(head, "case", first["id"], as_of=day(2)) == first
    assert site.records.read(head, "case", second["id"], as_of=day(3)) == second
    with pytest.raises(NotFoundError):
        site.records.read(head, "case", second["id"], as_of=day(4))


def test_names_are_sorted_in_the_past_as_in_the_present(site: Site, head: Actor) -> None:
    with at(day(1)):
        made = [
            site.records.create(head, "case", {"name": name})["id"]
            for name in ("张江", "b", "阿里", "Ä", "苏州", "C")
        ]
    sorted_ = listed(site, head, sort=("name",))
    with at(day(2)):
        for id_ in made:
            site.records.update(head, "case", id_, {"name": "x"})
    assert listed(site, head, day(1), sort=("name",)) == sorted_


def test_pages_and_counts_of_the_past_are_whole(site: Site, head: Actor) -> None:
    with at(day(1)):
        ids = [
            site.records.create(head, "case", {"name": f"n{number}", "rank": number % 3})["id"]
            for number in range(7)
        ]
    with at(day(2)):
        for id_ in ids[::2]:
            site.records.update(head, "case", id_, {"name": "later", "rank": None})
    query = ListQuery(as_of=day(1), sort=("-rank", "name"), limit=2, count=True)
    names: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = site.records.page(
            head,
            "case",
            ListQuery(
                as_of=query.as_of, sort=query.sort, limit=2, count=True, cursor=cursor or None
            ),
        )
        assert page.count == len(ids)
        names += [record["name"] for record in page.items]
        cursor = page.next
    assert names == ["n2", "n5", "n1", "n4", "n0", "n3", "n6"]


def test_a_cursor_belongs_to_its_moment(site: Site, head: Actor) -> None:
    with at(day(1)):
        for name in "abc":
            site.records.create(head, "case", {"name": name})
    page = site.records.page(head, "case", ListQuery(as_of=day(2), limit=1))
    with pytest.raises(InvalidError) as caught:
        site.records.page(head, "case", ListQuery(as_of=day(3), limit=1, cursor=page.next))
    assert [one.code for one in caught.value.problems] == ["bad_cursor"]


def test_who_may_not_read_a_record_today_does_not_see_what_it_was(
    site: Site, head: Actor, clerk: Actor
) -> None:
    with at(day(1)):
        made = site.records.create(clerk, "case", {"name": "mine"})
        site.records.create(head, "case", {"name": "never mine"})
    with at(day(2)):
        site.records.update(head, "case", made["id"], {"owner": str(head.user)})
    assert listed(site, clerk, day(1)) == []
    for call in (
        lambda: site.records.read(clerk, "case", made["id"], as_of=day(1)),
        lambda: site.records.history(clerk, "case", made["id"]),
    ):
        with pytest.raises(NotFoundError):
            call()


def test_who_may_read_a_record_today_sees_what_it_was_under_others(
    site: Site, head: Actor, clerk: Actor
) -> None:
    with at(day(1)):
        made = site.records.create(head, "case", {"name": "handed over"})
    with at(day(2)):
        site.records.update(head, "case", made["id"], {"owner": str(clerk.user)})
    assert listed(site, clerk, day(1)) == ["handed over"]
    assert len(site.records.history(clerk, "case", made["id"]).items) == 2


def test_what_keeps_no_history_says_so(site: Site, head: Actor) -> None:
    note = site.records.create(head, "note", {"name": "n"})
    with pytest.raises(InvalidError) as caught:
        site.records.page(head, "note", ListQuery(as_of=day(1)))
    assert [(one.code, one.pointer) for one in caught.value.problems] == [("no_history", "/as_of")]
    with pytest.raises(InvalidError):
        site.records.read(head, "note", note["id"], as_of=day(1))
    with pytest.raises(InvalidError):
        site.records.page(head, "case", ListQuery(as_of=day(1), search="a"))


def test_reading_the_past_takes_as_many_statements_as_the_present(site: Site, head: Actor) -> None:
    made = site.records.create(head, "case", {"name": "a"})
    with statements(site) as now:
        site.records.page(head, "case", ListQuery())
        site.records.read(head, "case", made["id"])
    with statements(site) as then:
        site.records.page(head, "case", ListQuery(as_of=datetime.now(UTC)))
        site.records.read(head, "case", made["id"], as_of=datetime.now(UTC))
    assert len(then) == len(now) == 2


def test_values_of_every_form_are_what_they_were(
    tmp_path_factory: pytest.TempPathFactory, engine: str
) -> None:
    offer = {**OFFER, "features": NOTED}
    pack = PackBuilder(PLACE, offer, ITEM)
    with (
        shared_database(engine, tmp_path_factory) as (url, home),
        made_site(url, home, pack) as site,
    ):
        places = [
            site.records.create(TESTER, "place", {"name": name})["id"] for name in ("here", "there")
        ]
        made = site.records.create(
            TESTER,
            "offer",
            {
                "name": "one",
                "in_euro": "9.90",
                "channels": ["web", "fair"],
                "words": ["red", "größer"],
                "places": [str(place) for place in places],
                "phones": ["+49 30 1", "+49 30 2"],
                "about": {"entity": "place", "id": str(places[0])},
            },
        )
        values = {
            "in_euro": "0.10",
            "channels": None,
            "words": ["blue"],
            "places": [str(places[1])],
            "about": None,
        }
        changed = site.records.update(TESTER, "offer", made["id"], values)
        ids = [{"id": place} for place in places]
        then = site.records.read(TESTER, "offer", made["id"], as_of=made["updated_at"])
        assert plain({**then, "places": None}) == plain({**made, "places": None})
        assert [one["id"] for one in then["places"]] == places
        page = site.records.page(TESTER, "offer", ListQuery(as_of=made["updated_at"]))
        assert page.items == [then]
        now = site.records.read(TESTER, "offer", made["id"], as_of=changed["updated_at"])
        assert (now["words"], now["channels"]) == (("blue",), None)
        (_, changes) = told(site, TESTER, "offer", made["id"])[-1]
        assert changes.keys() == values.keys()
        assert changes["words"] == (("red", "größer"), ("blue",))
        assert changes["places"][1] == [{**ids[1], "title": "there"}]
        query = ListQuery(as_of=made["updated_at"], filter="'red' in words")
        with pytest.raises(InvalidError) as refused:
            site.records.page(TESTER, "offer", query)
        (problem,) = refused.value.problems
        assert (problem.code, problem.pointer) == ("many_values", "/filter")
        assert "“words” has many values" in problem.message()
