"""Formulas, lookups and rollups: what they show, of which kind, and whether in a circle."""

from collections.abc import Mapping
from typing import Any

from loomwork.catalog.references.reader import Path, Reader
from loomwork.errors import N_
from loomwork.model.entity import Entity, Field
from loomwork.model.kinds import Kind
from loomwork.model.types.declared import RESULTS

SUMMED = (Kind.NUMBER, Kind.DURATION)


def check_derived(
    reader: Reader, entity: Entity, field: Field, settings: Mapping[str, Any]
) -> None:
    """Note what a derived field names and is not there."""
    path: Path = ("fields", field.name)
    source = source_of(reader, path, entity, settings)
    if source is None:
        return
    scope = reader.scope(path, source, this=None if source is entity else entity)
    if source is entity and "of" not in settings and "from" not in settings:
        wanted = RESULTS.get(settings.get("result", ""))
        reader.value((*path, "is"), settings["is"], scope, wanted)
        return
    if "where" in settings:
        reader.condition((*path, "where"), settings["where"], scope)
    reader.sort((*path, "sort"), source, settings.get("sort", ()))
    if settings["type"] == "rollup":
        _check_rollup(reader, path, source, settings)
    elif "is" in settings:
        reader.value((*path, "is"), settings["is"], scope)


def source_of(
    reader: Reader, path: Path, entity: Entity, settings: Mapping[str, Any]
) -> Entity | None:
    """Return the entity whose records are shown: that of a formula is the entity itself."""
    if "of" in settings:
        return reader.inverse((*path, "of"), entity, settings["of"])
    if "from" in settings:
        return reader.entity((*path, "from"), settings["from"])
    return entity


def _check_rollup(reader: Reader, path: Path, source: Entity, settings: Mapping[str, Any]) -> None:
    function, name = settings["function"], settings.get("field")
    if function == "count":
        return
    if name is None:
        text = N_("The function “{function}” needs a field.")
        reader.add(path, "no_field", text, function=function)
        return
    summed = reader.field((*path, "field"), source, name)
    if summed is None or not summed.type.usable:
        return
    if function in ("sum", "avg") and summed.type.kind not in SUMMED:
        text = N_("The field “{name}” has no numbers to add up.")
        reader.add((*path, "field"), "wrong_kind", text, name=name)
    elif function in ("min", "max") and "<" not in summed.type.filter_operators:
        text = N_("The values of the field “{name}” have no order.")
        reader.add((*path, "field"), "wrong_kind", text, name=name)
