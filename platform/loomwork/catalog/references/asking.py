"""What a person is asked for by a button or a transition, and what a report is given."""

from collections.abc import Mapping
from typing import Any

from loomwork.catalog.references.reader import Path, Reader
from loomwork.errors import N_
from loomwork.expressions.scope import FieldInfo, info_of
from loomwork.model.entity import Entity, Field
from loomwork.model.text import Text, label_from_name
from loomwork.model.types.declared import DeclaredType


def asked_fields(
    reader: Reader, path: Path, said: Mapping[str, Any], entity: Entity | None
) -> dict[str, FieldInfo]:
    """Return what can be named after ``ask.``: fields of the entity, or of a type of their own."""
    found: dict[str, FieldInfo] = {}
    for name, settings in said.items():
        if "type" in settings:
            found[name] = declared(reader, name, settings)
            if "to" in settings:
                reader.entity((*path, name, "to"), settings["to"])
        elif entity is None:
            text = N_("What is asked for needs a type.")
            reader.add((*path, name), "no_type", text)
        elif reader.known((*path, name), "field", name, entity.fields):
            found[name] = info_of(entity.fields[name], entity.name)
    _check_expressions(reader, path, said, entity, found)
    return found


def _check_expressions(
    reader: Reader,
    path: Path,
    said: Mapping[str, Any],
    entity: Entity | None,
    found: Mapping[str, FieldInfo],
) -> None:
    """Check when something is asked for, and what is offered; both may look at other answers."""
    scope = reader.scope(path, entity, roots={"ask": found})
    for name, settings in said.items():
        for key in ("required", "visible"):
            if key in settings:
                reader.condition((*path, name, key), settings[key], scope)
        default = settings.get("default")
        if isinstance(default, Mapping) and name in found:
            info = found[name]
            place = (*path, name, "default", "is")
            reader.value(place, default["is"], scope, info.kind, info.entity)
        for option, told in settings.get("options", {}).items():
            if "when" in told:
                reader.condition((*path, name, "options", option, "when"), told["when"], scope)


def declared(reader: Reader, name: str, settings: Mapping[str, Any]) -> FieldInfo:
    """Return what expressions know of a value whose type is written where it is asked for."""

    def text(_: str, source: str) -> Text:
        return Text(source)

    type_ = reader.world.types.get(settings["type"], DeclaredType)
    built = type_.from_document({"options": {}, "to": "", **settings}, text)
    return info_of(Field(name=name, type=built, label=Text(label_from_name(name))), "")
