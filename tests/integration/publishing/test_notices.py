"""Who notices a publish: what people are told of fields, entities, rules and checks."""

from typing import Any

import pytest

from loomwork.errors import worded
from loomwork.publishing.notices import notices
from tests.documents import MAKER, Body
from tests.integration.publishing.stored import gadget, model_of, stored

VIEW: Body = {"kind": "view", "name": "gadgets", "entity": "gadget", "type": "list"}
FORM: Body = {
    "kind": "form",
    "name": "gadget",
    "entity": "gadget",
    "tabs": {"main": {"sections": {"main": {"fields": ["name", "size"]}}}},
}


def told(url: str, before: tuple[Body, ...], after: tuple[Body, ...]) -> list[tuple[Any, ...]]:
    """Return code, entity, name and sentence of what people are told."""
    old, new = model_of(*before), model_of(*after)
    with stored(url, old) as kept, kept.seen_by(new) as data:
        found = notices(old, new, data)
    return [(note.code, note.entity, note.name, worded(note.text, note.context)) for note in found]


def test_nothing_is_told_where_nothing_changes(sqlite_database: str) -> None:
    assert told(sqlite_database, (gadget(), MAKER), (gadget(), MAKER)) == []


def test_fields_and_entities_come_and_go(sqlite_database: str) -> None:
    size: Body = {"type": "integer"}
    shown = {**VIEW, "columns": ["name", "size"]}
    hidden = {**VIEW, "columns": ["name"]}
    before = (gadget(size=size, old_one=size), MAKER, shown, FORM)
    after = (gadget(fresh=size), hidden, {"kind": "entity", "name": "novelty", "fields": NAMED})
    assert told(sqlite_database, before, after) == [
        ("field_added", "gadget", "fresh", "“Fresh” is new."),
        (
            *("field_retired", "gadget", "size"),
            "“Size” goes; its values are kept until a purge."
            " It is shown in: view/gadgets, form/gadget.",
        ),
        (
            *("field_retired", "gadget", "old_one"),
            "“Old one” goes; its values are kept until a purge.",
        ),
        ("entity_added", "novelty", "", "“Novelty” is new."),
        ("entity_retired", "maker", "", "“Maker” goes; its records are kept until a purge."),
    ]


NAMED: Body = {"name": {"type": "text"}}


@pytest.mark.parametrize(
    ("before", "after", "rules"),
    [
        ({"type": "integer"}, {"type": "integer", "min": 3, "required": True}, "required, min"),
        ({"type": "integer"}, {"type": "integer", "required": "name is None"}, "required"),
        ({"type": "integer"}, {"type": "decimal"}, "type, min, max, places"),
        ({"type": "text"}, {"type": "text", "max_length": 5, "unique": True}, "unique, max_length"),
        ({"type": "text"}, {"type": "text", "visible": "name is None"}, "visible"),
        ({"type": "text"}, {"type": "text", "readonly": True, "default": "x"}, "readonly, default"),
        (
            {"type": "select", "options": {"a": {}}},
            {"type": "select", "options": {"a": {}, "b": {}}},
            "options",
        ),
        (
            {"type": "link", "to": "gadget"},
            {"type": "link", "to": "gadget", "filter": "name is None", "on_delete": "clear"},
            "filter, on_delete",
        ),
    ],
)
def test_rules_that_change_are_named_as_documents_name_them(
    sqlite_database: str, before: Body, after: Body, rules: str
) -> None:
    assert told(sqlite_database, (gadget(size=before),), (gadget(size=after),)) == [
        ("rules_changed", "gadget", "size", f"The rules of “Size” change: {rules}.")
    ]


def test_a_label_or_a_colour_is_no_rule(sqlite_database: str) -> None:
    before: Body = {"type": "select", "options": {"a": {"color": "blue"}}}
    after: Body = {"type": "select", "label": "How big", "options": {"a": {"label": "An A"}}}
    assert told(sqlite_database, (gadget(size=before),), (gadget(size=after),)) == []


def test_checks_come_change_and_go(sqlite_database: str) -> None:
    one, other = {"must": "name != 'x'"}, {"must": "name != 'y'"}
    before = {**gadget(), "checks": {"stays": one, "goes": one, "turns": one}}
    after = {**gadget(), "checks": {"stays": one, "comes": one, "turns": other}}
    assert [found[:3] for found in told(sqlite_database, (before,), (after,))] == [
        ("check_added", "gadget", "comes"),
        ("check_changed", "gadget", "turns"),
        ("check_retired", "gadget", "goes"),
    ]


def test_a_field_that_is_renamed_is_told_with_the_name_it_had(sqlite_database: str) -> None:
    after = gadget(extent={"type": "integer", "renamed_from": "size", "min": 1})
    assert told(sqlite_database, (gadget(size={"type": "integer"}),), (after,)) == [
        (
            *("field_renamed", "gadget", "extent"),
            "“Extent” is the former “Size” and keeps its values; the API called it “size”.",
        ),
        ("rules_changed", "gadget", "extent", "The rules of “Extent” change: min."),
    ]


def test_a_formula_that_is_worked_out_otherwise_is_told(sqlite_database: str) -> None:
    def worked_out(source: str) -> Body:
        return gadget(size={"type": "integer"}, double={"type": "formula", **RESULT, "is": source})

    before, after = worked_out("size * 2"), worked_out("size * 3")
    assert told(sqlite_database, (before,), (after,)) == [
        ("rules_changed", "gadget", "double", "The rules of “Double” change: is.")
    ]


RESULT: Body = {"result": "integer"}
