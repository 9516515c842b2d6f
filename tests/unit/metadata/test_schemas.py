"""The schemas are sound, documented, closed, and point at what is wrong."""

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource

from loomwork_metadata import KINDS, LANGUAGE_VERSION, schema_folder

Document = dict[str, Any]
Check = Callable[[Document], list[ValidationError]]

SHARED = ("common", "field")
ADDRESS = f"https://loomwork.dev/schemas/{LANGUAGE_VERSION}"
DIALECT = {
    *("$schema", "$id", "$defs", "$ref", "title", "description", "examples", "default"),
    *("type", "enum", "const", "pattern", "minLength", "maxLength", "minimum", "maximum"),
    *("items", "minItems", "maxItems", "uniqueItems"),
    *("properties", "additionalProperties", "propertyNames", "required", "minProperties"),
    *("allOf", "if", "then", "oneOf"),
}
"""The keywords that the wording of problems, patches, the formatter and the reference know."""

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


def of_properties(schema: object) -> Iterator[Document]:
    """Yield what the schema says of each property; a condition on a property says nothing of it."""
    conditions = [part["if"] for part in parts(schema) if "if" in part]
    for part in parts(schema):
        if part not in conditions and isinstance(part.get("properties"), dict):
            yield from part["properties"].values()


def keywords(schema: Document) -> Iterator[str]:
    """Yield the keywords of a schema and of those inside it."""
    yield from schema
    for key, value in schema.items():
        if key in ("properties", "$defs"):
            for inner in value.values():
                yield from keywords(inner)
        elif key in ("items", "additionalProperties", "propertyNames", "if", "then"):
            yield from keywords(value) if isinstance(value, dict) else ()
        elif key in ("allOf", "oneOf"):
            for inner in value:
                yield from keywords(inner)


def resolved(schemas: Mapping[str, Document], kind: str, schema: Document) -> Document:
    """Return the schema with what its reference leads to."""
    if "$ref" not in schema:
        return schema
    file, _, name = schema["$ref"].partition("#/$defs/")
    target = file.removesuffix(".json") or kind
    beside = {key: value for key, value in schema.items() if key != "$ref"}
    return {**resolved(schemas, target, schemas[target]["$defs"][name]), **beside}


def test_there_is_one_schema_per_kind() -> None:
    found = {path.stem for path in schema_folder().iterdir()}
    assert found == {*KINDS, *SHARED}


@pytest.mark.parametrize("kind", [*KINDS, *SHARED])
def test_a_schema_is_valid_and_named_by_language_version_and_kind(
    schemas: Mapping[str, Document], kind: str
) -> None:
    Draft202012Validator.check_schema(schemas[kind])
    assert schemas[kind]["$id"] == f"{ADDRESS}/{kind}.json"
    assert set(keywords(schemas[kind])) <= DIALECT


@pytest.mark.parametrize("kind", [*KINDS, *SHARED])
def test_every_property_and_definition_has_a_description(
    schemas: Mapping[str, Document], kind: str
) -> None:
    told = [*of_properties(schemas[kind]), *schemas[kind].get("$defs", {}).values()]
    known = [resolved(schemas, kind, value) for value in told]
    assert [value for value in known if not value.get("description", "").endswith(".")] == []


@pytest.mark.parametrize("kind", [*KINDS, *SHARED])
def test_every_property_has_examples_that_fit(schemas: Mapping[str, Document], kind: str) -> None:
    registry: Registry[Any] = Registry().with_resources(
        (schema["$id"], Resource.from_contents(schema)) for schema in schemas.values()
    )
    for value in of_properties(schemas[kind]):
        known = resolved(schemas, kind, value)
        assert known.get("examples"), value
        local = json.loads(json.dumps(value).replace('"#/', f'"{ADDRESS}/{kind}.json#/'))
        absolute = {"$id": f"{ADDRESS}/example.json", **local}
        validator = Draft202012Validator(absolute, registry=registry)
        shown = [*known["examples"], *([known["default"]] if "default" in known else [])]
        assert [error.message for one in shown for error in validator.iter_errors(one)] == []


@pytest.mark.parametrize("kind", [*KINDS, *SHARED])
def test_every_object_is_closed_but_for_the_keys_of_plug_ins(
    schemas: Mapping[str, Document], kind: str
) -> None:
    objects = [
        part
        for part in parts(schemas[kind])
        if "object" in str(part.get("type")) and "description" in part
    ]
    still_open = [part for part in objects if part.get("additionalProperties", True) is True]
    known = [part for part in objects if "allOf" in part]
    assert [part for part in still_open if part not in known] == [
        part for part in objects if "comes from a plug-in" in part["description"]
    ]


def test_every_field_type_is_closed_and_reached_by_its_name(
    schemas: Mapping[str, Document],
) -> None:
    definitions = schemas["field"]["$defs"]
    names = definitions["field"]["properties"]["type"]["enum"]
    reached = {
        case["if"]["properties"]["type"]["const"]: case["then"]["$ref"]
        for case in definitions["field"]["allOf"]
    }
    assert reached == {name: f"#/$defs/{name}" for name in names}
    assert all(definitions[name]["additionalProperties"] is False for name in names)


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_a_kind_that_uses_all_it_has_is_accepted(
    check: Check, examples: Mapping[str, Document], kind: str
) -> None:
    assert check(examples[kind]) == []


@pytest.mark.parametrize(
    "document", [ENTITY, VIEW, FORM, APP, ROLE, PACK, TRANSLATION], ids=lambda d: d["kind"]
)
def test_the_smallest_document_of_a_kind_is_accepted(check: Check, document: Document) -> None:
    assert check(document) == []
    assert check({**document, "$schema": f"{ADDRESS}/{document['kind']}.json"}) == []


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
    (error,) = check(with_value(ENTITY, "fields/name", {"type": "decimel", "min": 0}))
    assert (pointer_of(error), error.validator) == ("fields/name/type", "enum")
    assert "decimal" in str(error.validator_value)


def test_a_field_without_a_type_is_one_error(check: Check) -> None:
    (error,) = check(with_value(ENTITY, "fields/name", {"label": "Name"}))
    assert (pointer_of(error), error.validator) == ("fields/name", "required")


@pytest.mark.parametrize(
    ("document", "pointer", "value"),
    [
        (ENTITY, "hierarchy", "Parent"),
        (ENTITY, "checks", {"full": {"when": "crew > 0"}}),
        (ENTITY, "checks", {"full": {"must": "crew > 0", "severity": "maybe"}}),
        (ENTITY, "unique", {"one": {"fields": []}}),
        (ENTITY, "completeness", {"crew": 0}),
        (ENTITY, "extends", False),
        (ENTITY, "ownership", "role"),
        (ENTITY, "features", {"histroy": True}),
        (ENTITY, "title", "name"),
        (ENTITY, "order", "name"),
        (ENTITY, "fields", {}),
        (ENTITY, "name", "Ship"),
        (ENTITY, "name", "ship\n"),
        (ENTITY, "name", "s" * 49),
        (ENTITY, "label", " "),
        (ENTITY, "label", "\u3000"),
        (ENTITY, "$schema", "https://loomwork.dev/schemas/1/entity.json"),
        (ENTITY, "$schema", "https://loomwork.dev/schemas/2/view.json"),
        (ENTITY, "fields/Big", {"type": "text"}),
        (ENTITY, "fields/name/max_length", 501),
        (ENTITY, "fields/name/normalise", ["trimm"]),
        (ENTITY, "fields/name/required", 1),
        (ENTITY, "fields/name/visible", ""),
        (ENTITY, "fields/name/default", {"si": "user.full_name"}),
        (ENTITY, "fields/name/privacy", {"purpose": "kyc"}),
        (ENTITY, "fields/log/unique", True),
        (ENTITY, "fields/log/indexed", True),
        (ENTITY, "fields/crew/search", True),
        (ENTITY, "fields/crew/min", 0.5),
        (ENTITY, "fields/draught/places", 11),
        (ENTITY, "fields/draught/min", "few"),
        (ENTITY, "fields/built_on/default", "31.1.2026"),
        (ENTITY, "fields/built_on/default", {"is": ""}),
        (ENTITY, "fields/left_at/default", "2026-01-31"),
        (ENTITY, "fields/afloat/default", "yes"),
        (ENTITY, "fields/flag/options", {}),
        (ENTITY, "fields/flag/options/red/wenn", "afloat"),
        (ENTITY, "fields/flag/options/red/color", "#ff0000"),
        (ENTITY, "fields/harbour/on_delete", "cascade"),
        (ENTITY, "fields/harbour/fill", {"flag": {"is": "harbour.flag"}}),
        (ENTITY, "fields/harbour/default", "Kiel"),
        (ENTITY, "indexes", {"by_name": []}),
        (VIEW, "type", "kanbann"),
        (VIEW, "group", "flag"),
        (VIEW, "columns", []),
        (VIEW, "columns", ["name", "name"]),
        (VIEW, "filter", 7),
        (VIEW, "filter", ""),
        (VIEW, "sort", ["+name"]),
        (VIEW, "highlight", {"late": {"color": "red"}}),
        (FORM, "use", {"width": "watch"}),
        (FORM, "order", "first"),
        (FORM, "header", {"path": ["flag"]}),
        (FORM, "tabs/deck/panel", "timeline"),
        (FORM, "tabs/deck/sections/main/columns", 4),
        (FORM, "fields", {"name": {"unique": True}}),
        (APP, "items/ships/view", "ships"),
        (APP, "items/none", {"label": "Nothing"}),
        (APP, "items/ships", {"form": "ships"}),
        (ROLE, "inherits", "sailor"),
        (ROLE, "functions", ["share"]),
        (ROLE, "grants/ship/reed", True),
        (ROLE, "grants/ship/fields", {"name": "hiden"}),
        (ROLE, "grants/ship/fields", {"name": {"else": "owner == user"}}),
        (ROLE, "grants/ship/read", "  "),
        (ROLE, "grants/ship/read", None),
        (PACK, "settings", {"days": {"type": "integer", "default": "7"}}),
        (PACK, "locked", ["ship"]),
        (PACK, "needs", {"hosts": ["https://example.com/"]}),
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
        "pack/port#/title",
        "pack/port#/settings/days/label",
        "entity/ship#/checks/full/message",
        "entity/ship#/unique/one/message",
        "view/ships#/highlight/late/label",
        "workflow/ship#/transitions/sail/label",
        "workflow/ship#/transitions/sail/approval/steps/captain/label",
        "template/welcome#/subject",
        "webform/survey#/consent",
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
