"""Values that fields get by themselves: where they are set, and where they have to stay out."""

from collections.abc import Iterator
from typing import Any

import pytest

from loomwork.errors import InvalidError
from loomwork.model.actor import Actor
from loomwork.publishing.site import Site
from loomwork.records.drafts.effects import Question
from loomwork.records.service import Records
from tests.documents import PackBuilder
from tests.integration.engines import shared_database
from tests.sites import empty, made_site, person

Body = dict[str, Any]
CLIENT: Body = {
    "kind": "entity",
    "name": "client",
    "ownership": "none",
    "fields": {
        "name": {"type": "text", "required": True},
        "region": {"type": "text"},
        "motto": {"type": "text"},
    },
}
ORDER: Body = {
    "kind": "entity",
    "name": "order",
    "ownership": "none",
    "fields": {
        "name": {"type": "text", "required": True},
        "client": {
            "type": "link",
            "to": "client",
            "fill": {"region": "client.region", "motto": "client.motto", "seal": "client.region"},
        },
        "region": {"type": "text"},
        "motto": {"type": "text", "max_length": 3},
        "seal": {"type": "text", "default": "x", "readonly": "name == 'closed'"},
    },
}
JOB: Body = {
    "kind": "entity",
    "name": "job",
    "ownership": "none",
    "fields": {
        "name": {"type": "text", "required": True},
        "spent": {"type": "integer", "min": 0},
        "left": {"type": "integer", "min": 0, "default": {"is": "coalesce(spent, 0) - 5"}},
        "short": {"type": "text", "max_length": 3, "default": {"is": "concat(name, 'abcd')"}},
        "locked": {"type": "text", "readonly": "name == 'closed'"},
    },
}
EVERYTHING = dict.fromkeys(("create", "read", "update", "delete"), True)
BOSS: Body = {
    "kind": "role",
    "name": "boss",
    "grants": {body["name"]: EVERYTHING for body in (CLIENT, ORDER, JOB)},
}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Yield a site whose fields fill themselves; nothing here depends on the engine."""
    pack = PackBuilder(CLIENT, ORDER, JOB, BOSS)
    with (
        shared_database("sqlite", tmp_path_factory) as (url, home),
        made_site(url, home, pack) as site,
    ):
        yield site


@pytest.fixture
def site(shared: Site) -> Site:
    """Return the module's site without a single record."""
    empty(shared)
    return shared


@pytest.fixture
def records(site: Site) -> Records:
    """Return the service under test."""
    return site.records


@pytest.fixture
def boss(site: Site) -> Actor:
    """Return somebody who may do everything."""
    return person(site, "boss", "boss")


@pytest.fixture
def clients(records: Records, boss: Actor) -> dict[str, str]:
    """Return the ids of clients by name."""
    made = (
        {"name": "north", "region": "N", "motto": "ab"},
        {"name": "south", "region": "S"},
        {"name": "bare"},
        {"name": "wordy", "motto": "far too long"},
    )
    return {one["name"]: str(records.create(boss, "client", one)["id"]) for one in made}


def refused(work: Any, *arguments: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidError) as caught:
        work(*arguments)
    return [(problem.pointer, problem.code) for problem in caught.value.problems]


def test_a_default_that_fits_only_some_records_is_judged_where_it_is_used(
    records: Records, boss: Actor
) -> None:
    made = records.create(boss, "job", {"name": "a", "spent": 9, "short": None})
    assert made["left"] == 4
    given = records.create(boss, "job", {"name": "b", "left": 1, "short": "abc"})
    assert (given["left"], given["short"]) == (1, "abc")


def test_every_default_that_does_not_fit_is_told(records: Records, boss: Actor) -> None:
    told = refused(records.create, boss, "job", {"name": "a"})
    assert told == [("/left", "too_small"), ("/short", "too_long")]


def test_effects_tell_of_a_default_that_does_not_fit(records: Records, boss: Actor) -> None:
    found = records.effects(boss, "job", None, Question())
    assert [problem.pointer for problem in found.problems] == ["/left", "/short"]
    assert (found.values["left"], found.fields["left"].visible) == (None, True)
    better = records.effects(boss, "job", None, Question(values={"spent": 7, "short": "x"}))
    assert (better.fill, better.problems) == ({"left": 2}, ())


def test_what_a_caller_gives_is_never_filled_nor_judged(
    records: Records, boss: Actor, clients: dict[str, str]
) -> None:
    for motto in ("own", None):
        given = {"name": "a", "client": clients["wordy"], "motto": motto}
        assert records.create(boss, "order", given)["motto"] == motto


def test_a_brought_value_that_does_not_fit_is_told_at_its_field(
    records: Records, boss: Actor, clients: dict[str, str]
) -> None:
    given = {"name": "a", "client": clients["wordy"]}
    with pytest.raises(InvalidError) as caught:
        records.create(boss, "order", given)
    (problem,) = caught.value.problems
    assert (problem.pointer, problem.code) == ("/motto", "too_long")
    assert "Client" in problem.message()
    found = records.effects(boss, "order", None, Question(values=given))
    assert [problem.pointer for problem in found.problems] == ["/motto"]
    own = records.create(boss, "order", {"name": "b", "motto": "own"})
    kept = records.update(boss, "order", own["id"], {"client": clients["wordy"]})
    assert kept["motto"] == "own"


def test_a_locked_field_is_not_filled(
    records: Records, boss: Actor, clients: dict[str, str]
) -> None:
    open_ = records.create(boss, "order", {"name": "a", "client": clients["north"]})
    closed = records.create(boss, "order", {"name": "closed", "client": clients["north"]})
    moved = {"client": clients["south"]}
    assert records.update(boss, "order", open_["id"], moved)["seal"] == "S"
    assert records.update(boss, "order", closed["id"], moved)["seal"] == "N"
    empty_ = records.create(boss, "order", {"name": "b", "seal": None})
    records.update(boss, "order", empty_["id"], {"name": "closed"})
    assert records.update(boss, "order", empty_["id"], moved)["seal"] is None


def test_another_link_replaces_only_what_the_one_before_had_brought(
    records: Records, boss: Actor, clients: dict[str, str]
) -> None:
    made = records.create(boss, "order", {"name": "a", "client": clients["north"]})
    followed = records.update(boss, "order", made["id"], {"client": clients["south"]})
    assert (followed["region"], followed["motto"]) == ("S", None)
    records.update(boss, "order", made["id"], {"region": "mine"})
    for client in ("bare", "north"):
        moved = records.update(boss, "order", made["id"], {"client": clients[client]})
        assert moved["region"] == "mine"
    emptied = records.update(boss, "order", made["id"], {"region": None})
    assert emptied["region"] is None
    again = records.update(boss, "order", made["id"], {"client": clients["south"]})
    assert again["region"] == "S"


def test_effects_fill_a_stored_record_as_saving_it_does(
    records: Records, boss: Actor, clients: dict[str, str]
) -> None:
    given = {"name": "a", "client": clients["north"], "region": "mine"}
    made = records.create(boss, "order", given)
    asked = Question(values={"client": clients["south"]})
    found = records.effects(boss, "order", made["id"], asked)
    saved = records.update(boss, "order", made["id"], asked.values)
    assert found.fill == {"motto": None, "seal": "S"}
    assert {name: saved[name] for name in found.fill} == found.fill
    assert saved["region"] == "mine"
