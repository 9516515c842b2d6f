"""Every way in which a document can have the wrong shape gets a sentence that helps."""

from typing import Any

import pytest

from tests.documents import FOREMAN, Body, PackBuilder
from tests.unit.catalog.problems import entity, field, found, found_in, grants

VIEW: Body = {
    "kind": "view",
    "name": "all_notes",
    "entity": "note",
    "type": "list",
    "columns": ["name"],
}


def app(**item: object) -> Body:
    return {"kind": "app", "name": "desk", "items": {"one": item}}


def told(*documents: Body) -> str:
    (problem,) = found(PackBuilder(*documents).read())
    return problem.message()


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (entity(lable="x"), ("/lable", "unknown_key")),
        (entity(fields={}), ("/fields", "empty")),
        (entity(fields=[]), ("/fields", "wrong_type")),
        (entity(name="Note"), ("/name", "bad_name")),
        (entity(name="1note"), ("/name", "bad_name")),
        (entity(name="n" * 49), ("/name", "bad_name")),
        (entity(name="note\n"), ("/name", "bad_name")),
        (entity(name="名"), ("/name", "bad_name")),
        (entity(name=7), ("/name", "wrong_type")),
        (entity(kind=["entity"]), ("/kind", "wrong_kind")),
        (entity(ownership="users"), ("/ownership", "unknown_value")),
        (entity(features={"history": True}), ("/features/history", "unknown_key")),
        (entity(label=""), ("/label", "empty")),
        (entity(label="x" * 121), ("/label", "too_long")),
        (entity(icon="No Icon"), ("/icon", "unknown_value")),
        (entity(**{"$schema": "https://example.com/x.json"}), ("/$schema", "wrong_value")),
        (entity(fields={"Bad": {"type": "text"}}), ("/fields", "bad_name")),
        (field(type="money"), ("/fields/one/type", "unknown_value")),
        (field(), ("/fields/one", "missing_key")),
        (field(type="text", max_length=501), ("/fields/one/max_length", "too_large")),
        (field(type="text", max_length=0), ("/fields/one/max_length", "too_small")),
        (field(type="text", max_length="9"), ("/fields/one/max_length", "wrong_type")),
        (field(type="text", max_length=9.0), ("/fields/one/max_length", "wrong_type")),
        (field(type="text", max_length=True), ("/fields/one/max_length", "wrong_type")),
        (field(type="text", encrypted=True), ("/fields/one/encrypted", "unknown_key")),
        (field(type="long_text", unique=True), ("/fields/one/unique", "unknown_key")),
        (field(type="select"), ("/fields/one", "missing_key")),
        (field(type="select", options={}), ("/fields/one/options", "empty")),
        (field(type="link"), ("/fields/one", "missing_key")),
        (
            field(type="link", to="note", on_delete="cascade"),
            ("/fields/one/on_delete", "unknown_value"),
        ),
        (field(type="date", default="yesterday"), ("/fields/one/default", "bad_form")),
        (field(type="decimal", places=11), ("/fields/one/places", "too_large")),
        (field(type="decimal", min="1,5"), ("/fields/one/min", "bad_form")),
        (grants(export=True), ("/grants/note/export", "unknown_key")),
        (grants(read=1), ("/grants/note/read", "wrong_type")),
        (grants(read=""), ("/grants/note/read", "empty")),
        ({**VIEW, "type": "kanban"}, ("/type", "wrong_value")),
        ({**VIEW, "columns": ["name", "name"]}, ("/columns", "item_twice")),
        (app(), ("/items/one", "not_one_of")),
        (app(label="One"), ("/items/one", "not_one_of")),
        (app(entity="note", view="all_notes"), ("/items/one", "not_one_of")),
    ],
)
def test_a_mistake_is_told_with_its_place(document: Body, problem: tuple[str, str]) -> None:
    assert problem in found_in(document)


def test_an_unknown_key_is_told_with_the_nearest_known_one() -> None:
    assert told(entity(lable="x")) == "The key “lable” is not known here. Did you mean “label”?"
    assert "Possible are: " in told(entity(zzz="x"))


def test_an_unknown_field_type_is_told_with_the_nearest_one() -> None:
    assert told(field(type="txt")) == "“txt” is not possible here. Did you mean “text”?"


def test_an_entry_of_an_app_is_told_what_it_can_be() -> None:
    wanted = "An entry names exactly one of these: an entity, a view, or a group of further items."
    assert told(entity(), app()) == wanted


@pytest.mark.parametrize(
    "value", [None, True, 7, 1.5, "x", [], {}, ["x"], {"x": {}}, [[{}]], "\x00", "x" * 10_000]
)
@pytest.mark.parametrize(
    "key", ["name", "label", "ownership", "features", "fields", "title", "indexes", "kind", "icon"]
)
def test_no_value_of_any_key_gets_a_traceback(key: str, value: Any) -> None:
    document = entity(**{key: value})
    document["odd key"] = 1
    assert all(problem.message() for problem in found(PackBuilder(document).read()))


def test_a_pack_with_thirty_different_mistakes_names_all_thirty() -> None:
    fields: dict[str, Body] = {
        "name": {"type": "text", "max_length": 0},
        "f01": {"type": "txt"},
        "f02": {},
        "f03": {"type": "text", "max_length": "x"},
        "f04": {"type": "text", "encrypted": True},
        "f05": {"type": "select"},
        "f06": {"type": "select", "options": {}},
        "f07": {"type": "link"},
        "f08": {"type": "link", "to": "Bad Name"},
        "f09": {"type": "decimal", "places": 99},
        "f10": {"type": "decimal", "min": "abc"},
        "f11": {"type": "integer", "max": 1.5},
        "f12": {"type": "date", "default": "x"},
        "f13": {"type": "datetime", "default": "x"},
        "f14": {"type": "boolean", "default": "yes"},
        "f15": {"type": "boolean", "unique": True},
        "f16": {"type": "select", "options": {"a": {"color": "mauve"}}},
        "f17": {"type": "select", "options": {"A": {}}},
        "f18": {"type": "text", "required": "yes"},
        "f19": {"type": "text", "label": ""},
    }
    documents: list[Body] = [
        entity(fields=fields, ownership="all", icon="A B", indexes={"a": []}, title={}),
        {**VIEW, "colour": "red", "type": "map", "sort": ["+name"]},
        app(),
        grants(read=7, share=True),
    ]
    problems = found(PackBuilder(*documents).read())
    assert len({(problem.file, problem.pointer) for problem in problems}) == 30
    assert all(problem.message() and problem.file for problem in problems)


def test_a_document_in_the_folder_of_another_kind_is_told_so() -> None:
    document = PackBuilder(FOREMAN)
    (pack, role) = document.read()
    misplaced = type(role)(pack=role.pack, file="views/x.json", text=role.text, body=role.body)
    (problem,) = found((pack, misplaced))
    assert problem.message() == "A file in this place has the kind “view”, not “role”."


def test_an_icon_that_the_screens_do_not_have_is_named_with_the_nearest() -> None:
    (problem,) = found(PackBuilder(entity(icon="bilding")).read())
    assert (problem.pointer, problem.code) == ("/icon", "unknown_value")
    assert "“building”" in problem.message()
