"""Matchings, templates and webforms: the fields that they compare, write out and ask for."""

import re

from loomwork.catalog.findings import Findings
from loomwork.catalog.folding import FoldedDocument
from loomwork.catalog.references.reader import Reader
from loomwork.catalog.references.steps import check_values
from loomwork.catalog.references.world import World
from loomwork.errors import N_
from loomwork.model.entity import Entity

PLACE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
WRITTEN = ("subject", "body")
"""Keys of templates whose texts have places for values."""


def check_matching(document: FoldedDocument, world: World, findings: Findings) -> None:
    """Note fields that a matching compares or shows and that are not there."""
    reader = Reader(document, world, findings)
    entity = reader.entity(("entity",), reader.body["entity"])
    if entity is None:
        return
    for name in reader.body["compare"]:
        reader.known(("compare", name), "field", name, entity.fields)
    reader.fields(("reveal",), entity, reader.body.get("reveal", ()))
    if "where" in reader.body:
        reader.condition(("where",), reader.body["where"], reader.scope(("where",), entity))


def check_template(document: FoldedDocument, world: World, findings: Findings) -> None:
    """Note values that a template writes out and that are not there."""
    reader = Reader(document, world, findings)
    entity = None
    if "entity" in reader.body:
        entity = reader.entity(("entity",), reader.body["entity"])
        if entity is None:
            return
    for key in WRITTEN:
        if isinstance(reader.body.get(key), str):
            _check_places(reader, key, reader.body[key], entity)


def _check_places(reader: Reader, key: str, text: str, entity: Entity | None) -> None:
    scope = reader.scope((key,), entity)
    for place in PLACE.finditer(text):
        source = place[1].strip()
        if source:
            reader.value((key,), source, scope)
        else:
            empty = N_("There is nothing between the braces.")
            reader.add((key,), "empty_place", empty)


def check_webform(document: FoldedDocument, world: World, findings: Findings) -> None:
    """Note fields that a webform asks for and that are not there, or that nobody can fill."""
    reader = Reader(document, world, findings)
    entity = reader.entity(("entity",), reader.body["entity"])
    if entity is None:
        return
    for place, name in enumerate(reader.body["fields"]):
        known = reader.known(("fields", place), "field", name, entity.fields)
        if known and not entity.fields[name].writable:
            text = N_("The field “{name}” cannot be filled in.")
            reader.add(("fields", place), "not_writable", text, name=name)
    scope = reader.scope(("values",), None)
    check_values(reader, ("values",), reader.body.get("values", {}), entity, scope)
