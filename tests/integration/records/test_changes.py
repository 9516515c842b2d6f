"""Checks that compare a record with what it was before."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from loomwork.errors import InvalidError, NotFoundError
from loomwork.model.actor import Actor
from loomwork.publishing.site import Site
from loomwork.records.drafts.effects import Question
from loomwork.records.importing.mapping import map_columns
from loomwork.records.importing.run import Import, Outcome
from loomwork.records.importing.source import open_source
from loomwork.records.service import Records
from tests.documents import PackBuilder
from tests.integration.engines import ENGINES, shared_database
from tests.sites import empty, made_site, person

TIGHT = ["halfwidth", "compact", "upper"]
CLAIM: dict[str, Any] = {
    "kind": "entity",
    "name": "claim",
    "ownership": "none",
    "fields": {
        "name": {"type": "text", "required": True},
        "total": {"type": "decimal", "places": 2},
        "level": {"type": "integer"},
        "stage": {
            "type": "select",
            "required": "total > 100",
            "options": {"open": {}, "closed": {}},
        },
        "parent": {"type": "link", "to": "claim", "fill": {"note": "parent.name"}},
        "code": {"type": "text", "default": " ａ b", "normalise": TIGHT},
        "mark": {
            "type": "text",
            "default": {"is": "lower(name)"},
            "normalise": TIGHT,
            "unique": True,
        },
        "note": {"type": "text", "normalise": TIGHT},
    },
    "checks": {
        "never_less": {"must": "old.total is None or total >= old.total", "field": "total"},
        "stays_closed": {
            "when": "changed('stage')",
            "must": "old.stage is None or old.stage != 'closed'",
            "field": "stage",
        },
        "open_if_much": {"when": "total > 100", "must": "stage == 'open'", "field": "stage"},
        "one_step": {
            "at": "commit",
            "when": "changed('level')",
            "must": "level - coalesce(old.level, 0) == 1",
        },
        "parent_kept": {"when": "old.parent.name == 'fixed'", "must": "not changed('parent')"},
        "moved": {"severity": "flag", "must": "not changed('name') and old.name == name"},
    },
}
CLERK: dict[str, Any] = {
    "kind": "role",
    "name": "clerk",
    "grants": {"claim": dict.fromkeys(("create", "read", "update", "delete"), True)},
}
GUEST: dict[str, Any] = {
    "kind": "role",
    "name": "guest",
    "grants": {"claim": {"read": "code == 'AB'", "update": True}},
}


@pytest.fixture(scope="module", params=ENGINES)
def shared_claims(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Yield a site with the pack of claims, once for each engine."""
    with (
        shared_database(request.param, tmp_path_factory) as (url, home),
        made_site(
            url, home, PackBuilder(CLAIM, CLERK, GUEST, name="claims", title="Claims")
        ) as site,
    ):
        yield site


@pytest.fixture
def claims(shared_claims: Site) -> Site:
    """Return the module's site without a single record."""
    empty(shared_claims)
    return shared_claims


@pytest.fixture
def records(claims: Site) -> Records:
    """Return the service under test."""
    return claims.records


@pytest.fixture
def clerk(claims: Site) -> Actor:
    """Return somebody who may do everything with claims."""
    return person(claims, "clerk", "clerk")


def refusals(work: Any, *arguments: Any, **named: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidError) as caught:
        work(*arguments, **named)
    return [
        (problem.pointer, str(problem.context.get("check", problem.code)))
        for problem in caught.value.problems
    ]


def test_a_new_record_has_no_old_values(records: Records, clerk: Actor) -> None:
    assert records.create(clerk, "claim", {"name": "a", "total": 5, "stage": "closed"})
    assert refusals(records.create, clerk, "claim", {"name": "b", "level": 2}) == [("", "one_step")]


def test_a_check_compares_with_what_is_stored(records: Records, clerk: Actor) -> None:
    made = records.create(clerk, "claim", {"name": "a", "total": 5, "stage": "closed"})
    for less in ({"total": "4.99"}, {"total": None}):
        assert refusals(records.update, clerk, "claim", made["id"], less) == [
            ("/total", "never_less")
        ]
    records.update(clerk, "claim", made["id"], {"total": "5.00", "stage": "closed", "name": "b"})
    assert refusals(records.update, clerk, "claim", made["id"], {"stage": "open"}) == [
        ("/stage", "stays_closed")
    ]
    assert records.update(clerk, "claim", made["id"], {"total": 6})["total"] == 6


def test_the_old_record_s_links_are_followed(records: Records, clerk: Actor) -> None:
    fixed = records.create(clerk, "claim", {"name": "fixed"})
    made = records.create(clerk, "claim", {"name": "a", "parent": str(fixed["id"])})
    assert refusals(records.update, clerk, "claim", made["id"], {"parent": None}) == [
        ("", "parent_kept")
    ]
    records.update(clerk, "claim", fixed["id"], {"name": "loose"})
    assert records.update(clerk, "claim", made["id"], {"parent": None})["parent"] is None


def test_at_commit_the_old_record_is_the_one_before_the_transaction(
    records: Records, clerk: Actor
) -> None:
    made = records.create(clerk, "claim", {"name": "a"})

    def set_twice(first: int, last: int) -> Any:
        def work(writer: Any) -> None:
            writer("claim").update(made["id"], {"level": first})
            writer("claim").update(made["id"], {"level": last})

        return work

    assert refusals(records.write, clerk, set_twice(1, 2)) == [("", "one_step")]
    records.write(clerk, set_twice(7, 1))
    assert records.read(clerk, "claim", made["id"])["level"] == 1
    assert records.update(clerk, "claim", made["id"], {"level": 2})["level"] == 2


def test_a_record_made_in_the_transaction_has_no_old_values_at_its_end(
    records: Records, clerk: Actor
) -> None:
    def work(writer: Any) -> None:
        made = writer("claim").create({"name": "a", "level": 1})
        writer("claim").update(made["id"], {"level": 2})

    assert refusals(records.write, clerk, work) == [("", "one_step")]


def test_a_record_that_is_read_is_its_own_old_one(records: Records, clerk: Actor) -> None:
    made = records.create(clerk, "claim", {"name": "a"})
    assert made["flags"] == []
    assert records.update(clerk, "claim", made["id"], {"name": "b"})["flags"] == []


def test_each_row_of_an_import_is_compared_with_what_is_stored(
    claims: Site, clerk: Actor, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        claims.records.create(clerk, "claim", {"name": name, "total": 5, "level": 1})
    file = tmp_path / "claims.csv"
    file.write_text("name,total,level\na,4,1\nb,6,2\nc,1,1\nd,1,3\n", encoding="utf-8")
    source = open_source(file, "")
    outcome = Outcome()
    Import(
        records=claims.records,
        actor=lambda: clerk,
        entity="claim",
        source=source,
        columns=map_columns(claims.current().entity("claim"), source.columns, {}),
        match="name",
    ).run(outcome, lambda _: None)
    assert {reject.line: reject.problems[0].context["check"] for reject in outcome.rejects} == {
        2: "never_less",
        5: "one_step",
    }
    assert (outcome.created, outcome.updated) == (1, 1)


def test_one_mistake_is_told_once(records: Records, clerk: Actor) -> None:
    much = {"name": "a", "total": 200}
    assert refusals(records.create, clerk, "claim", much) == [("/stage", "required")]
    assert refusals(records.create, clerk, "claim", {**much, "stage": "closed"}) == [
        ("/stage", "open_if_much")
    ]


def test_values_that_fields_get_by_themselves_are_normalised_too(
    records: Records, clerk: Actor
) -> None:
    made = records.create(clerk, "claim", {"name": "n  1"})
    assert (made["code"], made["mark"]) == ("AB", "N1")
    again = refusals(records.create, clerk, "claim", {"name": "N1", "code": "x"})
    assert again == [("/mark", "not_unique")]
    parent = records.create(clerk, "claim", {"name": "p 2", "code": "x"})
    moved = records.update(clerk, "claim", made["id"], {"parent": str(parent["id"])})
    assert moved["note"] == "P2"
    asked = records.effects(clerk, "claim", None, Question(values={"name": "q 3"}))
    assert asked.fill["mark"] == "Q3"
    assert asked.values["code"] == "AB"


def test_a_link_to_nothing_is_told_along_with_values_that_cannot_be_read(
    records: Records, clerk: Actor
) -> None:
    made = records.create(clerk, "claim", {"name": "a"})
    nothing = "0190a000-0000-7000-8000-000000000000"
    wrong = {"parent": nothing, "total": "x"}
    both = [("/total", "not_a_number"), ("/parent", "no_such_record")]
    assert refusals(records.update, clerk, "claim", made["id"], wrong) == both
    assert refusals(records.create, clerk, "claim", wrong) == [
        both[0],
        ("/name", "required"),
        both[1],
    ]
    with pytest.raises(NotFoundError):
        records.update(clerk, "claim", UUID(nothing), wrong)


def test_a_link_that_stays_is_not_looked_at(records: Records, clerk: Actor, claims: Site) -> None:
    parent = records.create(clerk, "claim", {"name": "p", "code": "p"})
    made = records.create(clerk, "claim", {"name": "a", "parent": str(parent["id"])})
    guest = person(claims, "guest", "guest")
    same = {"parent": str(parent["id"]), "total": "x"}
    assert refusals(records.update, guest, "claim", made["id"], same) == [
        ("/total", "not_a_number")
    ]
