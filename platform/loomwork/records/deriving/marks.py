"""Which kept fields are complete: their columns were filled by what the Model says now."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from loomwork.expressions.tree import Field as FieldNode
from loomwork.expressions.tree import Given
from loomwork.model.derived import DerivedType
from loomwork.records.deriving.plan import Kept, Place, make_plan

if TYPE_CHECKING:
    from loomwork.model.entity import Field
    from loomwork.model.whole import Model

SETTING = "settings."


def marks_of(model: "Model", settings: Mapping[str, Any]) -> dict[Place, str]:
    """Return what stands for the way in which each kept field is worked out.

    It is another one as soon as any value could be: with an expression on the way, with how a field
    that is read is kept, with a setting.
    """
    # With nothing built, what a field follows from is seen down to what people enter.
    kept = make_plan(_with_waiting(model, make_plan(model).kept.keys())).kept
    return {place: _mark(one, model, settings) for place, one in kept.items()}


def _mark(one: Kept, model: "Model", settings: Mapping[str, Any]) -> str:
    said = [repr(one.field.type.storage), repr(one.derived.node)]
    for part in one.parts:
        if isinstance(part, FieldNode) and part.derived is not None:
            said.append(repr((part.derived.places, part.derived.node)))
        if isinstance(part, Given) and part.name.startswith(SETTING):
            key = part.name.removeprefix(SETTING)
            said.append(f"{key}={settings.get(key, model.settings[key].default)!r}")
    said += sorted(
        repr((read.entity, read.field, model.entities[read.entity].fields[read.field].type.storage))
        for read in one.reads
        if read.field in model.entities[read.entity].fields
    )
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def with_built(model: "Model", marks: Mapping[Place, str], kept: Mapping[Place, str]) -> "Model":
    """Return ``model`` with the fields that are not complete as ones to be worked out.

    ``marks`` are those of the Model, ``kept`` those that were noted.
    """
    return _with_waiting(model, {place for place, mark in marks.items() if kept.get(place) != mark})


def _with_waiting(model: "Model", waiting: Collection[Place]) -> "Model":
    if not waiting:
        return model
    entities = dict(model.entities)
    for entity, field in waiting:
        fields = dict(entities[entity].fields)
        fields[field] = _unbuilt(fields[field])
        entities[entity] = replace(entities[entity], fields=fields)
    return replace(model, entities=entities)


def _unbuilt(field: "Field") -> "Field":
    if not isinstance(field.type, DerivedType):
        return field
    return replace(field, type=replace(field.type, built=False))
