"""The shipped packs are valid, complete, and refer to nothing that is not there."""

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import jsonschema_rs
import pytest
from jsonschema.exceptions import ValidationError

from loomwork.catalog.formatting import canonical
from loomwork_metadata import pack_folder, pack_names

Document = dict[str, Any]
Check = Callable[[Document], list[ValidationError]]
Packs = Mapping[str, Mapping[str, Document]]

FOLDERS = {
    "entity": "entities",
    "role": "roles",
    "form": "forms",
    "view": "views",
    "app": "apps",
    "translation": "translations",
}
SYSTEM = {"id", "created_at", "created_by", "updated_at", "updated_by", "version"}
OWNERSHIP = {"user": {"owner", "team"}, "team": {"team"}, "none": set[str]()}


def fields_of(entity: Document) -> set[str]:
    """Return the names that forms, views and expressions may use for an entity."""
    return {*entity["fields"], *SYSTEM, *OWNERSHIP[entity["ownership"]]}


def names_in(expression: str) -> set[str]:
    """Return the bare names of an expression."""
    return {node.id for node in ast.walk(ast.parse(expression)) if isinstance(node, ast.Name)}


def targets(items: Mapping[str, Document]) -> Iterator[tuple[str, str]]:
    """Yield what an app's entries open, as pairs of kind and name."""
    for item in items.values():
        yield from ((kind, item[kind]) for kind in ("entity", "view") if kind in item)
        yield from targets(item.get("items", {}))


def of_kind(documents: tuple[Document, ...], kind: str) -> dict[str, Document]:
    """Return the documents of one kind by name."""
    return {document["name"]: document for document in documents if document["kind"] == kind}


def test_base_and_sales_ship() -> None:
    assert pack_names() == ("base", "sales")


def test_an_unknown_pack_has_no_folder() -> None:
    assert pack_folder("../packs/base") is None
    assert pack_folder("") is None


@pytest.mark.parametrize("name", pack_names())
def test_a_pack_explains_itself_and_its_changes(packs: Packs, name: str) -> None:
    folder = pack_folder(name)
    assert folder is not None
    assert (folder / "README.md").read_text(encoding="utf-8").startswith("# ")
    assert packs[name]["pack.json"]["version"] in (folder / "CHANGELOG.md").read_text("utf-8")


@pytest.mark.parametrize("name", pack_names())
def test_every_document_names_its_schema_and_fits_it(packs: Packs, check: Check, name: str) -> None:
    errors = {path: check(document) for path, document in packs[name].items()}
    assert {path: found for path, found in errors.items() if found} == {}
    assert all("$schema" in document for document in packs[name].values())


@pytest.mark.parametrize("name", pack_names())
def test_every_document_fits_its_schema_for_another_validator_too(
    packs: Packs, schemas: Mapping[str, Document], name: str
) -> None:
    registry = jsonschema_rs.Registry([(schema["$id"], schema) for schema in schemas.values()])
    misfits = [
        path
        for path, document in packs[name].items()
        if not jsonschema_rs.validator_for(schemas[document["kind"]], registry=registry).is_valid(
            document
        )
    ]
    assert misfits == []


@pytest.mark.parametrize("name", pack_names())
def test_every_document_lies_where_its_kind_and_name_say(packs: Packs, name: str) -> None:
    documents = {path: doc for path, doc in packs[name].items() if path != "pack.json"}
    assert packs[name]["pack.json"]["name"] == name
    assert list(documents) == [f"{FOLDERS[d['kind']]}/{d['name']}.json" for d in documents.values()]


@pytest.mark.parametrize("name", pack_names())
def test_every_document_is_in_its_canonical_form(packs: Packs, name: str) -> None:
    folder = pack_folder(name)
    assert folder is not None
    written = {path: (folder / path).read_text(encoding="utf-8") for path in packs[name]}
    assert written == {path: canonical(text) for path, text in written.items()}


def test_no_two_documents_of_a_kind_share_a_name(packs: Packs) -> None:
    paths = [path for pack in packs.values() for path in pack if "/" in path]
    originals = [path for path in paths if not path.startswith("translations/")]
    assert len(originals) == len(set(originals))


def test_every_link_points_to_an_entity_and_its_inverse_is_free(
    entities: Mapping[str, Document],
) -> None:
    links = [
        (field["to"], field["inverse"])
        for entity in entities.values()
        for field in entity["fields"].values()
        if field["type"] == "link"
    ]
    assert {to for to, _ in links} <= set(entities)
    assert len(links) == len(set(links))
    assert [link for link in links if link[1] in entities[link[0]]["fields"]] == []


def test_the_title_of_an_entity_is_a_required_text_field(entities: Mapping[str, Document]) -> None:
    titles = [entity["fields"][entity["title"]["is"]] for entity in entities.values()]
    assert {title["type"] for title in titles} <= {"text", "person_name", "code"}
    assert all(title["required"] for title in titles)


def test_indexes_name_fields(entities: Mapping[str, Document]) -> None:
    unknown = [
        (name, field)
        for name, entity in entities.items()
        for fields in entity.get("indexes", {}).values()
        for field in fields
        if field not in fields_of(entity)
    ]
    assert unknown == []


def test_the_default_of_a_select_is_one_of_its_options(entities: Mapping[str, Document]) -> None:
    selects = [
        field
        for entity in entities.values()
        for field in entity["fields"].values()
        if field["type"] == "select" and "default" in field
    ]
    assert selects
    assert all(field["default"] in field["options"] for field in selects)


def test_every_form_shows_every_own_field_of_its_entity_once(
    documents: tuple[Document, ...], entities: Mapping[str, Document]
) -> None:
    forms = of_kind(documents, "form")
    shown = {
        form["entity"]: [
            field
            for tab in form["tabs"].values()
            for section in tab["sections"].values()
            for field in section["fields"]
        ]
        for form in forms.values()
    }
    assert set(shown) == set(entities)
    assert {
        name: set(entities[name]["fields"]) - set(fields) for name, fields in shown.items()
    } == {name: set() for name in entities}
    assert {name: set(fields) - fields_of(entities[name]) for name, fields in shown.items()} == {
        name: set() for name in entities
    }


def test_forms_highlight_and_place_fields_that_exist(
    documents: tuple[Document, ...], entities: Mapping[str, Document]
) -> None:
    unknown = [
        (form["name"], field)
        for form in of_kind(documents, "form").values()
        for field in (*form["header"]["highlights"], *form.get("fields", {}))
        if field not in fields_of(entities[form["entity"]])
    ]
    assert unknown == []


def test_views_show_sort_and_filter_fields_that_exist(
    documents: tuple[Document, ...], entities: Mapping[str, Document]
) -> None:
    unknown = [
        (view["name"], field)
        for view in of_kind(documents, "view").values()
        for field in (
            *view["columns"],
            *(key.removeprefix("-") for key in view.get("sort", ())),
            *names_in(view.get("filter", "True")),
        )
        if field not in {*fields_of(entities[view["entity"]]), "user"}
    ]
    assert unknown == []


def test_every_entity_has_several_views_or_is_a_team(
    documents: tuple[Document, ...], entities: Mapping[str, Document]
) -> None:
    viewed = [view["entity"] for view in of_kind(documents, "view").values()]
    assert {name for name in entities if viewed.count(name) < 2} == {"team"}


def test_apps_open_entities_and_views_that_exist(documents: tuple[Document, ...]) -> None:
    opened = [
        target for app in of_kind(documents, "app").values() for target in targets(app["items"])
    ]
    assert opened
    assert [name for kind, name in opened if name not in of_kind(documents, kind)] == []


def test_grants_are_about_entities_and_fields_that_exist(
    documents: tuple[Document, ...], entities: Mapping[str, Document]
) -> None:
    unknown = [
        (role["name"], entity, name)
        for role in of_kind(documents, "role").values()
        for entity, grant in role["grants"].items()
        for right in grant.values()
        for name in names_in(str(right))
        if name not in {*fields_of(entities[entity]), "user"}
    ]
    assert unknown == []


def test_the_roles_of_sales_are_graded(documents: tuple[Document, ...]) -> None:
    roles = of_kind(documents, "role")
    assert roles["salesperson"]["grants"]["opportunity"]["read"] == "owner == user"
    assert roles["sales_manager"]["grants"]["opportunity"] == dict.fromkeys(
        ("create", "read", "update", "delete", "assign"), True
    )
    assert {tuple(grant.items()) for grant in roles["read_only"]["grants"].values()} == {
        (("read", True),)
    }
