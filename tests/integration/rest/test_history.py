"""Looking back over REST."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from loomwork.catalog.documents import read_pack
from loomwork.cli.packs import install
from loomwork.cli.setup import prepare_site
from loomwork.publishing.site import Site
from loomwork.web.app import create_app
from loomwork.web.fab.users import Users
from tests.integration.rest.conftest import PASSWORD, Caller, caller, errors, problem, settings_of
from tests.office import office


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Site]:
    """Yield a site whose records keep their history, and two people who work there."""
    made = prepare_site(settings_of(tmp_path / "home"))
    install(made, [read_pack(office().write(tmp_path / "pack"))], "test")
    users = Users(made)
    for name, role in (("ann", "head"), ("bob", "clerk")):
        users.add(name, name.capitalize(), password=PASSWORD, roles=[role])
    yield made
    made.close()


@pytest.fixture
def served(bureau: Site) -> Flask:
    return create_app(bureau)


@pytest.fixture
def chief(served: Flask, bureau: Site) -> Caller:
    return caller(served, bureau, "ann")


@pytest.fixture
def helper(served: Flask, bureau: Site) -> Caller:
    return caller(served, bureau, "bob")


def changed(chief: Caller) -> dict[str, Any]:
    """Return a record as it was first; it has another name and a rank now."""
    made = chief.create_in("case", name="first")
    place = f"/records/case/{made['id']}"
    trace = {"X-Request-ID": "a-request-of-mine"}
    answer = chief.call("PATCH", place, json={"name": "second", "rank": 7}, headers=trace)
    assert answer.status_code == 200
    return made


def test_a_history_names_the_person_the_way_and_the_request(chief: Caller) -> None:
    made = changed(chief)
    answer = chief.get(f"/records/case/{made['id']}/history")
    assert answer.status_code == 200
    assert answer.json is not None
    newest, oldest = answer.json["items"]
    assert newest["actor"]["title"] == "Ann"
    assert (newest["source"], newest["request"], newest["agent"]) == (
        "rest",
        "a-request-of-mine",
        None,
    )
    assert newest["event"] == "updated"
    assert newest["changes"] == [
        {"field": "name", "from": "first", "to": "second"},
        {"field": "rank", "from": None, "to": 7},
    ]
    assert (oldest["event"], oldest["at"]) == ("created", made["updated_at"])
    assert answer.json["next"] is None


def test_a_record_and_a_list_are_read_as_they_were(chief: Caller) -> None:
    made = changed(chief)
    then = {"as_of": made["updated_at"]}
    answer = chief.get(f"/records/case/{made['id']}", query_string=then)
    assert (answer.status_code, answer.json, answer.headers["ETag"]) == (200, made, '"1"')
    wanted = {**then, "filter": "name == 'first'", "sort": "-name", "count": "exact"}
    page = chief.get("/records/case", query_string=wanted).json
    assert page == {"items": [made], "next": None, "count": 1}
    assert chief.get("/records/case", query_string={"filter": "name == 'first'"}).json == {
        "items": [],
        "next": None,
    }


def test_a_day_means_its_end_and_a_day_before_all_began_is_empty(chief: Caller) -> None:
    changed(chief)
    far = chief.get("/records/case", query_string={"as_of": "2999-12-31"}).json
    assert far is not None
    assert [item["name"] for item in far["items"]] == ["second"]
    past = chief.get("/records/case", query_string={"as_of": "1999-12-31"}).json
    assert past == {"items": [], "next": None}


def test_what_one_may_not_read_today_has_no_past(chief: Caller, helper: Caller) -> None:
    made = changed(chief)
    place = f"/records/case/{made['id']}"
    problem(helper.get(f"{place}/history"), 404)
    problem(helper.get(place, query_string={"as_of": made["updated_at"]}), 404)
    problem(helper.get(f"{place}/history", query_string={"cursor": "x"}), 404)


@pytest.mark.parametrize(
    "moment",
    [
        *("", "yesterday", "2026-02-30", "2026-03-31T18:00:00", "0001-01-01T00:00:00+14:00"),
        *("２０２６-03-31", "2026-03-31T18:00:00Z\x00", "9999-12-31T23:59:59-14:00", "20260331"),
    ],
)
def test_a_moment_that_cannot_be_read_is_refused(chief: Caller, moment: str) -> None:
    for place in ("/records/case", "/records/case/0197a000-0000-7000-8000-000000000000"):
        answer = chief.get(place, query_string={"as_of": moment})
        assert errors(answer) == [("/as_of", "bad_moment")]


def test_what_keeps_no_history_is_refused(chief: Caller) -> None:
    note = chief.create_in("note", name="n")
    then = {"as_of": note["updated_at"]}
    assert errors(chief.get("/records/note", query_string=then)) == [("/as_of", "no_history")]
    place = f"/records/note/{note['id']}"
    assert errors(chief.get(place, query_string=then)) == [("/as_of", "no_history")]
    told = problem(chief.get(f"{place}/history"), 404)
    assert told["detail"] == "“Note” keeps no history."


@pytest.mark.parametrize("limit", ["0", "-1", "1000", "x", "９", "9" * 40])
def test_a_limit_that_does_not_fit_is_refused(chief: Caller, limit: str) -> None:
    made = chief.create_in("case", name="a")
    answer = chief.get(f"/records/case/{made['id']}/history", query_string={"limit": limit})
    assert errors(answer) == [("/limit", "bad_limit")]


def test_a_cursor_of_another_record_is_refused(chief: Caller) -> None:
    first, second = changed(chief), changed(chief)
    page = chief.get(f"/records/case/{first['id']}/history", query_string={"limit": "1"}).json
    assert page is not None
    cursor = {"cursor": page["next"]}
    rest = chief.get(f"/records/case/{first['id']}/history", query_string=cursor).json
    assert rest is not None
    assert [item["event"] for item in rest["items"]] == ["created"]
    answer = chief.get(f"/records/case/{second['id']}/history", query_string=cursor)
    assert errors(answer) == [("/cursor", "bad_cursor")]


def test_parameters_that_nobody_knows_are_refused(chief: Caller) -> None:
    made = chief.create_in("case", name="a")
    answer = chief.get(f"/records/case/{made['id']}/history", query_string={"since": "x"})
    assert errors(answer) == [("/since", "unknown_parameter")]
