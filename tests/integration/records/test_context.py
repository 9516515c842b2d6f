"""What expressions know of who asks and when: read only when asked for, by system rights."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from loomwork.model.actor import Actor
from loomwork.publishing.site import Site
from loomwork.records import context as moments
from loomwork.records.context import Given, context_of
from loomwork.records.relations import below
from tests.sites import TESTER, person, statements


@pytest.fixture
def ann(trading: Site) -> Actor:
    """Return a seller with a team."""
    team = trading.records.create(TESTER, "team", {"name": "North"})
    return person(trading, "ann", "seller", team=team["id"])


def test_nothing_is_read_before_it_is_asked_for(trading: Site, ann: Actor) -> None:
    with statements(trading) as sent:
        given = context_of(trading.current(), ann).given
        known = [given[name] for name in ("user.id", "user.team", "user.teams", "user.roles")]
    assert known == [ann.user, ann.team, frozenset({ann.team}), frozenset({"seller"})]
    assert sent == []


def test_the_user_s_fields_are_followed_over_links_whatever_he_may_read(
    trading: Site, ann: Actor
) -> None:
    given = context_of(trading.current(), ann).given
    assert (given["user.name"], given["user.team.name"]) == ("Ann", "North")
    assert given["user.email"] is None
    nobody = context_of(trading.current(), TESTER).given
    assert (nobody["user.name"], nobody["user.teams"]) == (None, frozenset())
    assert (nobody["user.reports"], nobody.get("user.name", "x")) == (frozenset(), "x")


def test_the_user_is_read_once_while_no_user_changes(trading: Site, ann: Actor) -> None:
    dated = Actor(name="ann", user=ann.user, generation=5)
    with statements(trading) as sent:
        for _ in range(3):
            assert context_of(trading.current(), dated).given["user.name"] == "Ann"
    assert len(sent) == 1
    later = Actor(name="ann", user=ann.user, generation=6)
    trading.records.update(TESTER, "user", ann.user, {"name": "Anna"})  # type: ignore[arg-type]
    assert context_of(trading.current(), later).given["user.name"] == "Anna"


def test_a_deleted_team_moves_the_access_generation_of_its_members(
    trading: Site, ann: Actor
) -> None:
    before = trading.store.generation().access
    trading.records.delete(TESTER, "team", ann.team)  # type: ignore[arg-type]
    assert trading.store.generation().access > before


@pytest.fixture
def shanghai(trading: Site) -> Iterator[Any]:
    """Yield the site's Runtime as if the site were in Shanghai."""
    runtime = trading.current()
    object.__setattr__(runtime, "zone", ZoneInfo("Asia/Shanghai"))
    yield runtime
    object.__setattr__(runtime, "zone", UTC)


def test_today_is_the_day_at_the_site_and_one_moment_holds_throughout(
    shanghai: Any, ann: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = iter([datetime(2026, 1, 31, 16, 0, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)])
    monkeypatch.setattr(moments, "clock", lambda: next(ticks))
    context = context_of(shanghai, ann)
    assert isinstance(context.given, Given)
    assert context.given["today"] == date(2026, 2, 1)
    assert context.given["now"] == datetime(2026, 1, 31, 16, 0, tzinfo=UTC)
    assert context.zone.key == "Asia/Shanghai"  # type: ignore[attr-defined]


def test_a_tree_of_records_ends_where_it_makes_a_circle(trading: Site, boss: Actor) -> None:
    records = trading.records
    made: list[Any] = []
    for name in ("a", "b", "c", "d"):
        parent = {"parent": str(made[-1])} if made else {}
        made.append(records.create(boss, "region", {"name": name, **parent})["id"])
    runtime = trading.current()
    assert below(runtime, None, "region", "parent", made[1]) == {made[2], made[3]}
    # Nothing can be saved below itself, but what is stored may be older than that rule.
    with trading.store.transaction() as running:
        running.update(trading.tables["region"], made[0], {"parent": made[3]})
    assert below(runtime, None, "region", "parent", made[1]) == {made[0], made[2], made[3]}
