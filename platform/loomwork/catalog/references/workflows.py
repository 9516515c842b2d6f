"""Workflows, service levels and calendars: states, transitions, clocks and hours."""

from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import available_timezones

from loomwork.catalog.findings import Findings
from loomwork.catalog.folding import FoldedDocument
from loomwork.catalog.references.asking import asked_fields
from loomwork.catalog.references.people import check_party
from loomwork.catalog.references.reader import Path, Reader
from loomwork.catalog.references.steps import StepChecker
from loomwork.catalog.references.world import World
from loomwork.errors import N_
from loomwork.expressions.scope import Scope
from loomwork.model.entity import Entity
from loomwork.model.kinds import Kind
from loomwork.model.types.select import SelectType


def check_workflow(document: FoldedDocument, world: World, findings: Findings) -> None:
    """Note everything that a workflow names and is not there."""
    reader = Reader(document, world, findings)
    body = reader.body
    states = body["states"]
    for place, name in enumerate(body["start"]):
        reader.known(("start", place), "state", name, states)
    entity = reader.entity(("entity",), body["entity"])
    if entity is None:
        return
    _check_governed(reader, entity)
    for name, state in states.items():
        reader.fields(("states", name, "locks"), entity, state.get("locks", ()))
    for name, transition in body["transitions"].items():
        _Transition(reader, entity, ("transitions", name), transition).check()


def _check_governed(reader: Reader, entity: Entity) -> None:
    """Note a field that is no select, and one that another workflow governs."""
    name = reader.body["field"]
    field = reader.field(("field",), entity, name)
    if field is None:
        return
    if not isinstance(field.type, SelectType):
        text = N_("A workflow needs a select field; “{name}” is none.")
        reader.add(("field",), "no_select", text, name=name)
        return
    first = reader.world.workflows[entity.name][name]
    if first is not reader.document:
        text = N_("The field “{name}” is governed by the workflow “{other}” already.")
        reader.add(("field",), "governed_twice", text, name=name, other=first.name)


class _Transition:
    """One transition of a workflow under check."""

    def __init__(self, reader: Reader, entity: Entity, path: Path, said: Mapping[str, Any]) -> None:
        self._reader = reader
        self._entity = entity
        self._path = path
        self._said = said
        asked = asked_fields(reader, (*path, "ask"), said.get("ask", {}), entity)
        self._roots = {"ask": asked} if asked else {}
        self._scope: Scope = reader.scope(path, entity, roots=self._roots, changes=True)

    def check(self) -> None:
        states = self._reader.body["states"]
        for place, name in enumerate(self._said["from"]):
            self._reader.known((*self._path, "from", place), "state", name, states)
        self._reader.known((*self._path, "to"), "state", self._said["to"], states)
        if "guard" in self._said:
            self._reader.condition((*self._path, "guard"), self._said["guard"], self._scope)
        if "approval" in self._said:
            self._check_approval((*self._path, "approval"), self._said["approval"])
        steps = StepChecker(self._reader, self._entity, self._roots, changes=True)
        steps.check((*self._path, "do"), self._said.get("do", {}))

    def _check_approval(self, path: Path, said: Mapping[str, Any]) -> None:
        reader = self._reader
        if "when" in said:
            reader.condition((*path, "when"), said["when"], self._scope)
        for name, step in said["steps"].items():
            place = (*path, "steps", name)
            check_party(reader, (*place, "by"), step["by"], self._scope)
            if "when" in step:
                reader.condition((*place, "when"), step["when"], self._scope)
        if "to" in said.get("reject", {}):
            states = reader.body["states"]
            reader.known((*path, "reject", "to"), "state", said["reject"]["to"], states)
        for position, people in enumerate(said.get("cc", ())):
            check_party(reader, (*path, "cc", position), people, self._scope)


def check_sla(document: FoldedDocument, world: World, findings: Findings) -> None:
    """Note everything that a service level names and is not there."""
    reader = Reader(document, world, findings)
    if "calendar" in reader.body:
        reader.document_known(("calendar",), "calendar", reader.body["calendar"])
    entity = reader.entity(("entity",), reader.body["entity"])
    if entity is None:
        return
    scope = reader.scope((), entity)
    for name, clock in reader.body["clocks"].items():
        path: Path = ("clocks", name)
        _check_clock(reader, entity, path, clock, scope)
        for key in ("soon", "late"):
            StepChecker(reader, entity, {}).check((*path, key), clock.get(key, {}))


def _check_clock(
    reader: Reader, entity: Entity, path: Path, clock: Mapping[str, Any], scope: Scope
) -> None:
    if "when" in clock:
        reader.condition((*path, "when"), clock["when"], scope)
    for key in ("start", "pause", "stop"):
        moment = clock.get(key)
        if not isinstance(moment, Mapping):
            continue
        for place, state in enumerate(moment.get("state", ())):
            reader.known((*path, key, "state", place), "state", state, _states(reader, entity))
        if "when" in moment:
            reader.condition((*path, key, "when"), moment["when"], scope)
    within = clock["within"]
    if isinstance(within, Mapping):
        reader.value((*path, "within", "is"), within["is"], scope, Kind.DURATION)


def _states(reader: Reader, entity: Entity) -> Iterable[str]:
    """Return the states of the entity's records: those of its workflows, or else all options."""
    governed = reader.world.workflows.get(entity.name, {})
    if governed:
        return [state for workflow in governed.values() for state in workflow.body["states"]]
    return [
        option
        for field in entity.fields.values()
        if isinstance(field.type, SelectType)
        for option in field.type.options
    ]


def check_calendar(document: FoldedDocument, world: World, findings: Findings) -> None:
    """Note an unknown zone, and hours that end before they begin."""
    reader = Reader(document, world, findings)
    zone = reader.body.get("zone", "UTC")
    if zone not in available_timezones():
        text = N_("There is no time zone “{zone}”; zones have names like Asia/Shanghai.")
        reader.add(("zone",), "unknown_zone", text, zone=zone)
    for day, spans in reader.body.get("hours", {}).items():
        last = ""
        for place, span in enumerate(spans):
            begin, _, end = span.partition("-")
            if not last <= begin < end:
                text = N_(
                    "Hours have to begin before they end, and after the hours before them: {hours}."
                )
                reader.add(("hours", day, place), "bad_hours", text, hours=span)
            last = end
