"""Formulas, lookups and rollups: what they show, of which kind, in canonical form."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from loomwork.catalog.references.reader import Path, Reader
from loomwork.errors import N_
from loomwork.expressions.print import to_text
from loomwork.expressions.scope import Scope
from loomwork.expressions.tree import kind_of
from loomwork.model.derived import DerivedType, result_of
from loomwork.model.entity import Entity, Field
from loomwork.model.kinds import Kind
from loomwork.model.types.formula import FormulaType
from loomwork.model.types.link import LinkType
from loomwork.model.types.lookup import LookupType
from loomwork.model.types.rollup import RollupType

SUMMED = (Kind.NUMBER, Kind.DURATION)
SETS = (Kind.TEXTS, Kind.LINKS)
NOT_SHOWN = N_("“{name}” has many values; a derived field shows one.")
NOT_KEPT = N_("Only a value that is kept can be found by “{key}”: say that it is stored.")
NO_TARGET = N_("Say with “to” to which entity the link leads.")


def resolve_derived(
    reader: Reader,
    entity: Entity,
    field: Field,
    type_: DerivedType,
    settings: Mapping[str, Any],
) -> DerivedType:
    """Return the type with canonical expressions; note what it names and is not there."""
    path: Path = ("fields", field.name)
    for key in ("indexed", "search"):
        if settings.get(key) and not type_.stored:
            reader.add((*path, key), "not_stored", NOT_KEPT, key=key)
    source = _source_of(reader, path, entity, settings)
    if source is None:
        return type_
    scope = reader.scope(path, source, this=None if _own(settings) else entity)
    match type_:
        case FormulaType():
            return _formula(reader, path, type_, settings, scope)
        case LookupType():
            return _lookup(reader, path, type_, source, settings, scope)
        case RollupType():
            _check_total(reader, path, source, settings)
            return replace(type_, where=_where(reader, path, type_.where, settings, scope))
    return type_


def _own(settings: Mapping[str, Any]) -> bool:
    return "of" not in settings and "from" not in settings


def _source_of(
    reader: Reader, path: Path, entity: Entity, settings: Mapping[str, Any]
) -> Entity | None:
    """Return the entity whose records are shown: that of a formula is the entity itself."""
    if "of" in settings:
        return reader.inverse((*path, "of"), entity, settings["of"])
    if "from" in settings:
        return reader.entity((*path, "from"), settings["from"])
    return entity


def _formula(
    reader: Reader, path: Path, type_: FormulaType, settings: Mapping[str, Any], scope: Scope
) -> DerivedType:
    result = result_of(type_)
    target = result.to if isinstance(result, LinkType) else ""
    if isinstance(result, LinkType) and not target:
        reader.add(path, "no_target", NO_TARGET)
    node = reader.value((*path, "is"), settings["is"], scope, result.kind, target)
    return type_ if node is None else replace(type_, source=to_text(node))


def _lookup(
    reader: Reader,
    path: Path,
    type_: LookupType,
    source: Entity,
    settings: Mapping[str, Any],
    scope: Scope,
) -> DerivedType:
    reader.sort((*path, "sort"), source, settings.get("sort", ()))
    where = _where(reader, path, type_.where, settings, scope)
    node = reader.value((*path, "is"), settings["is"], scope)
    if node is None:
        return type_
    if kind_of(node) in SETS:
        reader.add((*path, "is"), "wrong_kind", NOT_SHOWN, name=settings["is"])
    return replace(type_, source=to_text(node), where=where)


def _where(
    reader: Reader, path: Path, where: str, settings: Mapping[str, Any], scope: Scope
) -> str:
    if "where" not in settings or not where:
        return where
    return reader.condition((*path, "where"), settings["where"], scope)


def _check_total(reader: Reader, path: Path, source: Entity, settings: Mapping[str, Any]) -> None:
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
