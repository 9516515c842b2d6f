"""A page of a large list goes along its index: nothing sorts or reads the whole table."""

import random
from collections.abc import Iterator

import pytest

from loomwork.model.actor import Actor, system
from loomwork.publishing.site import Site
from loomwork.records.lists.listing import ListQuery, prepare
from loomwork.store.identifiers import new_id
from tests.documents import workshop
from tests.integration.engines import ENGINES, shared_database
from tests.sites import KEY, TESTER, made_site

ROWS, CHUNK = 20_000, 2_000
ANALYZE = {
    "sqlite": "ANALYZE",
    "postgresql": "VACUUM ANALYZE machine",
    "mariadb": "ANALYZE TABLE machine",
}
EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN ", "mariadb": "EXPLAIN "}
SORTING = ("USE TEMP B-TREE", "Sort", "filesort", "temporary")
SORTS = (
    (("group",), "machine__group__sort"),
    (("-group",), "machine__group__sort"),
    (("seats",), "machine__seats"),
    (("-seats",), "machine__seats"),
)


def row(source: random.Random, place: int, template: dict[str, object]) -> dict[str, object]:
    given = {
        "name": f"Machine {place}",
        "group": source.choice([None, f"组{source.randrange(3_000)}", f"g{place}"]),
        "seats": source.choice([None, source.randrange(1_000)]),
    }
    return {**template, "id": new_id(), **given}


@pytest.fixture(scope="module", params=ENGINES)
def large(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Yield a site with a large table, once for each engine."""
    with (
        shared_database(request.param, tmp_path_factory) as (url, home),
        made_site(url, home, workshop()) as site,
    ):
        made = site.records.create(TESTER, "machine", {"name": "first"})
        template = {
            name: made.get(name)
            for name in ("version", "created_at", "updated_at", "owner", "team")
        }
        source = random.Random(4)
        for start in range(0, ROWS, CHUNK):
            rows = [row(source, place, template) for place in range(start, start + CHUNK)]
            with site.store.transaction() as transaction:
                transaction.insert_many(site.tables["machine"], rows)
        with site.database.reader.connect() as connection:
            connection.exec_driver_sql(ANALYZE[site.database.name])
        yield site


def plan_of(site: Site, actor: Actor, query: ListQuery) -> str:
    """Return how the engine says that it will run a query."""
    runtime = site.current()
    entity, rights = runtime.entity("machine"), runtime.policy.rights(actor)
    prepared = prepare(runtime, entity, actor, rights, query, KEY)
    with site.database.reader.connect() as connection:
        rows = connection.exec_driver_sql(
            EXPLAIN[site.database.name] + prepared.plan.sql,
            prepared.plan.arguments(prepared.values),
        )
        return "\n".join(" ".join(map(str, one)) for one in rows)


@pytest.mark.parametrize(("sort", "index"), SORTS)
def test_the_first_page_and_the_following_go_along_the_index(
    large: Site, sort: tuple[str, ...], index: str
) -> None:
    actor = system("test")
    fields = ("name", "group", "seats")
    query = ListQuery(sort=sort, fields=fields, limit=50)
    for _ in range(3):
        told = plan_of(large, actor, query)
        assert index in told
        assert not [word for word in SORTING if word in told], told
        page = large.records.page(actor, "machine", query)
        assert page.next
        query = ListQuery(sort=sort, fields=fields, limit=50, cursor=page.next)


def test_a_page_in_the_middle_begins_at_its_place(large: Site) -> None:
    actor = system("test")
    whole = large.records.page(actor, "machine", ListQuery(sort=("-seats",), limit=500))
    again: list[object] = []
    query = ListQuery(sort=("-seats",), limit=125)
    for _ in range(4):
        page = large.records.page(actor, "machine", query)
        again += page.items
        query = ListQuery(sort=("-seats",), limit=125, cursor=page.next)
    assert again == whole.items
