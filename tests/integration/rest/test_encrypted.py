"""Encrypted fields, secrets and numbers over REST."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from loomwork.cli.packs import install
from loomwork.cli.setup import prepare_site
from loomwork.publishing.site import Site
from loomwork.web.fab.users import Users
from tests.integration.rest.conftest import PASSWORD, Caller, errors, problem, settings_of
from tests.vault import HIDDEN, SECRET, vault


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = prepare_site(settings_of(tmp_path / "home"))
    install(made, [vault().read()], "test")
    Users(made).add("ann", "Ann", password=PASSWORD, roles=["clerk"])
    made.refresh()
    yield made
    made.close()


def test_what_is_shown_is_what_was_sent_and_is_taken_again(ann: Caller) -> None:
    made = ann.create_in("patient", name="Bea", **HIDDEN, password=SECRET)
    assert {name: made[name] for name in HIDDEN} == HIDDEN
    assert made["password"] == {"set": True}
    own = {name: made[name] for name in (*HIDDEN, "password", "name")}
    again = ann.call("PATCH", f"/records/patient/{made['id']}", json=own)
    assert (again.status_code, again.get_json()["version"]) == (200, 1)
    assert SECRET not in ann.get(f"/records/patient/{made['id']}/history").text


def test_bad_values_are_told_like_those_of_any_field(ann: Caller) -> None:
    values = {
        "card": "x" * 61,
        "home": {"country": "Nowhere"},
        "teeth": "many",
        "born": "1977-13-01",
        "salary": {"amount": 1, "currency": "???"},
        "blood": "z",
        "aliases": ["fine", 7],
        "password": 7,
    }
    told = errors(ann.call("POST", "/records/patient", json={"name": "x", **values}))
    assert sorted({pointer.split("/")[1] for pointer, _ in told}) == sorted(values)


def test_a_number_is_nobodys_to_set(ann: Caller) -> None:
    made = ann.create_in("invoice", name="one")
    assert made["number"] == "R-0001"
    change = {"number": "R-9"}
    told = errors(ann.call("PATCH", f"/records/invoice/{made['id']}", json=change))
    assert told == [("/number", "readonly")]
    found = ann.get("/records/invoice", query_string={"filter": "number == 'R-0001'"}).json
    assert found is not None
    assert [one["id"] for one in found["items"]] == [made["id"]]


@pytest.mark.parametrize("query", [{"filter": "card == 'x'"}, {"sort": "card"}, {"sort": "-home"}])
def test_lists_do_not_look_into_it(ann: Caller, query: dict[str, str]) -> None:
    assert ann.get("/records/patient", query_string=query).status_code == 422


def test_a_value_that_somebody_changed_in_the_database_is_a_conflict(
    ann: Caller, site: Site
) -> None:
    made = ann.create_in("patient", name="Bea", card="4711")
    with site.database.transaction() as connection:
        connection.execute(sa.text("UPDATE patient SET card = 'v1:00000000:AAAA'"))
    told = problem(ann.get(f"/records/patient/{made['id']}"), 409)
    assert made["id"] in told["detail"]
    assert "Card" in told["detail"]
    assert problem(ann.get("/records/patient"), 409)
    mended = ann.call("PATCH", f"/records/patient/{made['id']}", json={"card": "4712"})
    assert mended.get_json()["card"] == "4712"


def test_effects_show_values_and_no_tokens(ann: Caller) -> None:
    question = {"values": {"card": "4711", "home": {"city": "Bonn"}, "password": "x"}}
    answer = ann.call("POST", "/records/patient/effects", json=question)
    assert answer.status_code == 200, answer.text
    assert "v1:" not in answer.text
