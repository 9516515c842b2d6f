"""The schemas as trees of places: what may stand where in a document of a kind."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from loomwork_metadata import schema_folder

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in documents. ``schema`` is what holds there, with its reference followed.

    ``address`` is where the place itself is described, ``home`` where its reference leads.
    """

    schemas: Mapping[str, Schema]
    address: str
    home: str
    schema: Schema

    def below(self, *way: str) -> "Place":
        """Return what the schema says further down, at keys of its own such as ``items``."""
        return _place(self.schemas, "/".join((self.home, *map(_escaped, way))))

    def alternatives(self) -> Sequence["Place"]:
        """Return everything that could describe what is here: the place alone, or its cases."""
        cases = range(len(self.schema.get("allOf", ())))
        found = [inner for at in cases for inner in self._case(at).alternatives()]
        return found or (self,)

    def describing(self, value: object) -> Sequence["Place"]:
        """Return what describes ``value``: one place, or all alternatives where it does not say."""
        for at, case in enumerate(self.schema.get("allOf", ())):
            if _holds(case["if"], value):
                return self._case(at).describing(value)
        return self.alternatives() if isinstance(value, dict) else (self,)

    def _case(self, at: int) -> "Place":
        return self.below("allOf", str(at), "then")

    def member(self, key: str) -> "Place | None":
        """Return the place of an object's key; None where there is none of that name."""
        if key in self.schema.get("properties", {}):
            return self.below("properties", key)
        inner = self.schema.get("additionalProperties")
        return self.below("additionalProperties") if isinstance(inner, Mapping) else None

    @property
    def required(self) -> frozenset[str]:
        """Return the keys that an object must have here."""
        return frozenset(self.schema.get("required", ()))

    @property
    def types(self) -> frozenset[str]:
        """Return the JSON types that are possible here; nothing where every type is."""
        wanted = self.schema.get("type", ())
        return frozenset((wanted,) if isinstance(wanted, str) else wanted)

    @property
    def lists_names(self) -> bool:
        """Tell whether a list of names, or of other single words, can stand here."""
        if "array" not in self.types or "items" not in self.schema:
            return False
        items = self.below("items")
        words = items.schema.get("enum", ())
        return items.types == {"string"} or (bool(words) and all(isinstance(w, str) for w in words))


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _holds(condition: Schema, value: object) -> bool:
    if condition.get("type") == "string":
        return isinstance(value, str)
    if not isinstance(value, dict):
        return False
    wanted = condition.get("properties", {})
    return all(key in value for key in condition.get("required", ())) and all(
        value[key] == rule["const"] if "const" in rule else value[key] in rule["enum"]
        for key, rule in wanted.items()
    )


def _place(schemas: Mapping[str, Schema], address: str) -> Place:
    schema: Schema = _at(schemas, address)
    home = address
    while "$ref" in schema:
        target = schema["$ref"]
        file, _, pointer = target.partition("#")
        home = f"{file.removesuffix('.json') or home.partition('#')[0]}#{pointer}"
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        schema = {**_at(schemas, home), **beside}
    return Place(schemas=schemas, address=address, home=home, schema=schema)


def _at(schemas: Mapping[str, Schema], address: str) -> Schema:
    file, _, pointer = address.partition("#")
    found: Any = schemas[file]
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        found = found[int(key)] if isinstance(found, list) else found[key]
    schema: Schema = found
    return schema


@cache
def schemas() -> Mapping[str, Schema]:
    """Return every schema that ships, by its name: the kinds, ``common`` and ``field``."""
    paths = sorted(schema_folder().glob("*.json"))
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths}


def root(kind: str, among: Mapping[str, Schema] | None = None) -> Place:
    """Return the place of a whole document of ``kind``."""
    return _place(schemas() if among is None else among, f"{kind}#")
