"""Documents of older versions of the language go on working, as they were written."""

from pathlib import Path
from typing import Any

import pytest

from loomwork.catalog.documents import parse_document
from loomwork.catalog.language import LIFTS, VERSION, lifted, version_of
from loomwork.catalog.schema_check import check_body
from loomwork_metadata import KINDS

FIRST = Path(__file__).parent / "first_language"
PLACES = sorted(FIRST.rglob("*.json"))


def read(path: Path) -> dict[str, Any]:
    return parse_document(path.read_text(encoding="utf-8"))


def named(version: object, kind: str = "view") -> dict[str, Any]:
    return {"$schema": f"https://loomwork.dev/schemas/{version}/{kind}.json", "kind": kind}


@pytest.mark.parametrize("path", PLACES, ids=lambda path: path.name)
def test_a_document_of_the_first_language_is_lifted_to_what_fits_today(path: Path) -> None:
    body = read(path)
    kind = body["kind"]
    assert version_of(body) == 1
    risen = lifted(body)
    assert risen["$schema"] == f"https://loomwork.dev/schemas/{VERSION}/{kind}.json"
    assert check_body(kind, risen) == check_body(kind, body) == []


@pytest.mark.parametrize("path", PLACES, ids=lambda path: path.name)
def test_lifting_leaves_the_original_and_every_key_in_place(path: Path) -> None:
    body = read(path)
    risen = lifted(body)
    assert body == read(path)
    assert list(risen) == list(body)
    assert lifted(risen) == risen


def test_there_is_a_way_from_every_version_to_the_next() -> None:
    assert list(LIFTS) == list(range(1, VERSION))


def ship(version: int, **seal: object) -> dict[str, Any]:
    fields = {"name": {"type": "text", "required": True}, "seal": {"type": "text", **seal}}
    return {**named(version, "entity"), "name": "ship", "fields": fields}


def test_a_field_that_nobody_could_fill_is_not_required_any_more() -> None:
    risen = lifted(ship(1, required=True, readonly=True))
    assert risen["fields"]["seal"] == {"type": "text", "readonly": True}
    assert risen["fields"]["name"] == {"type": "text", "required": True}


@pytest.mark.parametrize(
    "seal",
    [{"required": True}, {"readonly": True}, {"required": True, "readonly": True, "default": "x"}],
)
def test_a_field_that_can_be_filled_stays_as_it_is(seal: dict[str, object]) -> None:
    assert lifted(ship(1, **seal))["fields"] == ship(1, **seal)["fields"]


def test_documents_of_the_present_language_are_taken_at_their_word() -> None:
    assert lifted(ship(VERSION, required=True, readonly=True))["fields"]["seal"]["required"]


def test_a_document_that_names_no_version_is_of_the_newest() -> None:
    body = {"kind": "view", "name": "all"}
    assert version_of(body) == VERSION
    assert lifted(body) is body


@pytest.mark.parametrize(
    "body", [named(0), named(VERSION + 1), named("01"), named(-1), named("x"), {"$schema": 7}, {}]
)
def test_what_is_of_no_known_version_stays_as_it_is(body: dict[str, Any]) -> None:
    assert lifted(body) is body


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_of_a_newer_language_is_refused_whatever_it_says(kind: str) -> None:
    (problem,) = check_body(kind, {**named(VERSION + 1, kind), "future": True})
    assert (problem.pointer, problem.code) == ("/$schema", "newer_language")
    assert "Upgrade the platform" in problem.message()
