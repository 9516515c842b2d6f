"""Rules and automations: what sets them off, and what they do."""

from collections.abc import Mapping
from typing import Any

from loomwork.catalog.findings import Findings
from loomwork.catalog.folding import FoldedDocument
from loomwork.catalog.references.asking import asked_fields
from loomwork.catalog.references.reader import Path, Reader
from loomwork.catalog.references.steps import StepChecker, check_script, transitions_of
from loomwork.catalog.references.world import World
from loomwork.errors import N_
from loomwork.model.entity import Entity
from loomwork.model.kinds import Kind

MOMENTS = (Kind.DATE, Kind.DATETIME)
ABOUT = ("webform", "segment", "report")
"""Documents that a trigger names instead of an entity."""


def check_rule(document: FoldedDocument, world: World, findings: Findings) -> None:
    """Note everything that a rule names and is not there."""
    reader = Reader(document, world, findings)
    body = reader.body
    check_script(reader, ("script",), body["script"])
    entity = reader.entity(("entity",), body["entity"]) if "entity" in body else None
    if entity is None and "entity" in body:
        return
    asked = asked_fields(reader, ("ask",), body.get("ask", {}), entity)
    if "when" in body:
        roots = {"ask": asked} if asked else {}
        scope = reader.scope(("when",), entity, roots=roots, changes=entity is not None)
        reader.condition(("when",), body["when"], scope)


def check_automation(document: FoldedDocument, world: World, findings: Findings) -> None:
    """Note everything that an automation names and is not there."""
    reader = Reader(document, world, findings)
    trigger = reader.body["trigger"]
    entity, told = _triggered(reader, trigger)
    if not told:
        # What the steps name cannot be looked up.
        return
    asked = {
        **asked_fields(reader, ("trigger", "ask"), trigger.get("ask", {}), entity),
        **asked_fields(reader, ("trigger", "values"), trigger.get("values", {}), None),
    }
    roots = {"ask": asked} if asked else {}
    if "when" in trigger:
        path: Path = ("trigger", "when")
        scope = reader.scope(path, entity, roots=roots, changes=entity is not None)
        reader.condition(path, trigger["when"], scope)
    steps = StepChecker(reader, entity, roots, changes=entity is not None)
    steps.check(("steps",), reader.body["steps"])


def _triggered(reader: Reader, trigger: Mapping[str, Any]) -> tuple[Entity | None, bool]:
    """Return the entity whose record is at hand, and whether everything needed is known."""
    for kind in ABOUT:
        if kind in trigger:
            return _of_document(reader, kind, trigger)
    if "entity" not in trigger:
        return None, True
    entity = reader.entity(("trigger", "entity"), trigger["entity"])
    if entity is None:
        return None, False
    reader.fields(("trigger", "fields"), entity, trigger.get("fields", ()))
    for place, name in enumerate(trigger.get("transitions", ())):
        path = ("trigger", "transitions", place)
        reader.known(path, "transition", name, transitions_of(reader, entity))
    if "date" in trigger:
        field = reader.field(("trigger", "date"), entity, trigger["date"])
        if field is not None and field.type.kind not in MOMENTS:
            text = N_("The field “{name}” is not a date.")
            reader.add(("trigger", "date"), "no_date", text, name=trigger["date"])
    return entity, True


def _of_document(
    reader: Reader, kind: str, trigger: Mapping[str, Any]
) -> tuple[Entity | None, bool]:
    if not reader.document_known(("trigger", kind), kind, trigger[kind]):
        return None, False
    body = reader.world.body(kind, trigger[kind])
    if kind == "report":
        reader.known(("trigger", "measure"), "measure", trigger["measure"], body["measures"])
        return None, True
    entity = reader.world.entities.get(body["entity"])
    return entity, entity is not None
