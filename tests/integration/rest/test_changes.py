"""The change feed over REST: what a program that keeps a copy of the records reads."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from loomwork.automation.housekeeping import expire_outbox
from loomwork.publishing.site import Site
from tests.integration.rest.conftest import Caller, errors, problem


def feed(caller: Caller, **parameters: str) -> dict[str, Any]:
    answer = caller.get("/changes", query_string=parameters)
    assert answer.status_code == 200, answer.json
    body: dict[str, Any] = answer.get_json()
    assert body.keys() == {"items", "next", "more"}
    return body


def test_a_reader_follows_what_happens_to_his_records(ann: Caller) -> None:
    start = feed(ann, after="now")
    assert (start["items"], start["more"]) == ([], False)
    plant = ann.create(name="Fern", alive=True)
    ann.patch(plant, name="Bracken", price="2.50")
    ann.call("DELETE", f"/records/plant/{plant['id']}")
    page = feed(ann, after=start["next"])
    assert [(one["event"], one["id"]) for one in page["items"]] == [
        ("created", plant["id"]),
        ("updated", plant["id"]),
        ("deleted", plant["id"]),
    ]
    updated = page["items"][1]
    assert updated["changed"] == ["name", "price"]
    assert updated["entity"] == "plant"
    assert updated["by"] == {"id": plant["owner"]["id"]}
    assert updated["at"].endswith("Z")
    assert "changed" not in page["items"][0]
    assert feed(ann, after=page["next"])["items"] == []


def test_nothing_is_told_of_another_gardener_s_plants(ann: Caller, bob: Caller) -> None:
    start = feed(bob, after="now")["next"]
    ann.create(name="Fern")
    assert feed(bob, after=start)["items"] == []
    mine = bob.create(name="Moss")
    assert [one["id"] for one in feed(bob, after=start)["items"]] == [mine["id"]]


def test_pages_say_whether_there_is_more(ann: Caller) -> None:
    start = feed(ann, after="now", entity="plant")["next"]
    made = [ann.create(name=str(number))["id"] for number in range(3)]
    first = feed(ann, after=start, entity="plant", limit="2")
    second = feed(ann, after=first["next"], entity="plant", limit="2")
    assert (first["more"], second["more"]) == (True, False)
    assert [one["id"] for one in first["items"] + second["items"]] == made


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"limit": "0"}, ("/limit", "bad_limit")),
        ({"limit": "many"}, ("/limit", "bad_limit")),
        ({"limit": "501"}, ("/limit", "bad_limit")),
        ({"after": "made up"}, ("/after", "bad_cursor")),
        ({"since": "1"}, ("/since", "unknown_parameter")),
    ],
)
def test_parameters_that_do_not_fit_are_named(
    ann: Caller, parameters: dict[str, str], found: tuple[str, str]
) -> None:
    assert errors(ann.get("/changes", query_string=parameters)) == [found]


def test_an_entity_that_is_not_there_is_not_found(ann: Caller) -> None:
    problem(ann.get("/changes", query_string={"entity": "dragon"}), 404)


def test_whoever_is_not_signed_in_is_told_nothing(app: Any) -> None:
    problem(app.test_client().get("/api/v1/changes"), 401)


def test_a_cursor_from_too_long_ago_is_gone(site: Site, ann: Caller) -> None:
    start = feed(ann, after="now")["next"]
    ann.create(name="Fern")
    feed(ann, after=start)
    expire_outbox(site.store, datetime.now(UTC) + timedelta(days=32))
    body = problem(ann.get("/changes", query_string={"after": start}), 410)
    assert body["code"] == "gone"
    assert "after=now" in body["detail"]
