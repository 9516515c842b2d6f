"""The fields of an entity: targets, limits, defaults, conditions."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from loomwork.catalog.references.derived import resolve_derived
from loomwork.catalog.references.kept import check_kept
from loomwork.catalog.references.reader import Path, Reader, target_of
from loomwork.catalog.references.world import targets
from loomwork.catalog.roles import BAD_BOUNDS
from loomwork.errors import N_, InvalidError
from loomwork.expressions.scope import Scope
from loomwork.model.derived import DerivedType
from loomwork.model.entity import Entity, Field
from loomwork.model.types.encrypted import plain_type
from loomwork.model.types.money import MoneyType
from loomwork.model.types.multi_select import MultiSelectType
from loomwork.model.types.select import SelectType
from loomwork.model.types.sequence import SequenceType

BY_PLATFORM = frozenset({("user", "username")})
"""Read-only fields that the platform itself fills."""


def resolve_field(reader: Reader, entity: Entity, field: Field, scope: Scope) -> Field:
    """Return ``field`` with canonical expressions; note everything that does not fit."""
    path: Path = ("fields", field.name)
    settings = reader.body["fields"][field.name]
    _check_target(reader, path, settings)
    _check_range(reader, path, field)
    _check_options(reader, path, entity, field)
    _check_line(reader, path, entity, field)
    _check_emptied(reader, path, field)
    check_kept(reader, path, entity, field)
    if isinstance(field.type, DerivedType):
        field = replace(field, type=resolve_derived(reader, entity, field, field.type, settings))
    resolved = replace(
        field,
        default=_default(reader, path, field, settings),
        default_is=_default_is(reader, path, field, scope),
        required_when=_when(reader, (*path, "required"), field.required_when, scope),
        readonly_when=_when(reader, (*path, "readonly"), field.readonly_when, scope),
        visible_when=_when(reader, (*path, "visible"), field.visible_when, scope),
        option_when={
            name: _when(reader, (*path, "options", name, "when"), when, scope)
            for name, when in field.option_when.items()
        },
        filter=_filter(reader, path, entity, field),
        fill=_fill(reader, path, entity, field, scope),
    )
    _check_fillable(reader, path, entity, resolved)
    return resolved


def _when(reader: Reader, path: Path, source: str, scope: Scope) -> str:
    return reader.condition(path, source, scope) if source else ""


def _check_target(reader: Reader, path: Path, settings: Mapping[str, Any]) -> None:
    several = not isinstance(settings.get("to"), str)
    for place, name in enumerate(targets(settings)):
        reader.entity((*path, "to", place) if several else (*path, "to"), name)


def _check_range(reader: Reader, path: Path, field: Field) -> None:
    """Note a smallest value above the largest."""
    type_ = plain_type(field.type)
    type_ = type_.number if isinstance(type_, MoneyType) else type_
    low, high = getattr(type_, "min", None), getattr(type_, "max", None)
    if low is not None and high is not None and low > high:
        reader.add((*path, "min"), "bad_bounds", BAD_BOUNDS, low=low, high=high)


def _check_line(reader: Reader, path: Path, entity: Entity, field: Field) -> None:
    """Note a line that could not go into the recycle bin and come back with its record."""
    whole = reader.world.entities.get(target_of(field))
    if whole is None or field.type.at_deletion != "line":
        return
    if whole.recycle is not entity.recycle:
        text = N_(
            "A line is deleted and restored with its record: “{line}” and “{whole}” need a recycle"
            " bin both, or neither of them."
        )
        reader.add((*path, "part_of"), "line_not_kept", text, line=entity.name, whole=whole.name)
    elif whole.name == entity.name:
        text = N_("A record cannot be a line of a record of its own kind.")
        reader.add((*path, "part_of"), "line_of_itself", text)


def _check_emptied(reader: Reader, path: Path, field: Field) -> None:
    """Note a link that would be emptied though it has to lead somewhere."""
    type_ = field.type
    clears = type_.at_deletion == "clear"
    if clears and field.required:
        text = N_(
            "The field is required, so that it cannot be emptied when the linked record is deleted:"
            " “restrict” would keep that one."
        )
        reader.add((*path, "on_delete"), "required_emptied", text)


def _check_options(reader: Reader, path: Path, entity: Entity, field: Field) -> None:
    """Note a select without options, and options beside a workflow that are none of its states."""
    if not isinstance(plain_type(field.type), SelectType | MultiSelectType):
        return
    workflow = reader.world.workflows.get(entity.name, {}).get(field.name)
    written = reader.body["fields"][field.name].get("options", {})
    if workflow is None and not written:
        text = N_("A select needs options, or a workflow that governs it.")
        reader.add(path, "no_options", text)
    elif workflow is not None:
        for name in written:
            reader.known((*path, "options", name), "state", name, workflow.body["states"])


def _default(reader: Reader, path: Path, field: Field, settings: Mapping[str, Any]) -> object:
    default = settings.get("default")
    if default is None or field.default_is:
        return None
    try:
        return field.type.parse(default)
    except InvalidError as error:
        for problem in error.problems:
            reader.add((*path, "default"), problem.code, problem.text, **problem.context)
        return None


def _default_is(reader: Reader, path: Path, field: Field, scope: Scope) -> str:
    if not field.default_is:
        return ""
    return reader.text((*path, "default", "is"), field.default_is, scope, field)


def _filter(reader: Reader, path: Path, entity: Entity, field: Field) -> str:
    """Return the filter of a link, whose ``this`` is the record that has the link."""
    target = reader.world.entities.get(target_of(field))
    if not field.filter or target is None:
        return field.filter
    place = (*path, "filter")
    return reader.condition(place, field.filter, reader.scope(place, target, this=entity))


def _fill(
    reader: Reader, path: Path, entity: Entity, field: Field, scope: Scope
) -> Mapping[str, str]:
    filled = {}
    for name, source in field.fill.items():
        place = (*path, "fill", name)
        filled[name] = source
        if not reader.known(place, "field", name, entity.fields):
            continue
        target = entity.fields[name]
        if target.system and not target.writable:
            text = N_("The field “{name}” is kept by the platform.")
            reader.add(place, "not_writable", text, name=name)
        elif name == field.name:
            reader.add(place, "fills_itself", N_("A link cannot fill itself."))
        else:
            filled[name] = reader.text(place, source, scope, target)
    return filled


def _check_fillable(reader: Reader, path: Path, entity: Entity, field: Field) -> None:
    """Note a field that has to have a value and can never get one."""
    derived = isinstance(field.type, DerivedType | SequenceType)
    given = field.default is not None or field.default_is or derived
    filled = any(field.name in other.fill for other in entity.fields.values())
    by_platform = (entity.name, field.name) in BY_PLATFORM
    if field.required and field.readonly and not (given or filled or by_platform):
        text = N_("The field is required and read-only, so that it can never be filled.")
        reader.add(path, "never_filled", text)
