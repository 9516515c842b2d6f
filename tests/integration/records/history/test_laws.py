"""Whatever is done, by whomever and whenever: the past reads as it was, and its changes replay."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any, TypeAlias
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from loomwork.errors import LoomworkError
from loomwork.model.actor import Actor
from loomwork.publishing.site import Site
from loomwork.records.lists.history import STAMPS
from loomwork.records.lists.listing import ListQuery
from loomwork.records.rules.judging import plain
from tests.integration.engines import ENGINES, shared_database
from tests.office import at, forget, office
from tests.sites import empty, made_site, person

START = datetime(2026, 3, 1, tzinfo=UTC)
STEP = timedelta(microseconds=1)
Key: TypeAlias = tuple[str, UUID]
Row: TypeAlias = dict[str, Any]
Past: TypeAlias = dict[Key, list[Row]]

MOMENTS = st.integers(0, 20).map(lambda hours: START + timedelta(hours=hours))
TEXTS = st.one_of(st.none(), st.sampled_from(["", "a", "Ä", "吴江", "O'Neil %s :x"]))
CASES = st.fixed_dictionaries(
    {"name": st.sampled_from(["a", "b", "c"])},
    optional={
        "source": TEXTS,
        "rank": st.one_of(st.none(), st.integers(-3, 3)),
        "fee": st.one_of(st.none(), st.sampled_from(["0.00", "1.25", "-7.50"])),
        "due": st.one_of(st.none(), MOMENTS.map(datetime.isoformat)),
        "open": st.sampled_from([None, True, False]),
        "client": st.integers(0, 3),
        "follows": st.integers(0, 5),
    },
)
CLIENTS = st.fixed_dictionaries({"name": st.sampled_from(["x", "y"])})
DEEDS = st.sampled_from(["create", "update", "update", "delete", "restore"])
WORK = st.lists(
    st.tuples(
        DEEDS,
        st.one_of(st.tuples(st.just("case"), CASES), st.tuples(st.just("client"), CLIENTS)),
        st.integers(0, 5),
        st.integers(0, 1),
        MOMENTS,
    ),
    min_size=1,
    max_size=10,
)


@pytest.fixture(scope="module", params=ENGINES)
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    with (
        shared_database(request.param, tmp_path_factory) as (url, home),
        made_site(url, home, office()) as made,
    ):
        yield made


class World:
    """A site at work; after each deed it looks at every row as it then is."""

    def __init__(self, site: Site) -> None:
        empty(site)
        forget(site)
        self.site = site
        self.people = [person(site, name, "head") for name in ("ann", "bob")]
        self.past: Past = {}
        self.made: dict[str, list[UUID]] = {"case": [], "client": []}
        self.by: dict[tuple[Key, int], Actor] = {}

    def do(self, deed: str, entity: str, given: Row, number: int, actor: Actor) -> None:
        records, ids = self.site.records, self.made[entity]
        values = self._values(given)
        id_ = ids[number % len(ids)] if ids else None
        if deed == "create" or id_ is None:
            ids.append(records.create(actor, entity, values)["id"])
        elif deed == "update":
            records.update(actor, entity, id_, values)
        elif deed == "delete":
            records.delete(actor, entity, id_)
        else:
            records.restore(actor, entity, id_)

    def _values(self, given: Row) -> Row:
        """Return the values with links by number turned into ids; those to nothing are missing."""
        values = dict(given)
        for name, entity in (("client", "client"), ("follows", "case")):
            if name in values:
                number, ids = values[name], self.made[entity]
                values[name] = str(ids[number]) if number < len(ids) else None
        return values

    def look(self, actor: Actor) -> None:
        """Note each row whose version is another than it was when last looked at."""
        for entity in self.made:
            table = self.site.tables[entity]
            with self.site.database.reader.connect() as connection:
                found = connection.execute(sa.select(*table.columns.values())).all()
            for values in found:
                row = dict(zip(table.columns, values, strict=True))
                key = entity, row["id"]
                known = self.past.setdefault(key, [])
                if not known or known[-1]["version"] != row["version"]:
                    known.append(row)
                    self.by[key, row["version"]] = actor

    def moments(self) -> list[datetime]:
        began = {row["updated_at"] for rows in self.past.values() for row in rows}
        return sorted({moment + shift for moment in began for shift in (-STEP, STEP * 0, STEP)})

    def present(self, entity: str) -> set[UUID]:
        query = ListQuery(limit=500)
        return {one["id"] for one in self.site.records.page(self.people[0], entity, query).items}

    def expected(self, entity: str, moment: datetime) -> dict[UUID, Row]:
        """Return what those that are there today were at a moment."""
        found = {}
        present = self.present(entity)
        for (name, id_), rows in self.past.items():
            then = [row for row in rows if row["updated_at"] <= moment]
            gone = not then or then[-1].get("deleted_at") is not None
            if name == entity and id_ in present and not gone:
                found[id_] = then[-1]
        return found


BEGIN: list[Any] = [
    ("create", ("client", {"name": "x"}), 0, 0, START),
    ("create", ("case", {"name": "a", "client": 0}), 0, 0, START),
    ("create", ("case", {"name": "b", "client": 0, "follows": 0}), 0, 1, START),
]


def worked(site: Site, work: list[Any]) -> World:
    world = World(site)
    for deed, (entity, given_), number, who, moment in BEGIN + work:
        actor = world.people[who]
        with suppress(LoomworkError), at(moment):
            world.do(deed, entity, given_, number, actor)
        world.look(actor)
    return world


@given(work=WORK)
def test_every_moment_reads_as_it_was_and_changes_replay_to_today(
    site: Site, work: list[Any]
) -> None:
    world = worked(site, work)
    for rows in world.past.values():
        began = [row["updated_at"] for row in rows]
        assert all(one < next_ for one, next_ in pairwise(began))
    for moment in world.moments():
        for entity in world.made:
            query = ListQuery(as_of=moment, limit=500)
            items = site.records.page(world.people[0], entity, query).items
            seen = {item["id"]: plain(item) for item in items}
            assert seen == world.expected(entity, moment)
    for entity in world.made:
        for id_ in world.present(entity):
            replays(world, (entity, id_))


def replays(world: World, key: Key) -> None:
    """Assert that the changes of a record lead from nothing to what it is today."""
    items = world.site.records.history(world.people[0], *key, limit=500).items[::-1]
    rows = world.past[key]
    assert [item["at"] for item in items] == [row["updated_at"] for row in rows]
    made_by = [world.by[key, row["version"]].user for row in rows]
    assert [item["actor"]["id"] for item in items] == made_by
    state: Row = {}
    for item in items:
        changes = plain({one["field"]: one["from"] for one in item["changes"]})
        assert all(state.get(name) == value for name, value in changes.items())
        state |= plain({one["field"]: one["to"] for one in item["changes"]})
    today = {name: value for name, value in rows[-1].items() if name not in STAMPS}
    assert {name: value for name, value in state.items() if value is not None} == {
        name: value for name, value in today.items() if value is not None
    }


FILTERS: dict[str, Callable[[Row], bool]] = {
    "fee > 0": lambda row: row["fee"] is not None and row["fee"] > 0,
    "rank is None or rank < 0": lambda row: row["rank"] is None or row["rank"] < 0,
    "source == 'a'": lambda row: row["source"] == "a",
    "open": lambda row: row["open"] is True,
}
LEAST: dict[str, Any] = {"rank": 0, "fee": 0, "due": START}


def sort_key(name: str, row: Row) -> tuple[Any, ...]:
    """Return what a row sorts by: missing values come first, and ids decide at the end."""
    return row[name] is not None, row[name] or LEAST[name], row["id"]


@given(
    work=WORK,
    filter_=st.sampled_from(sorted(FILTERS)),
    sort=st.sampled_from(["rank", "-rank", "due", "-due", "fee"]),
)
def test_a_filter_and_a_sort_mean_of_the_past_what_they_mean_of_the_present(
    site: Site, work: list[Any], filter_: str, sort: str
) -> None:
    world = worked(site, work)
    name, descending = sort.removeprefix("-"), sort.startswith("-")
    for moment in world.moments()[::3]:
        fit = [row for row in world.expected("case", moment).values() if FILTERS[filter_](row)]
        fit.sort(key=partial(sort_key, name), reverse=descending)
        query = ListQuery(as_of=moment, filter=filter_, sort=(sort,), limit=500)
        seen = site.records.page(world.people[0], "case", query).items
        assert [item["id"] for item in seen] == [row["id"] for row in fit]
