"""Scenarios: the records that they are given, and the steps that they try."""

from collections.abc import Mapping
from typing import Any

from loomwork.catalog.findings import Findings
from loomwork.catalog.folding import FoldedDocument
from loomwork.catalog.references.reader import Path, Reader, target_of
from loomwork.catalog.references.steps import check_value, transitions_of
from loomwork.catalog.references.world import World
from loomwork.model.entity import Entity

Given = dict[str, Entity | None]


def check_scenario(document: FoldedDocument, world: World, findings: Findings) -> None:
    """Note everything that a scenario names and is not there."""
    reader = Reader(document, world, findings)
    if "as" in reader.body:
        reader.document_known(("as",), "role", reader.body["as"])
    given: Given = {}
    for name, said in reader.body.get("given", {}).items():
        entity = reader.entity(("given", name, "entity"), said["entity"])
        _check_values(reader, ("given", name, "values"), said.get("values", {}), entity, given)
        given[name] = entity
    for place, step in enumerate(reader.body["steps"]):
        _check_step(reader, ("steps", place), step, given)


def _check_step(reader: Reader, path: Path, step: Mapping[str, Any], given: Given) -> None:
    if "as" in step:
        reader.document_known((*path, "as"), "role", step["as"])
    entity = _subject(reader, path, step, given)
    if "name" in step:
        given[step["name"]] = entity
    if entity is None:
        return
    values = step.get("values", {})
    if "transition" in step:
        known = transitions_of(reader, entity)
        reader.known((*path, "transition"), "transition", step["transition"], known)
    else:
        _check_values(reader, (*path, "values"), values, entity, given)
    expected = step.get("expect", {})
    if "field" in expected:
        reader.known((*path, "expect", "field"), "field", expected["field"], entity.fields)
    _check_values(reader, (*path, "expect", "values"), expected.get("values", {}), entity, given)


def _subject(reader: Reader, path: Path, step: Mapping[str, Any], given: Given) -> Entity | None:
    """Return the entity of the record that a step is about."""
    if "create" in step:
        return reader.entity((*path, "create"), step["create"])
    for key in ("of", "update", "delete", "read"):
        if key in step and reader.known((*path, key), "given", step[key], given):
            return given[step[key]]
    return None


def _check_values(
    reader: Reader, path: Path, values: Mapping[str, Any], entity: Entity | None, given: Given
) -> None:
    """Check values by field; a link has the name of another record of the scenario."""
    if entity is None:
        return
    for name, value in values.items():
        field = reader.field((*path, name), entity, name)
        if field is None or value is None:
            continue
        if target_of(field):
            if isinstance(value, str):
                reader.known((*path, name), "given", value, given)
        else:
            check_value(reader, (*path, name), value, field)
