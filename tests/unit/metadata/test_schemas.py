"""The schemas are sound, documented, closed, and point at what is wrong."""

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from loomwork_metadata import schema_folder

Document = dict[str, Any]
Check = Callable[[Document], list[ValidationError]]

KINDS = ("pack", "entity", "role", "form", "view", "app", "translation")

ENTITY: Document = {
    "kind": "entity",
    "name": "ship",
    "fields": {
        "name": {"type": "text"},
        "log": {"type": "long_text"},
        "crew": {"type": "integer"},
        "draught": {"type": "decimal"},
        "built_on": {"type": "date"},
        "left_at": {"type": "datetime"},
        "afloat": {"type": "boolean"},
        "flag": {"type": "select", "options": {"red": {}}},
        "harbour": {"type": "link", "to": "harbour"},
    },
}
VIEW: Document = {
    "kind": "view",
    "name": "ships",
    "entity": "ship",
    "type": "list",
    "columns": ["name"],
}
FORM: Document = {
    "kind": "form",
    "name": "ship",
    "entity": "ship",
    "tabs": {"deck": {"sections": {"main": {"fields": ["name"]}}}},
}
APP: Document = {"kind": "app", "name": "port", "items": {"ships": {"entity": "ship"}}}
ROLE: Document = {"kind": "role", "name": "pilot", "grants": {"ship": {"read": True}}}
PACK: Document = {
    "kind": "pack",
    "name": "port",
    "version": "1.0.0",
    "title": "Port",
    "language": "en",
}
TRANSLATION: Document = {
    "kind": "translation",
    "name": "zh_CN",
    "texts": {"entity/ship#/label": "船"},
}


def parts(schema: object) -> Iterator[Document]:
    """Yield the schema and everything below it that is an object."""
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from parts(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from parts(value)


def with_value(document: Document, pointer: str, value: object) -> Document:
    """Return a copy of the document with ``value`` at ``pointer``."""
    changed = copy.deepcopy(document)
    *way, last = pointer.split("/")
    target = changed
    for key in way:
        target = target[key]
    target[last] = value
    return changed


def pointer_of(error: ValidationError) -> str:
    """Return the place of the error as a pointer without its first slash."""
    return "/".join(str(part) for part in error.absolute_path)


def test_there_is_one_schema_per_kind() -> None:
    found = {path.stem for path in schema_folder().iterdir()}
    assert found == {*KINDS, "common"}


@pytest.mark.parametrize("kind", [*KINDS, "common"])
def test_a_schema_is_valid_and_named_by_language_version_and_kind(
    schemas: Mapping[str, Document], kind: str
) -> None:
    Draft202012Validator.check_schema(schemas[kind])
    assert schemas[kind]["$id"] == f"https://loomwork.dev/schemas/1/{kind}.json"


@pytest.mark.parametrize("kind", [*KINDS, "common"])
def test_every_property_has_a_description_and_examples(
    schemas: Mapping[str, Document], kind: str
) -> None:
    definitions = schemas[kind].get("$defs", {})
    properties = [
        {**definitions.get(value.get("$ref", "").removeprefix("#/$defs/"), {}), **value}
        for part in parts(schemas[kind])
        if part.get("type") == "object" or "allOf" in part
        for value in part.get("properties", {}).values()
    ]
    assert [value for value in properties if not value.get("description")] == []
    assert [value for value in properties if not value.get("examples")] == []
    assert [value for value in properties if not value["description"].endswith(".")] == []


@pytest.mark.parametrize("kind", [*KINDS, "common"])
def test_every_object_is_closed(schemas: Mapping[str, Document], kind: str) -> None:
    objects = [part for part in parts(schemas[kind]) if part.get("type") == "object"]
    dispatching = [part for part in objects if "allOf" in part]
    still_open = [part for part in objects if part.get("additionalProperties", True) is True]
    assert still_open == dispatching


def test_every_field_type_is_closed_and_reached_by_its_name(
    schemas: Mapping[str, Document],
) -> None:
    definitions = schemas["entity"]["$defs"]
    names = definitions["field"]["properties"]["type"]["enum"]
    reached = {
        case["if"]["properties"]["type"]["const"]: case["then"]["$ref"]
        for case in definitions["field"]["allOf"]
    }
    assert reached == {name: f"#/$defs/{name}" for name in names}
    assert all(definitions[name]["additionalProperties"] is False for name in names)


@pytest.mark.parametrize(
    "document", [ENTITY, VIEW, FORM, APP, ROLE, PACK, TRANSLATION], ids=lambda d: d["kind"]
)
def test_the_smallest_document_of_a_kind_is_accepted(check: Check, document: Document) -> None:
    assert check(document) == []
    assert (
        check({**document, "$schema": f"https://loomwork.dev/schemas/1/{document['kind']}.json"})
        == []
    )


@pytest.mark.parametrize("field", list(ENTITY["fields"]))
def test_an_unknown_key_of_a_field_is_one_error_that_knows_the_allowed_keys(
    check: Check, field: str
) -> None:
    (error,) = check(with_value(ENTITY, f"fields/{field}/lable", "Name"))
    assert error.validator == "additionalProperties"
    assert pointer_of(error) == f"fields/{field}"
    assert isinstance(error.schema, dict)
    assert "label" in error.schema["properties"]
    assert "lable" not in error.schema["properties"]


def test_a_bad_value_of_a_known_key_does_not_make_other_keys_unknown(check: Check) -> None:
    document = with_value(
        ENTITY, "fields/name", {"type": "text", "max_length": 0, "search": True, "label": "Name"}
    )
    (error,) = check(document)
    assert (pointer_of(error), error.validator) == ("fields/name/max_length", "minimum")


def test_an_unknown_field_type_is_one_error_that_lists_the_known_ones(check: Check) -> None:
    (error,) = check(with_value(ENTITY, "fields/name", {"type": "money", "min": 0}))
    assert (pointer_of(error), error.validator) == ("fields/name/type", "enum")
    assert "decimal" in str(error.validator_value)


def test_a_field_without_a_type_is_one_error(check: Check) -> None:
    (error,) = check(with_value(ENTITY, "fields/name", {"label": "Name"}))
    assert (pointer_of(error), error.validator) == ("fields/name", "required")


@pytest.mark.parametrize(
    ("document", "pointer", "value"),
    [
        (ENTITY, "hierarchy", "parent"),
        (ENTITY, "checks", {}),
        (ENTITY, "unique", {}),
        (ENTITY, "extends", True),
        (ENTITY, "ownership", "role"),
        (ENTITY, "features", {"history": True}),
        (ENTITY, "title", "name"),
        (ENTITY, "fields", {}),
        (ENTITY, "name", "Ship"),
        (ENTITY, "name", "ship\n"),
        (ENTITY, "name", "s" * 49),
        (ENTITY, "label", " "),
        (ENTITY, "$schema", "https://loomwork.dev/schemas/2/entity.json"),
        (ENTITY, "fields/Big", {"type": "text"}),
        (ENTITY, "fields/name/max_length", 501),
        (ENTITY, "fields/name/normalise", ["trim"]),
        (ENTITY, "fields/log/unique", True),
        (ENTITY, "fields/log/indexed", True),
        (ENTITY, "fields/crew/search", True),
        (ENTITY, "fields/crew/min", 0.5),
        (ENTITY, "fields/draught/places", 11),
        (ENTITY, "fields/draught/min", "few"),
        (ENTITY, "fields/built_on/default", "31.1.2026"),
        (ENTITY, "fields/built_on/default", {"is": "today()"}),
        (ENTITY, "fields/left_at/default", "2026-01-31"),
        (ENTITY, "fields/afloat/default", "yes"),
        (ENTITY, "fields/flag/options", {}),
        (ENTITY, "fields/flag/options/red/when", "afloat"),
        (ENTITY, "fields/flag/options/red/color", "#ff0000"),
        (ENTITY, "fields/harbour/on_delete", "cascade"),
        (ENTITY, "fields/harbour/part_of", True),
        (ENTITY, "fields/harbour/filter", "open == True"),
        (ENTITY, "fields/harbour/default", "Kiel"),
        (ENTITY, "indexes", {"by_name": []}),
        (VIEW, "type", "kanban"),
        (VIEW, "group", "flag"),
        (VIEW, "columns", []),
        (VIEW, "columns", ["name", "name"]),
        (VIEW, "filter", True),
        (VIEW, "filter", ""),
        (VIEW, "sort", ["+name"]),
        (FORM, "use", {"width": "phone"}),
        (FORM, "header", {"path": "flag"}),
        (FORM, "tabs/deck/panel", "timeline"),
        (FORM, "tabs/deck/sections/main/columns", 4),
        (FORM, "tabs/deck/sections/main/visible", "afloat"),
        (FORM, "fields", {"name": {"required": "afloat"}}),
        (APP, "items/ships/view", "ships"),
        (APP, "items/none", {"label": "Nothing"}),
        (APP, "items/ships", {"dashboard": "ships"}),
        (ROLE, "inherits", ["sailor"]),
        (ROLE, "functions", ["views.share"]),
        (ROLE, "grants/ship/export", True),
        (ROLE, "grants/ship/fields", {"name": "hidden"}),
        (ROLE, "grants/ship/read", "  "),
        (ROLE, "grants/ship/read", None),
        (PACK, "settings", {}),
        (PACK, "version", "1.0"),
        (PACK, "language", "zh-CN"),
        (PACK, "requires", {"base": "latest"}),
        (PACK, "requires", {"base": ""}),
        (PACK, "platform", ">=0.1\n"),
        (TRANSLATION, "name", "chinese"),
        (TRANSLATION, "texts/entity", "船"),
    ],
)
def test_what_is_not_supported_is_refused_at_its_place(
    check: Check, document: Document, pointer: str, value: object
) -> None:
    errors = check(with_value(document, pointer, value))
    assert errors
    assert all(pointer.startswith(pointer_of(error)) for error in errors) or all(
        pointer_of(error).startswith(pointer) for error in errors
    )


@pytest.mark.parametrize(
    "place",
    [
        "entity/ship#/label",
        "entity/ship#/plural",
        "entity/ship#/fields/name/label",
        "entity/ship#/fields/name/help",
        "entity/ship#/fields/flag/options/red/label",
        "view/ships#/label",
        "form/ship#/label",
        "form/ship#/tabs/deck/label",
        "form/ship#/tabs/deck/sections/main/label",
        "app/port#/label",
        "app/port#/items/ships/label",
        "app/port#/items/more/items/ships/label",
        "role/pilot#/label",
    ],
)
def test_a_translation_reaches_every_text(check: Check, place: str) -> None:
    assert check({**TRANSLATION, "texts": {place: "船"}}) == []


@pytest.mark.parametrize(
    "place",
    ["entity/ship/label", "entity/ship#/icon", "view/ships#/plural", "role/pilot#/label/", ""],
)
def test_a_translation_of_something_that_is_no_text_is_refused(check: Check, place: str) -> None:
    (error,) = check({**TRANSLATION, "texts": {place: "船"}})
    assert pointer_of(error) == "texts"
    assert error.instance == place


@pytest.mark.parametrize("name", ["1.0.0", "0.10.3", "2.0.0-rc.1"])
def test_semantic_versions_are_accepted(check: Check, name: str) -> None:
    assert check({**PACK, "version": name}) == []


@pytest.mark.parametrize("range_", [">=1.0,<2", ">=1.0, <2", "==1.2.3", ">0"])
def test_version_ranges_are_accepted(check: Check, range_: str) -> None:
    assert check({**PACK, "requires": {"base": range_}}) == []
