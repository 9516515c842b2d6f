"""Documents against the JSON Schema of their kind, with every problem in words."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import jsonschema_rs
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from loomwork.catalog.documents import FOLDERS, Document
from loomwork.catalog.language import VERSION, lifted, version_of
from loomwork.catalog.schema_words import nearest, pointer, worded
from loomwork.errors import N_, Problem
from loomwork.extension.field_types import field_types
from loomwork_metadata.tree import Schema
from loomwork_metadata.tree import schemas as shipped_schemas

__all__ = ["check_body", "check_schema", "nearest", "pointer"]


class Schemas:
    """The schemas, ready to check with.

    ``plugged`` are the field types that plug-ins bring; they are admitted beside the built-in ones.
    """

    def __init__(self, plugged: frozenset[str]) -> None:
        self.files = {**shipped_schemas(), "field": _with_types(sorted(plugged))}
        every = [(str(schema["$id"]), dict(schema)) for schema in self.files.values()]
        self._registry: Registry[Any] = Registry().with_resources(
            (address, Resource.from_contents(schema)) for address, schema in every
        )
        self._fast_registry = jsonschema_rs.Registry(every)
        self._fast: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def problems(self, place: str, value: object) -> list[Problem]:
        """Return what is wrong with ``value`` at a place of the schemas, as ``entity#``."""
        file, _, way = place.partition("#")
        reference = {"$ref": f"{self.files[file]['$id']}#{way}"}
        if self._fits(place, reference, value):
            return []
        slow = Draft202012Validator(reference, registry=self._registry)
        return worded(slow.iter_errors(value))

    def _fits(self, place: str, reference: dict[str, str], value: object) -> bool:
        """Tell quickly whether a value is as it should be; the other validator finds the words."""
        if place not in self._fast:
            self._fast[place] = jsonschema_rs.Draft202012Validator(
                reference, registry=self._fast_registry
            )
        try:
            return self._fast[place].is_valid(value)
        except UnicodeEncodeError:
            # Half a surrogate pair, which it cannot take in; the other one can.
            return False


def _with_types(names: list[str]) -> Schema:
    """Return the schema of fields, in which the types of plug-ins are possible too."""
    schema = shipped_schemas()["field"]
    if not names:
        return schema
    field = schema["$defs"]["field"]
    type_ = field["properties"]["type"]
    case = {
        "if": {"properties": {"type": {"enum": names}}, "required": ["type"]},
        "then": {"$ref": "#/$defs/plugged"},
    }
    widened = {
        **field,
        "properties": {"type": {**type_, "enum": [*type_["enum"], *names]}},
        "allOf": [*field["allOf"], case],
    }
    return {**schema, "$defs": {**schema["$defs"], "field": widened}}


@cache
def _built_in() -> frozenset[str]:
    field = shipped_schemas()["field"]["$defs"]["field"]
    return frozenset(field["properties"]["type"]["enum"])


_loaded = cache(Schemas)


def loaded_schemas() -> Schemas:
    """Return the schemas with the field types that are installed."""
    return _loaded(frozenset(field_types()) - _built_in())


def check_schema(document: Document) -> list[Problem]:
    """Return everything in which ``document`` breaks the schema of its kind, by place."""
    return [
        problem.within(document.file) for problem in check_body(kind_in(document), document.body)
    ]


def kind_in(document: Document) -> str:
    """Return the kind that a document has to have where it lies."""
    file = document.file
    return "pack" if file == "pack.json" else FOLDERS[file.split("/", maxsplit=1)[0]]


def check_body(kind: str, body: Mapping[str, Any]) -> list[Problem]:
    """Return everything in which the body of a document breaks the schema of ``kind``."""
    return check_identity(kind, body) or loaded_schemas().problems(f"{kind}#", lifted(dict(body)))


def check_identity(kind: str, body: Mapping[str, Any]) -> list[Problem]:
    """Return what keeps a document from being checked at all: another kind, a newer language."""
    if body.get("kind") != kind:
        text = N_("A file in this place has the kind “{expected}”, not “{kind}”.")
        context = {"expected": kind, "kind": body.get("kind")}
        return [Problem(code="wrong_kind", text=text, context=context, pointer="/kind")]
    version = version_of(body)
    if version > VERSION:
        text = N_(
            "This document is written in version {version} of the language; this platform knows"
            " version {known} and those before. Upgrade the platform."
        )
        context = {"version": version, "known": VERSION}
        return [Problem(code="newer_language", text=text, context=context, pointer="/$schema")]
    return []
