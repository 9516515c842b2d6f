"""Lists: filter, sort, pages by cursor, search and count, alike on every engine."""

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import pairwise
from typing import Any

import pytest

from loomwork.errors import InvalidError
from loomwork.model.actor import Actor
from loomwork.publishing.site import Site
from loomwork.records.lists.listing import ListQuery
from loomwork.store.text.sort_key import sort_key
from tests.sites import TESTER, another_worker, statements

Record = dict[str, Any]
WORDS = (None, "a", "A", "ä", "b ", "B", "z", "苏州", "江南", "𠀀", "~", "é", "aa", "a b")
SORTS = (
    (),
    ("name",),
    ("-name",),
    ("seats", "-price"),
    ("-seats", "group", "-built"),
    ("group",),
    ("-group", "name"),
    ("maker", "-seats"),
    ("-maker",),
    ("running", "-state", "checked"),
    ("-running",),
    ("-checked", "price"),
    ("owner", "-id"),
    ("-created_at",),
    ("order", "group", "load", "fields", "-row_id"),
)


def codes(caught: pytest.ExceptionInfo[InvalidError]) -> list[tuple[str, str]]:
    return [(problem.pointer, problem.code) for problem in caught.value.problems]


def walk(site: Site, actor: Actor, query: ListQuery) -> Iterator[Record]:
    """Yield the records of all pages, one after the other."""
    cursor = None
    while True:
        page = site.records.page(
            actor,
            "machine",
            ListQuery(
                filter=query.filter,
                sort=query.sort,
                limit=query.limit,
                search=query.search,
                cursor=cursor,
            ),
        )
        yield from page.items
        if page.next is None:
            return
        cursor = page.next


@pytest.fixture
def full(site: Site, ann: Actor) -> Site:
    """Return the site with machines of many equal and missing values."""
    source = random.Random(5)
    makers = [
        site.records.create(TESTER, "maker", {"name": name, "secret": name == "b"})["id"]
        for name in ("a", "B", "b", "江")
    ]

    def fill(writer: Callable[[str], Any]) -> None:
        for _ in range(70):
            writer("machine").create(
                {
                    "name": source.choice([word for word in WORDS if word]),
                    "group": source.choice(WORDS),
                    "load": source.choice(WORDS),
                    "seats": source.choice([None, 1, 2, 1000]),
                    "order": source.choice([None, -1, 0, 2**53 - 1]),
                    "price": source.choice([None, "-1.5", "0", "1.4999", "1.5"]),
                    "built": source.choice([None, "0001-01-01", "2026-01-31", "9999-12-31"]),
                    "checked": source.choice(
                        [None, "0001-01-01T00:00:00Z", "2026-01-01T00:00:00.000001Z"]
                    ),
                    "running": source.choice([None, True, False]),
                    "state": source.choice([None, "open", "closed"]),
                    "maker": source.choice([None, *map(str, makers)]),
                    "owner": source.choice([None, str(ann.user)]),
                }
            )

    site.records.write(TESTER, fill)
    return site


def comparable(record: Record, sort: tuple[str, ...]) -> list[tuple[bool, Any]]:
    values = [record[name.removeprefix("-")] for name in sort]
    plain = [value.get("title") if isinstance(value, dict) else value for value in values]
    return [
        (value is not None, sort_key(value) or "" if isinstance(value, str) else value)
        for value in plain
    ]


def in_order(first: Record, second: Record, sort: tuple[str, ...]) -> bool:
    """Tell whether two records follow each other, missing values being the smallest."""
    pairs = zip(sort, comparable(first, sort), comparable(second, sort), strict=True)
    for name, left, right in pairs:
        if left != right:
            rising = not name.startswith("-")
            less = left[0] < right[0] or (left[0] == right[0] and left[1] < right[1])
            return less is rising
    return True


@pytest.mark.parametrize("sort", SORTS)
def test_walking_all_pages_gives_the_whole_sorted_list_once(
    full: Site, ann: Actor, sort: tuple[str, ...]
) -> None:
    for actor in (TESTER, ann):
        whole = full.records.page(actor, "machine", ListQuery(sort=sort, limit=500)).items
        assert list(walk(full, actor, ListQuery(sort=sort, limit=3))) == whole
        assert all(in_order(one, two, sort) for one, two in pairwise(whole))
        assert len({record["id"] for record in whole}) == len(whole) > 20


def test_pages_go_on_inside_a_filter_and_a_search(full: Site) -> None:
    query = ListQuery(filter="seats != 1 and not running", sort=("-group",), limit=3, search="a")
    whole = full.records.page(
        TESTER, "machine", ListQuery(filter=query.filter, sort=query.sort, limit=500, search="a")
    )
    assert list(walk(full, TESTER, query)) == whole.items
    assert len(whole.items) > 3


def test_without_a_sort_the_newest_comes_first(full: Site) -> None:
    items = full.records.page(TESTER, "machine", ListQuery(limit=500)).items
    assert [one["id"] for one in items] == sorted((one["id"] for one in items), reverse=True)


def test_the_count_is_exact_and_independent_of_the_page(full: Site) -> None:
    every = full.records.page(TESTER, "machine", ListQuery(limit=500)).items
    first = full.records.page(TESTER, "machine", ListQuery(limit=2, count=True, sort=("maker",)))
    assert (first.count, len(first.items)) == (len(every), 2)
    after = ListQuery(limit=2, count=True, sort=("maker",), cursor=first.next)
    assert full.records.page(TESTER, "machine", after).count == len(every)
    closed = ListQuery(filter="state == 'closed'", count=True, limit=1)
    wanted = sum(one["state"] == "closed" for one in every)
    assert full.records.page(TESTER, "machine", closed).count == wanted
    assert full.records.page(TESTER, "machine", ListQuery(limit=1)).count is None


def test_a_cursor_serves_only_the_query_and_actor_that_it_was_made_for(
    full: Site, ann: Actor, chief: Actor
) -> None:
    query = ListQuery(sort=("name",), limit=2, filter="state == 'open'")
    cursor = full.records.page(chief, "machine", query).next
    assert cursor
    mine = ListQuery(sort=("name",), limit=9, filter="state == 'open'", cursor=cursor)
    assert full.records.page(chief, "machine", mine).items
    others = [
        (ann, mine),
        (chief, ListQuery(sort=("-name",), filter="state == 'open'", cursor=cursor)),
        (chief, ListQuery(sort=("name",), filter="state == 'closed'", cursor=cursor)),
        (chief, ListQuery(sort=("name",), cursor=cursor)),
        (chief, ListQuery(sort=("name",), filter="state == 'open'", search="a", cursor=cursor)),
    ]
    for actor, other in others:
        with pytest.raises(InvalidError) as caught:
            full.records.page(actor, "machine", other)
        assert codes(caught) == [("/cursor", "bad_cursor")]
    with pytest.raises(InvalidError):
        full.records.page(chief, "maker", ListQuery(sort=("name",), cursor=cursor))


def test_a_cursor_serves_another_worker(full: Site) -> None:
    first = full.records.page(TESTER, "machine", ListQuery(sort=("name",), limit=2))
    following = ListQuery(sort=("name",), limit=2, cursor=first.next)
    with another_worker(full) as other:
        assert other.records.page(TESTER, "machine", following) == full.records.page(
            TESTER, "machine", following
        )


@pytest.mark.parametrize(
    "spoil",
    [
        lambda cursor: cursor[:-1],
        lambda cursor: cursor[:10],
        lambda cursor: ("B" if cursor[0] == "A" else "A") + cursor[1:],
        lambda cursor: cursor + "A",
        lambda _: "x",
        lambda cursor: "é" + cursor,
        lambda _: "\ud800",
        lambda _: "A" * 100_000,
    ],
)
def test_a_forged_or_cut_cursor_is_refused(full: Site, spoil: Callable[[str], str]) -> None:
    cursor = full.records.page(TESTER, "machine", ListQuery(limit=1)).next
    assert cursor
    with pytest.raises(InvalidError) as caught:
        full.records.page(TESTER, "machine", ListQuery(limit=1, cursor=spoil(cursor)))
    assert codes(caught) == [("/cursor", "bad_cursor")]


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        (ListQuery(limit=0), ("/limit", "bad_limit")),
        (ListQuery(limit=501), ("/limit", "bad_limit")),
        (ListQuery(sort=("nam",)), ("/sort", "unknown_field")),
        (ListQuery(sort=("--name",)), ("/sort", "unknown_field")),
        (ListQuery(sort=("",)), ("/sort", "unknown_field")),
        (ListQuery(sort=("notes",)), ("/sort", "not_sortable")),
        (ListQuery(sort=("name",) * 6), ("/sort", "too_many_keys")),
        (ListQuery(fields=("nam",)), ("/fields", "unknown_field")),
        (ListQuery(search="x" * 501), ("/search", "too_long")),
    ],
)
def test_a_parameter_that_does_not_fit_is_named(
    site: Site, query: ListQuery, problem: tuple[str, str]
) -> None:
    with pytest.raises(InvalidError) as caught:
        site.records.page(TESTER, "machine", query)
    assert codes(caught) == [problem]


def test_only_the_fields_asked_for_come_and_sort_keys_do_not_leak(full: Site) -> None:
    query = ListQuery(fields=("seats", "maker"), sort=("name", "-group"), limit=3)
    assert {tuple(one) for one in full.records.page(TESTER, "machine", query).items} == {
        ("id", "seats", "maker")
    }


NAMES = (
    "Gebrüder Müller GmbH",
    "苏州江南纺织有限公司",
    "100% Cotton",
    "100 Cotton",
    "snake_case",
    "snakeXcase",
    "back\\slash",
    "ＦＵＬＬ　ｗｉｄｔｈ",
    "Straße",
    "İstanbul",
    'O\'Brien "quoted"; --',
)


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("muller", NAMES[:1]),
        ("MÜLLER gmbh", NAMES[:1]),
        ("江南", NAMES[1:2]),
        ("江南 有限", NAMES[1:2]),
        ("100%", NAMES[2:4]),
        ("%", ()),
        ("100 cot", NAMES[2:4]),
        ("_", ()),
        ("e_c", ()),
        ("snake_c", NAMES[4:5]),
        ("\\", ()),
        ("back\\sl", NAMES[6:7]),
        ("full width", NAMES[7:8]),
        ("STRASSE", NAMES[8:9]),
        ("istanbul", NAMES[9:10]),
        ("o'brien", NAMES[10:]),
        ('"quoted";', NAMES[10:]),
        ("'; DROP TABLE machine; --", ()),
        ("mul\x00gmb", NAMES[:1]),
        ("\ud800", ()),
        ("", NAMES),
        ("   ", NAMES),
        ("nothing", ()),
    ],
)
def test_search_finds_words_and_takes_no_sign_for_a_command(
    site: Site, search: str, found: tuple[str, ...]
) -> None:
    for name in NAMES:
        site.records.create(TESTER, "machine", {"name": name})
    items = site.records.page(TESTER, "machine", ListQuery(search=search, count=True))
    assert {one["name"] for one in items.items} == set(found)
    assert items.count == len(found)


def test_search_follows_changes_and_looks_into_every_searched_field(site: Site) -> None:
    made = site.records.create(TESTER, "machine", {"name": "a", "notes": "Größe\nzwei"})
    site.records.create(TESTER, "maker", {"name": "a"})

    def hits(search: str) -> int | None:
        return site.records.page(TESTER, "machine", ListQuery(search=search, count=True)).count

    assert [hits("grosse"), hits("a zwei"), hits("a")] == [1, 1, 1]
    site.records.update(TESTER, "machine", made["id"], {"notes": None, "name": "b"})
    assert [hits("grosse"), hits("a"), hits("b")] == [0, 0, 1]
    assert site.records.page(TESTER, "maker", ListQuery(search="a", count=True)).count == 0


@pytest.mark.parametrize(
    "value",
    [
        "' or 1=1 --",
        "'; DROP TABLE machine; --",
        "\\' or 1=1 --",
        "%(x)s",
        "%s",
        ":x",
        "?",
        "{0}",
        "$1",
        "%",
    ],
)
def test_a_value_that_looks_like_sql_stays_a_value(site: Site, value: str) -> None:
    site.records.create(TESTER, "machine", {"name": "innocent"})
    site.records.create(TESTER, "machine", {"name": value})
    written = value.replace("\\", "\\\\").replace("'", "\\'")
    for condition in (f"name == '{written}'", f"contains(name, '{written}')"):
        page = site.records.page(TESTER, "machine", ListQuery(filter=condition, count=True))
        assert [one["name"] for one in page.items] == [value]
        assert page.count == 1


@pytest.mark.parametrize(
    "condition",
    [
        "seats > 1e400",
        "seats < " + "9" * 400,
        "seats == 99999999999999999999",
        "price > 99999999999999999999.12345678901234567890",
        "price == 0.00001",
        "order >= -99999999999999999999999",
        "name == '\x00'",
        "name == '\ud800'",
        "name == '" + "x" * 9_000 + "'",
        "built == '0000-00-00'",
        "built > '9999-12-31'",
        "checked < '0001-01-01T00:00:00+14:00'",
        "maker == 'x'",
        "state == 'nope'",
        "id == '00000000-0000-0000-0000-000000000000'",
        "seats in [1, 99999999999999999999, 1.5]",
        "(" * 500,
        "not " * 3000 + "running",
        " or ".join(["running"] * 2000),
        "__import__('os')",
        "",
        " ",
        "\u202e",
        "name",
        "1",
    ],
)
def test_a_strange_filter_finds_something_or_is_refused(site: Site, condition: str) -> None:
    site.records.create(TESTER, "machine", {"name": "a", "seats": 1, "price": "1"})
    query = ListQuery(filter=condition, count=True)
    with suppress(InvalidError):
        assert site.records.page(TESTER, "machine", query).count in (0, 1)


def test_reading_takes_one_statement_and_writing_few(site: Site, chief: Actor) -> None:
    maker = site.records.create(chief, "maker", {"name": "m"})
    given = {"name": "a", "maker": str(maker["id"]), "code": "x"}
    made = site.records.create(chief, "machine", given)
    counts: dict[str, int] = {}
    with statements(site) as sent:
        site.records.read(chief, "machine", made["id"])
        counts["read"] = len(sent)
        site.records.page(chief, "machine", ListQuery(sort=("maker",), filter="seats is None"))
        counts["list"] = len(sent) - sum(counts.values())
        site.records.create(chief, "machine", {**given, "code": "y"})
        counts["create"] = len(sent) - sum(counts.values())
        site.records.update(chief, "machine", made["id"], {"name": "b"}, version=1)
        counts["update"] = len(sent) - sum(counts.values())
    assert (counts["read"], counts["list"]) == (1, 1)
    assert max(counts.values()) <= 8, counts
