"""Entities as wholes: title, indexes, unique sets, checks, completeness, trees, inverse names."""

from dataclasses import replace

from loomwork.catalog.findings import Findings
from loomwork.catalog.folding import FoldedDocument
from loomwork.catalog.references.circles import check_circles
from loomwork.catalog.references.derived import NOT_KEPT
from loomwork.catalog.references.fields import resolve_field
from loomwork.catalog.references.reader import Path, Reader, target_of
from loomwork.catalog.references.world import World, targets
from loomwork.errors import N_
from loomwork.expressions.scope import Scope
from loomwork.model.entity import Check, Entity, Field
from loomwork.model.kinds import Kind
from loomwork.model.storage import StorageKind

LONGEST_INDEX = 600
"""Characters: in bytes, what the smallest limit of the three engines allows."""


def resolve_entity(
    document: FoldedDocument, entity: Entity, world: World, findings: Findings
) -> Entity:
    """Return ``entity`` with canonical expressions; note everything that does not fit."""
    reader = Reader(document, world, findings)
    scope = reader.scope(("fields",), entity)
    _check_ownership(reader, entity)
    _check_title(reader, scope)
    _check_indexes(reader, entity)
    _check_unique(reader, entity, scope)
    _check_completeness(reader, entity)
    _check_hierarchy(reader, entity)
    _check_inverses(reader, entity)
    fields = {
        name: field if field.system else resolve_field(reader, entity, field, scope)
        for name, field in entity.fields.items()
    }
    check_circles(reader, entity)
    checks = {name: _resolve_check(reader, entity, check) for name, check in entity.checks.items()}
    return replace(entity, fields=fields, checks=checks)


def _check_ownership(reader: Reader, entity: Entity) -> None:
    if entity.ownership == "user" and "user" not in reader.world.entities:
        text = N_("Records with an owner need the entity “user”, which the pack “base” brings.")
        reader.add(("ownership",), "no_user_entity", text)


def _check_title(reader: Reader, scope: Scope) -> None:
    """Check a title that is more than the name of a field."""
    source = reader.body.get("title", {}).get("is", "").strip()
    if source and not source.isidentifier():
        reader.value(("title", "is"), source, scope, Kind.TEXT)


def _check_indexes(reader: Reader, entity: Entity) -> None:
    """Note unknown fields, and texts that are too long for an index on every engine."""
    for index, names in entity.indexes.items():
        path: Path = ("indexes", index)
        known = [
            entity.fields[name]
            for place, name in enumerate(names)
            if reader.known((*path, place), "field", name, entity.fields)
        ]
        for place, name in enumerate(names):
            if name in entity.fields and not entity.fields[name].type.stored:
                reader.add((*path, place), "not_stored", NOT_KEPT, key=name)
        if sum(map(_indexed_length, known)) > LONGEST_INDEX:
            text = N_("The texts of an index may have {limit} characters together, no long texts.")
            reader.add(path, "not_indexable", text, limit=LONGEST_INDEX)


def _indexed_length(field: Field) -> int:
    storage = field.type.storage
    if storage.kind is not StorageKind.TEXT:
        return 0
    return LONGEST_INDEX + 1 if storage.length is None else storage.length


def _check_unique(reader: Reader, entity: Entity, scope: Scope) -> None:
    for name, unique in reader.body.get("unique", {}).items():
        path: Path = ("unique", name)
        for place, field in enumerate(unique["fields"]):
            reader.known((*path, "fields", place), "field", field, entity.fields)
        if "where" in unique:
            reader.condition((*path, "where"), unique["where"], scope)


def _check_completeness(reader: Reader, entity: Entity) -> None:
    for name in entity.completeness:
        reader.known(("completeness", name), "field", name, entity.fields)


def _check_hierarchy(reader: Reader, entity: Entity) -> None:
    name = entity.hierarchy
    if not name or not reader.known(("hierarchy",), "field", name, entity.fields):
        return
    if target_of(entity.fields[name]) != entity.name:
        text = N_("A tree needs a link of “{entity}” to itself; “{name}” is none.")
        reader.add(("hierarchy",), "no_tree", text, entity=entity.name, name=name)


def _check_inverses(reader: Reader, entity: Entity) -> None:
    """Note inverse names that the target has already, as a field or from another link."""
    for name, settings in reader.body["fields"].items():
        inverse, path = settings.get("inverse", ""), ("fields", name, "inverse")
        for target in targets(settings):
            if not inverse or target not in reader.world.entities:
                continue
            first, field = reader.world.inverses[target][inverse][0]
            if inverse in reader.world.entities[target].fields:
                text = N_("“{target}” has a field “{name}” already.")
                reader.add(path, "inverse_taken", text, target=target, name=inverse)
            elif (first, field) != (entity.name, name):
                text = N_("“{name}” is the inverse name of {entity}.{field} already.")
                reader.add(path, "inverse_taken", text, name=inverse, entity=first, field=field)


def _resolve_check(reader: Reader, entity: Entity, check: Check) -> Check:
    path: Path = ("checks", check.name)
    scope = reader.scope(path, entity, changes=True)
    if check.field:
        reader.known((*path, "field"), "field", check.field, entity.fields)
    return replace(
        check,
        when=reader.condition((*path, "when"), check.when, scope) if check.when else "",
        must=reader.condition((*path, "must"), check.must, scope),
    )
