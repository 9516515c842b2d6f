"""Reports, dashboards and segments: what they count, show and choose."""

from collections.abc import Mapping
from typing import Any

from loomwork.catalog.findings import Findings
from loomwork.catalog.folding import FoldedDocument
from loomwork.catalog.references.asking import asked_fields
from loomwork.catalog.references.reader import Path, Reader
from loomwork.catalog.references.world import World
from loomwork.errors import N_
from loomwork.expressions.scope import Scope
from loomwork.expressions.tree import kind_of
from loomwork.model.entity import Entity
from loomwork.model.kinds import Kind

ADDED_UP = ("sum", "avg")
SUMMED = (Kind.NUMBER, Kind.DURATION)
MOMENTS = (Kind.DATE, Kind.DATETIME)


def check_report(document: FoldedDocument, world: World, findings: Findings) -> None:
    """Note everything that a report names and is not there."""
    reader = Reader(document, world, findings)
    body = reader.body
    entity = reader.entity(("entity",), body["entity"])
    if entity is None:
        return
    # What the reader of a report chooses is known as `ask.NAME`.
    asked = asked_fields(reader, ("parameters",), body.get("parameters", {}), None)
    scope = reader.scope((), entity, roots={"ask": asked} if asked else {})
    if "filter" in body:
        reader.condition(("filter",), body["filter"], scope)
    for name, group in body.get("group", {}).items():
        _check_group(reader, ("group", name), group, entity)
    for name, measure in body["measures"].items():
        _check_measure(reader, ("measures", name), measure, scope)
    _check_shown(reader)


def _check_group(reader: Reader, path: Path, group: Mapping[str, Any], entity: Entity) -> None:
    field = reader.field((*path, "field"), entity, group["field"])
    if field is not None and "by" in group and field.type.kind not in MOMENTS:
        text = N_("The field “{name}” is not a date.")
        reader.add((*path, "by"), "no_date", text, name=group["field"])


def _check_measure(reader: Reader, path: Path, measure: Mapping[str, Any], scope: Scope) -> None:
    if "where" in measure:
        reader.condition((*path, "where"), measure["where"], scope)
    if "is" not in measure:
        if measure["function"] != "count":
            text = N_("The function “{function}” needs a value, which “is” gives.")
            reader.add(path, "no_value", text, function=measure["function"])
        return
    node = reader.value((*path, "is"), measure["is"], scope)
    if node is not None and measure["function"] in ADDED_UP and kind_of(node) not in SUMMED:
        reader.add((*path, "is"), "wrong_kind", N_("Only numbers and durations can be added up."))


def _check_shown(reader: Reader) -> None:
    """Check the names of groups and measures in the chart and in the order of the rows."""
    known = (*reader.body.get("group", {}), *reader.body["measures"])
    for key in ("x", "y", "series"):
        if key in reader.body.get("chart", {}):
            reader.known(("chart", key), "measure", reader.body["chart"][key], known)
    for place, name in enumerate(reader.body.get("sort", ())):
        reader.known(("sort", place), "measure", name.removeprefix("-"), known)


def check_dashboard(document: FoldedDocument, world: World, findings: Findings) -> None:
    """Note reports, views and entities that a dashboard shows and that are not there."""
    reader = Reader(document, world, findings)
    for name, said in reader.body.get("filters", {}).items():
        if "entity" in said:
            reader.entity(("filters", name, "entity"), said["entity"])
        default = said.get("default")
        if isinstance(default, Mapping):
            place: Path = ("filters", name, "default", "is")
            wanted = Kind.LINK if "entity" in said else None
            scope = reader.scope(place, None)
            reader.value(place, default["is"], scope, wanted, said.get("entity", ""))
    for name, widget in reader.body["widgets"].items():
        for kind in ("report", "view"):
            if kind in widget:
                reader.document_known(("widgets", name, kind), kind, widget[kind])


def check_segment(document: FoldedDocument, world: World, findings: Findings) -> None:
    """Note a segment over no entity, and a filter that does not fit."""
    reader = Reader(document, world, findings)
    entity = reader.entity(("entity",), reader.body["entity"])
    if entity is not None and "filter" in reader.body:
        reader.condition(("filter",), reader.body["filter"], reader.scope(("filter",), entity))
