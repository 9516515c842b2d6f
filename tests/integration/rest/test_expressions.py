"""Expressions checked and shown while somebody writes them."""

from typing import Any

import pytest

from tests.integration.rest.conftest import Caller, errors, problem


def ask(caller: Caller, source: object, entity: str = "plant", **more: Any) -> Any:
    return caller.call("POST", f"/expressions/{entity}", json={"expression": source, **more})


@pytest.mark.parametrize(
    "source", ["高度>100 and 光照 == '半阴'", "height > 100 and light == 'half_shade'"]
)
def test_an_expression_by_labels_or_names_is_answered_by_names_and_labels(
    ann: Caller, source: str
) -> None:
    answer = ask(ann, source)
    assert answer.status_code == 200, answer.text
    assert answer.json == {
        "expression": "height > 100 and light == 'half_shade'",
        "labels": {
            "en": "Height > 100 and Light == 'Half shade'",
            "zh_CN": "高度 > 100 and 光照 == '半阴'",
        },
        "kind": "boolean",
        "uses": ["height", "light"],
    }


def test_links_are_followed_in_both_directions(mia: Caller) -> None:
    over = ask(mia, "花坛.Name == 'North' or bed.name is None").json
    assert over["expression"] == "bed.name == 'North' or bed.name is None"
    assert ask(mia, "count(植物, 高度 > 5) > 2", "bed").json["expression"] == (
        "count(plants, height > 5) > 2"
    )


def test_what_is_read_is_told_by_its_path(ann: Caller) -> None:
    assert ask(ann, "花坛.Name == 'North' and owner == user and 高度 > 1").json["uses"] == [
        "bed.name",
        "height",
        "owner",
        "user",
    ]


def test_a_value_is_of_the_kind_that_it_says(ann: Caller) -> None:
    assert ask(ann, "price * 2", kind="value").json["kind"] == "number"
    assert ask(ann, "today() - days(3)", kind="value").json["kind"] == "date"
    assert errors(ask(ann, "price * 2")) == [("/expression", "wrong_kind")]


@pytest.mark.parametrize(
    ("source", "code", "column"),
    [
        ("高度 > 'x'", "wrong_kind", 6),
        ("高度x > 1", "unknown_label", 1),
        ("光照 == '半'", "unknown_option", 7),
        ("  花坛.", "syntax", 5),
        ("", "empty", 1),
        ("`种植日期 < today()", "open_label", 1),
        ("x" * 20_000, "too_long", 10_001),
    ],
)
def test_what_is_wrong_is_said_with_the_column_that_was_typed(
    ann: Caller, source: str, code: str, column: int
) -> None:
    (found,) = problem(ask(ann, source), 422)["errors"]
    assert (found["pointer"], found["code"], found["column"]) == ("/expression", code, column)


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ([], "", "not_an_object"),
        ({"expression": 5}, "/expression", "not_text"),
        ({}, "/expression", "not_text"),
        ({"expression": "alive", "kind": "text"}, "/kind", "unknown_kind"),
        ({"expression": "alive", "a/b": 1}, "/a~1b", "unknown_key"),
    ],
)
def test_other_bodies_are_refused(ann: Caller, body: object, pointer: str, code: str) -> None:
    assert errors(ann.call("POST", "/expressions/plant", json=body)) == [(pointer, code)]


def test_an_entity_that_the_caller_may_not_read_is_refused(guest: Caller, ann: Caller) -> None:
    problem(ask(guest, "height > 1"), 403)
    problem(ask(ann, "name == 'x'", "nothing"), 404)
