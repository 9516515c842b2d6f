"""Every way in which a document can have the wrong shape gets a sentence that helps."""

from typing import Any

import pytest

from loomwork.catalog import schema_check
from loomwork.catalog.documents import parse_document
from loomwork.catalog.schema_check import check_body, check_schema
from loomwork.errors import Problem
from loomwork.extension import field_types
from loomwork.model.types.text import TextType
from tests.documents import FOREMAN, Body, PackBuilder
from tests.unit.catalog.problems import entity, field, grants

VIEW: Body = {
    "kind": "view",
    "name": "all_notes",
    "entity": "note",
    "type": "list",
    "columns": ["name"],
}


def app(**item: object) -> Body:
    return {"kind": "app", "name": "desk", "items": {"one": item}}


def form(**tab: object) -> Body:
    return {"kind": "form", "name": "note", "entity": "note", "tabs": {"one": tab}}


def automation(**step: object) -> Body:
    trigger = {"event": "created", "entity": "note"}
    return {"kind": "automation", "name": "tidy", "trigger": trigger, "steps": {"one": step}}


def found(*documents: Body) -> list[Problem]:
    """Return what is wrong with the shape of documents that lie where they should."""
    return [p for document in PackBuilder(*documents).read() for p in check_schema(document)]


def found_in(*documents: Body) -> list[tuple[str, str]]:
    return [(problem.pointer, problem.code) for problem in found(*documents)]


def told(*documents: Body) -> str:
    (problem,) = found(*documents)
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
        (entity(features={"histroy": True}), ("/features/histroy", "unknown_key")),
        (entity(label=""), ("/label", "empty")),
        (entity(label="x" * 121), ("/label", "too_long")),
        (entity(icon="No Icon"), ("/icon", "unknown_value")),
        (entity(**{"$schema": "https://example.com/x.json"}), ("/$schema", "wrong_value")),
        (entity(fields={"Bad": {"type": "text"}}), ("/fields/Bad", "bad_name")),
        (field(type="monney"), ("/fields/one/type", "unknown_value")),
        (field(), ("/fields/one", "missing_key")),
        (field(type="text", max_length=501), ("/fields/one/max_length", "too_large")),
        (field(type="text", max_length=0), ("/fields/one/max_length", "too_small")),
        (field(type="text", max_length="9"), ("/fields/one/max_length", "wrong_type")),
        (field(type="text", max_length=9.5), ("/fields/one/max_length", "wrong_type")),
        (field(type="text", max_length=True), ("/fields/one/max_length", "wrong_type")),
        (field(type="text", encrypt=True), ("/fields/one/encrypt", "unknown_key")),
        (field(type="long_text", unique=True), ("/fields/one/unique", "unknown_key")),
        (field(type="multi_select"), ("/fields/one", "missing_key")),
        (field(type="text", default={"iss": "name"}), ("/fields/one/default/iss", "unknown_key")),
        (field(type="text", normalise=["trim", "trim"]), ("/fields/one/normalise", "item_twice")),
        (field(type="text", normalise=["trimm"]), ("/fields/one/normalise/0", "unknown_value")),
        (field(type="rollup", function="sum"), ("/fields/one", "not_one_of")),
        (field(type="select", options={}), ("/fields/one/options", "empty")),
        (field(type="link"), ("/fields/one", "missing_key")),
        (
            field(type="link", to="note", on_delete="cascade"),
            ("/fields/one/on_delete", "unknown_value"),
        ),
        (field(type="date", default="yesterday"), ("/fields/one/default", "bad_form")),
        (field(type="decimal", places=11), ("/fields/one/places", "too_large")),
        (field(type="decimal", min="1,5"), ("/fields/one/min", "bad_form")),
        (grants(exprot=True), ("/grants/note/exprot", "unknown_key")),
        (grants(read=1), ("/grants/note/read", "wrong_type")),
        (grants(read=""), ("/grants/note/read", "empty")),
        (grants(fields={"name": "hiden"}), ("/grants/note/fields/name", "unknown_value")),
        (grants(fields={"name": 7}), ("/grants/note/fields/name", "wrong_type")),
        (
            grants(fields={"name": {"esle": "read"}}),
            ("/grants/note/fields/name/esle", "unknown_key"),
        ),
        ({**VIEW, "type": "kanbann"}, ("/type", "unknown_value")),
        ({**VIEW, "group": "size"}, ("/group", "unknown_key")),
        (form(), ("/tabs/one", "not_one_of")),
        (form(grid="lines", columns=["name"], panel="timeline"), ("/tabs/one", "not_one_of")),
        (form(grid="lines", colums=["name"]), ("/tabs/one/colums", "unknown_key")),
        (form(panel="timeline", totals=["size"]), ("/tabs/one/totals", "unknown_key")),
        (automation(), ("/steps/one", "not_one_of")),
        (automation(action="emial"), ("/steps/one/action", "unknown_value")),
        (automation(action="create", entity="note"), ("/steps/one", "missing_key")),
        (automation(wait="3 days"), ("/steps/one/wait", "bad_form")),
        (
            automation(branch={"a": {"when": True, "steps": {}}}),
            ("/steps/one/branch/a/steps", "empty"),
        ),
        ({**VIEW, "columns": ["name", "name"]}, ("/columns", "item_twice")),
        (app(), ("/items/one", "not_one_of")),
        (app(label="One"), ("/items/one", "not_one_of")),
        (app(entity="note", view="all_notes"), ("/items/one", "not_one_of")),
    ],
)
def test_a_mistake_is_told_with_its_place(document: Body, problem: tuple[str, str]) -> None:
    assert found_in(document) == [problem]


def test_an_unknown_key_is_told_with_the_nearest_known_one() -> None:
    assert told(entity(lable="x")) == "The key “lable” is not known here. Did you mean “label”?"
    assert "Possible are: " in told(entity(zzz="x"))


def test_an_unknown_field_type_is_told_with_the_nearest_one() -> None:
    assert told(field(type="txt")) == "“txt” is not possible here. Did you mean “text”?"


def test_an_entry_of_an_app_is_told_what_it_can_be() -> None:
    assert told(app()).startswith("An entry names exactly one of these: an entity, a view, ")


def test_a_required_key_that_is_misspelt_is_one_mistake() -> None:
    misspelt = {"kind": "view", "name": "notes", "entity": "note", "type": "list", "colums": ["a"]}
    assert told(misspelt) == "The key “colums” is not known here. Did you mean “columns”?"


def test_two_bad_names_in_one_object_are_two_mistakes() -> None:
    fields = {"Bad": {"type": "text"}, "Worse": {"type": "text"}}
    places = [("/fields/Bad", "bad_name"), ("/fields/Worse", "bad_name")]
    assert found_in(entity(fields=fields)) == places


def test_a_document_of_a_newer_language_is_told_so() -> None:
    newer = entity(**{"$schema": "https://loomwork.dev/schemas/3/entity.json", "odd": 1})
    assert found_in(newer) == [("/$schema", "newer_language")]
    assert "version 3" in told(newer)


def test_a_document_of_the_first_language_is_checked_as_what_it_is_now() -> None:
    first = {"$schema": "https://loomwork.dev/schemas/1/view.json", **VIEW}
    assert found_in(first) == []
    assert found_in({**first, "type": "kanban"}) == [
        ("", "missing_key"),
        ("/columns", "unknown_key"),
    ]


def test_a_whole_number_may_be_written_with_a_point_and_is_whole_then() -> None:
    text = '{"kind": "entity", "name": "x", "fields": {"a": {"type": "text", "max_length": 9.0}}}'
    body = parse_document(text)
    assert check_body("entity", body) == []
    assert isinstance(body["fields"]["a"]["max_length"], int)
    assert isinstance(parse_document('{"x": 9.5, "y": 1e300}')["y"], float)


def test_half_a_character_is_just_a_bad_value() -> None:
    assert found_in(entity(ownership="\ud800")) == [("/ownership", "unknown_value")]
    assert found_in(entity(label="\ud800")) == []


class IbanType(TextType):
    """A field type as a plug-in brings one."""


def test_the_field_type_of_a_plug_in_is_admitted_with_keys_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = field(type="iban", label="Account", countries=["DE"], default={"bank": 1})
    assert found_in(one) == [("/fields/one/type", "unknown_value")]
    installed = {**field_types.field_types(), "iban": IbanType}
    monkeypatch.setattr(schema_check, "field_types", lambda: installed)
    assert found_in(one) == []
    assert found_in(field(type="iban", label="")) == [("/fields/one/label", "empty")]
    assert found_in(field(type="ibann")) == [("/fields/one/type", "unknown_value")]


@pytest.mark.parametrize(
    "value", [None, True, 7, 1.5, "x", [], {}, ["x"], {"x": {}}, [[{}]], "\x00", "x" * 10_000]
)
@pytest.mark.parametrize(
    "key", ["name", "label", "ownership", "features", "fields", "title", "indexes", "kind", "icon"]
)
def test_no_value_of_any_key_gets_a_traceback(key: str, value: Any) -> None:
    document = entity(**{key: value})
    document["odd key"] = 1
    assert all(problem.message() for problem in found(document))


def test_a_pack_with_thirty_different_mistakes_names_all_thirty() -> None:
    fields: dict[str, Body] = {
        "name": {"type": "text", "max_length": 0},
        "f01": {"type": "txt"},
        "f02": {},
        "f03": {"type": "text", "max_length": "x"},
        "f04": {"type": "text", "encrypt": True},
        "f05": {"type": "links"},
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
        "f18": {"type": "text", "required": 1},
        "f19": {"type": "text", "label": ""},
    }
    documents: list[Body] = [
        entity(fields=fields, ownership="all", icon="A B", indexes={"a": []}, title={}),
        {**VIEW, "colour": "red", "label": " ", "sort": ["+name"]},
        app(),
        grants(read=7, share=True),
    ]
    problems = found(*documents)
    assert len({(problem.file, problem.pointer) for problem in problems}) == 30
    assert all(problem.message() and problem.file for problem in problems)


def test_a_document_in_the_folder_of_another_kind_is_told_so() -> None:
    (_, role) = PackBuilder(FOREMAN).read()
    misplaced = type(role)(pack=role.pack, file="views/x.json", text=role.text, body=role.body)
    (problem,) = check_schema(misplaced)
    assert problem.message() == "A file in this place has the kind “view”, not “role”."


def test_an_icon_that_the_screens_do_not_have_is_named_with_the_nearest() -> None:
    (problem,) = found(entity(icon="bilding"))
    assert (problem.pointer, problem.code) == ("/icon", "unknown_value")
    assert "“building”" in problem.message()
