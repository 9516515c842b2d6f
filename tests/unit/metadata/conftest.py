"""What the tests of the schemas, the packs and the demo data share."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource

from loomwork_metadata import pack_folder, pack_names, schema_folder
from tests.unit.metadata.kinds import example_of_each_kind

Document: TypeAlias = dict[str, Any]
Check: TypeAlias = Callable[[Document], list[ValidationError]]


@pytest.fixture(scope="session")
def schemas() -> Mapping[str, Document]:
    """Return the schemas by kind, ``common`` among them."""
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(schema_folder().glob("*.json"))
    }


@pytest.fixture(scope="session")
def examples() -> Mapping[str, Document]:
    """Return one document of each kind that uses most of what the kind has."""
    return example_of_each_kind()


@pytest.fixture(scope="session")
def check(schemas: Mapping[str, Document]) -> Check:
    """Return a function that lists what the schema of a document's kind says against it."""
    registry: Registry[bool | Mapping[str, Any]] = Registry().with_resources(
        [(schema["$id"], Resource.from_contents(schema)) for schema in schemas.values()]
    )
    validators = {
        kind: Draft202012Validator(schema, registry=registry) for kind, schema in schemas.items()
    }
    return lambda document: list(validators[document["kind"]].iter_errors(document))


@pytest.fixture(scope="session")
def packs() -> Mapping[str, Mapping[str, Document]]:
    """Return every pack's documents by path below the pack's folder."""
    found: dict[str, dict[str, Document]] = {}
    for name in pack_names():
        folder = pack_folder(name)
        assert folder is not None
        found[name] = {
            path.relative_to(folder).as_posix(): json.loads(path.read_text(encoding="utf-8"))
            for path in sorted(folder.rglob("*.json"))
        }
    return found


@pytest.fixture(scope="session")
def documents(packs: Mapping[str, Mapping[str, Document]]) -> tuple[Document, ...]:
    """Return the documents of all packs."""
    return tuple(document for pack in packs.values() for document in pack.values())


@pytest.fixture(scope="session")
def entities(documents: tuple[Document, ...]) -> Mapping[str, Document]:
    """Return the entity documents of all packs by name."""
    return {document["name"]: document for document in documents if document["kind"] == "entity"}
