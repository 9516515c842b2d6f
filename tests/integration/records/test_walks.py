"""Walking the pages of random rows by any sort gives what Python sorts, on every engine."""

import random
from functools import cmp_to_key
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loomwork.publishing.site import Site
from loomwork.records.lists.listing import ListQuery
from loomwork.store.text.sort_key import sort_key
from tests.sites import TESTER, empty

Record = dict[str, Any]
TEXTS = (None, "a", "A", "ä", "b 10", "b 9", "B", "张", "李", "重庆", "𠀀", "~", "a-b", "a b", "ß")
FIELDS = ("name", "group", "seats", "price", "built", "running", "maker", "created_at")
SORTS = st.lists(
    st.tuples(st.sampled_from(FIELDS), st.booleans()),
    min_size=1,
    max_size=4,
    unique_by=lambda pair: pair[0],
).map(lambda pairs: tuple("-" * falling + name for name, falling in pairs))


@pytest.fixture(scope="module")
def rows(shared_site: Site) -> list[Record]:
    """Fill the site; return its records, with those of equal values among them."""
    empty(shared_site)
    source = random.Random(77)
    makers = [
        str(shared_site.records.create(TESTER, "maker", {"name": name})["id"])
        for name in ("Ä", "b", "江南", "9", "10")
    ]
    for _ in range(60):
        shared_site.records.create(
            TESTER,
            "machine",
            {
                "name": source.choice(TEXTS[1:]),
                "group": source.choice(TEXTS),
                "seats": source.choice([None, 0, 1, 2]),
                "price": source.choice([None, "0.5", "-1", "10"]),
                "built": source.choice([None, "2026-01-31", "0001-01-01"]),
                "running": source.choice([None, True, False]),
                "maker": source.choice([None, *makers]),
            },
        )
    return shared_site.records.page(TESTER, "machine", ListQuery(limit=500)).items


def place(record: Record, name: str) -> tuple[bool, Any]:
    """Return what a value sorts by; a missing one is the smallest."""
    value = record[name]
    if isinstance(value, dict):
        value = value["title"]
    if isinstance(value, str):
        value = sort_key(value)
    return (value is not None, 0 if value is None else value)


def sorted_by(rows: list[Record], sort: tuple[str, ...]) -> list[UUID]:
    keys = [(name.removeprefix("-"), name.startswith("-")) for name in sort]
    keys.append(("id", keys[-1][1]))

    def compare(one: Record, two: Record) -> int:
        signs = (
            ((place(one, name) > place(two, name)) - (place(one, name) < place(two, name)))
            * (-1 if falling else 1)
            for name, falling in keys
        )
        return next((sign for sign in signs if sign), 0)

    return [record["id"] for record in sorted(rows, key=cmp_to_key(compare))]


@given(sort=SORTS, limit=st.integers(1, 25))
def test_a_walk_over_all_pages_is_what_python_sorts(
    shared_site: Site, rows: list[Record], sort: tuple[str, ...], limit: int
) -> None:
    wanted = sorted_by(rows, sort)
    walked: list[UUID] = []
    cursor = None
    for _ in range(len(rows) // limit + 1):
        query = ListQuery(sort=sort, limit=limit, cursor=cursor)
        page = shared_site.records.page(TESTER, "machine", query)
        walked += [record["id"] for record in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert walked == wanted
