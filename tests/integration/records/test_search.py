"""Search over all entities: what is found, by whom, in which order, alike on every engine."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from loomwork.errors import InvalidError, NotFoundError
from loomwork.model.actor import Actor
from loomwork.publishing.site import Site
from loomwork.store.search.entry import Entry
from loomwork.store.search.index import INDEXES
from loomwork.store.search.rebuild import Drift, check_search, rebuild_search
from tests.sites import TESTER, statements

NAMES = (
    "Gebrüder Müller GmbH",
    "苏州江南纺织有限公司",
    "OPP-2026-00012",
    "OPP-2026-00112",
    "重庆银行",
    "Łódź Straße 5",
    "+8613812345678",
)


def titles(site: Site, search: str, actor: Actor = TESTER) -> list[str]:
    return [str(hit["title"]) for hit in site.records.search(actor, search)]


@pytest.fixture(autouse=True)
def _fresh_index(site: Site) -> None:
    """Forget the records that earlier tests have left in the index."""
    rebuild_search(site.database, site.tables, "machine")


@pytest.fixture
def filled(site: Site) -> Site:
    for name in NAMES:
        site.records.create(TESTER, "machine", {"name": name})
    return site


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("muller", NAMES[:1]),
        ("mueller", NAMES[:1]),
        ("MÜLLER gmbh", NAMES[:1]),
        ("müll", NAMES[:1]),
        ("江南", NAMES[1:2]),
        ("江南 有限", NAMES[1:2]),
        ("jnfz", NAMES[1:2]),
        ("suzhou", NAMES[1:2]),
        ("jiangnan fangzhi", NAMES[1:2]),
        ("OPP-2026-00012", NAMES[2:3]),
        ("00012", NAMES[2:3]),
        ("2026-00012", NAMES[2:3]),
        ("opp", NAMES[2:4]),
        ("chongqing", NAMES[4:5]),
        ("zhongqing", NAMES[4:5]),
        ("cqyh", NAMES[4:5]),
        ("lodz strasse", NAMES[5:6]),
        ("5678", NAMES[6:7]),
        ("138 1234 5678", NAMES[6:7]),
        ("+86 138 1234 5678", NAMES[6:7]),
        ("南江", ()),
        ("nothing", ()),
        ("", ()),
        ("%", ()),
        ("'; DROP TABLE machine; --", ()),
        ('"*', ()),
        ("\ud800\x00", ()),
    ],
)
def test_a_search_finds_by_words_codes_numbers_and_pinyin(
    filled: Site, search: str, found: tuple[str, ...]
) -> None:
    assert set(titles(filled, search)) == set(found)


def test_a_title_weighs_more_than_a_body_and_a_whole_word_more_than_its_beginning(
    site: Site,
) -> None:
    for values in (
        {"name": "old", "notes": "steel"},
        {"name": "first", "notes": "steelworks"},
        {"name": "Steelworks"},
        {"name": "Cold steel"},
        {"name": "Steel"},
    ):
        site.records.create(TESTER, "machine", values)
    assert titles(site, "steel") == ["Steel", "Cold steel", "Steelworks", "old", "first"]
    assert [hit["score"] for hit in site.records.search(TESTER, "steel")] == [8, 8, 4, 2, 1]
    assert titles(site, "cold steel") == ["Cold steel"]


def test_words_may_stand_in_different_fields_but_all_have_to_be_there(site: Site) -> None:
    site.records.create(TESTER, "machine", {"name": "Red", "notes": "blue", "row_id": "R-7"})
    assert titles(site, "blue red r-7") == ["Red"]
    assert titles(site, "blue green") == []


def test_one_letter_finds_only_a_whole_word_unless_it_is_the_last(site: Site) -> None:
    site.records.create(TESTER, "machine", {"name": "beta gamma"})
    assert titles(site, "beta g") == ["beta gamma"]
    assert titles(site, "b gamma") == []


def test_fields_that_are_not_searched_and_titles_of_links_do_not_match(site: Site) -> None:
    maker = site.records.create(TESTER, "maker", {"name": "Zenith"})
    site.records.create(TESTER, "machine", {"name": "a", "group": "hidden", "maker": maker["id"]})
    assert titles(site, "zenith") == []
    assert titles(site, "hidden") == []


def test_nobody_finds_what_he_may_not_read(site: Site, ann: Actor, bob: Actor) -> None:
    mine = {"state": "closed", "owner": str(ann.user)}
    site.records.create(TESTER, "machine", {"name": "treasure", **mine})
    site.records.create(TESTER, "machine", {"name": "treasure map", "state": "open"})
    nobody = Actor(name="nobody", user=bob.user, login="nobody", roles=frozenset())
    assert set(titles(site, "treasure", ann)) == {"treasure", "treasure map"}
    assert titles(site, "treasure", bob) == ["treasure map"]
    assert titles(site, "treasure", nobody) == []


def test_rows_that_others_own_do_not_crowd_out_ones_own(
    site: Site, ann: Actor, bob: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loomwork.store.search.query.MOST_RANKED", 2)
    site.refresh()
    closed = {"name": "crowd", "state": "closed"}
    site.records.create(TESTER, "machine", {**closed, "owner": str(bob.user)})
    for _ in range(5):
        site.records.create(TESTER, "machine", {**closed, "owner": str(ann.user)})
    assert len(site.records.search(bob, "crow", limit=7)) == 1


def test_the_index_follows_every_change_within_its_transaction(site: Site) -> None:
    made = site.records.create(TESTER, "machine", {"name": "alpha", "notes": "omega"})
    site.records.update(TESTER, "machine", made["id"], {"name": "beta"})
    assert (titles(site, "alpha"), titles(site, "beta")) == ([], ["beta"])
    site.records.update(TESTER, "machine", made["id"], {"notes": None})
    assert titles(site, "omega") == []
    site.records.delete(TESTER, "machine", made["id"])
    assert titles(site, "beta") == []
    site.records.restore(TESTER, "machine", made["id"])
    assert titles(site, "beta") == ["beta"]


def test_what_is_rolled_back_is_never_found(site: Site) -> None:
    kept = site.records.create(TESTER, "machine", {"name": "kept", "code": "x"})

    def work(writer: Any) -> None:
        writer("machine").update(kept["id"], {"name": "changed"})
        writer("machine").create({"name": "lost", "code": "x"})

    with pytest.raises(InvalidError):
        site.records.write(TESTER, work)
    assert titles(site, "kept") == ["kept"]
    assert titles(site, "changed") == titles(site, "lost") == []
    assert drift(site) == Drift(records=1)


def test_a_write_that_searches_nothing_writes_nothing_into_the_index(site: Site) -> None:
    made = site.records.create(TESTER, "machine", {"name": "a", "seats": 1})
    with statements(site) as sent:
        site.records.update(TESTER, "machine", made["id"], {"seats": 2})
    assert not [statement for statement in sent if "lw_search" in statement]
    with statements(site) as sent:
        site.records.create(TESTER, "machine", {"name": "b"})
    assert len([statement for statement in sent if "lw_search" in statement]) <= 2


def test_a_search_is_one_statement(filled: Site, chief: Actor) -> None:
    titles(filled, "muller", chief)
    with statements(filled) as sent:
        assert titles(filled, "muller", chief) == [NAMES[0]]
    assert len(sent) == 1


def drift(site: Site) -> Drift:
    return check_search(site.database, site.tables, "machine")


def test_an_index_that_was_spoilt_is_noticed_and_made_anew(filled: Site) -> None:
    assert drift(filled) == Drift(records=len(NAMES))
    ids = [hit["id"] for hit in filled.records.search(TESTER, "opp")]
    index = INDEXES[filled.database.name]
    entry = Entry(
        entity="machine", number=0, record=uuid4(), title=frozenset({"ghost"}), body=frozenset()
    )
    with filled.database.transaction() as connection:
        index.remove(connection, "machine", ids[:1])
        index.put(connection, [entry, replace(entry, record=ids[1])])
    assert drift(filled) == Drift(records=len(NAMES), missing=1, wrong=1, left=1)
    assert rebuild_search(filled.database, filled.tables, "machine", chunk=3) == len(NAMES)
    assert drift(filled) == Drift(records=len(NAMES))
    assert set(titles(filled, "opp")) == set(NAMES[2:4])


def test_entities_can_be_chosen_and_have_to_exist(filled: Site) -> None:
    assert filled.records.search(TESTER, "opp", ["maker"]) == []
    assert len(filled.records.search(TESTER, "opp", ["machine", "maker"], 1)) == 1
    with pytest.raises(NotFoundError):
        filled.records.search(TESTER, "opp", ["nothing"])


@pytest.mark.parametrize(("search", "limit"), [("x" * 501, 10), ("x", 0), ("x", 101)])
def test_what_is_too_long_or_too_much_is_refused(site: Site, search: str, limit: int) -> None:
    with pytest.raises(InvalidError):
        site.records.search(TESTER, search, limit=limit)


def test_a_very_long_text_is_kept_and_found_by_its_beginning(site: Site) -> None:
    words = " ".join(f"w{number}ö漢字{number}" for number in range(1_900))
    site.records.create(TESTER, "machine", {"name": "long", "notes": words[:20_000]})
    assert titles(site, "w7ö") == ["long"]
    assert drift(site) == Drift(records=1)
