"""The trees of derived fields: formulas, lookups and rollups as one and the same kind of thing."""

from collections.abc import Callable

from loomwork.expressions.parse import parse, parse_value
from loomwork.expressions.scope import EntityScope
from loomwork.expressions.tree import Aggregate, Field, Node, SortKey, kind_of
from loomwork.model.derived import DerivedType
from loomwork.model.kinds import Kind
from loomwork.model.storage import StorageKind
from loomwork.model.types.formula import FormulaType
from loomwork.model.types.lookup import LookupType
from loomwork.model.types.rollup import RollupType

FIRST = "first"


def derivation(
    type_: DerivedType, scope: EntityScope, inside: Callable[[str], EntityScope]
) -> Node:
    """Return the tree of a derived field over the record that has it; ``scope`` is that record's.

    ``inside`` gives the scope over the records of another entity, where ``this`` is the record.
    """
    match type_:
        case FormulaType(source=source):
            return parse_value(source, scope)
        case LookupType(source=source, entity=""):
            return parse_value(source, scope)
        case LookupType():
            return _first(type_, inside(type_.entity))
        case RollupType(of=""):
            return _total(type_, type_.entity, "", inside(type_.entity))
        case RollupType():
            link = scope.inverses(scope.entity)[type_.of]
            return _total(type_, link.entity, link.link, inside(link.entity))
    raise TypeError(f"{type_.name} is no derived type")


def places_of(type_: DerivedType) -> int | None:
    """Return how many digits after the point the numbers of a type have; None of what is none."""
    if type_.kind is not Kind.NUMBER:
        return None
    storage = type_.storage
    return storage.places if storage.kind is StorageKind.DECIMAL else 0


def _first(type_: LookupType, scope: EntityScope) -> Node:
    value = parse_value(type_.source, scope)
    return Aggregate(
        FIRST,
        type_.entity,
        "",
        kind_of(value),
        value=value,
        where=parse(type_.where, scope) if type_.where else None,
        sort=tuple(_sort_key(key, scope) for key in type_.sort),
    )


def _sort_key(key: str, scope: EntityScope) -> SortKey:
    field = parse_value(key.removeprefix("-"), scope)
    if not isinstance(field, Field):
        raise TypeError(f"{key} is no field")
    return SortKey(field, key.startswith("-"))


def _total(type_: RollupType, entity: str, link: str, scope: EntityScope) -> Node:
    value = parse_value(type_.field, scope) if type_.function != "count" else None
    return Aggregate(
        type_.function,
        entity,
        link,
        Kind.NUMBER if value is None else kind_of(value),
        value=value,
        where=parse(type_.where, scope) if type_.where else None,
        inverse=type_.of,
    )
