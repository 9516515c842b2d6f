"""Values that fields get by themselves: defaults that are computed, and what a link brings."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from decimal import Context as Numbers
from typing import TYPE_CHECKING, Any

from loomwork.errors import InvalidError
from loomwork.expressions.context import Context
from loomwork.model.kinds import Kind
from loomwork.model.storage import StorageKind

if TYPE_CHECKING:
    from loomwork.model.entity import Entity, Field
    from loomwork.records.conditions import Values

EXACT = Numbers(prec=60, rounding=ROUND_HALF_UP)


def compute_defaults(
    entity: "Entity",
    rules: "Values",
    values: dict[str, Any],
    given: Mapping[str, Any],
    context: Context,
) -> None:
    """Set the computed defaults of a new record's fields that were not given, in their order."""
    for name, found in rules.defaults.items():
        if name not in given:
            values[name] = fitted(entity.fields[name], found.value(values, context))


def fill(
    entity: "Entity",
    rules: "Values",
    values: dict[str, Any],
    given: Mapping[str, Any],
    changed: frozenset[str] | set[str],
    context: Context,
    *,
    new: bool,
) -> set[str]:
    """Set what the links among ``changed`` bring, and return those fields.

    A field that the caller gave stays; one that is filled may be a link that brings more.
    """
    filled: set[str] = set()
    waiting = [name for name in rules.fills if name in changed]
    done: set[str] = set()
    while waiting:
        link = waiting.pop(0)
        done.add(link)
        if values.get(link) is None:
            continue
        for target, found in rules.fills[link].items():
            brought = fitted(entity.fields[target], found.value(values, context))
            if target in given or values.get(target) == brought or (new and brought is None):
                continue
            values[target] = brought
            filled.add(target)
            if target in rules.fills and target not in done and target not in waiting:
                waiting.append(target)
    return filled


def fitted(field: "Field", value: Any) -> Any:
    """Return a computed value as the field keeps it; InvalidError where it does not fit at all."""
    if value is None:
        return None
    if field.type.kind is Kind.NUMBER:
        storage = field.type.storage
        places = storage.places if storage.kind is StorageKind.DECIMAL else 0
        value = Decimal(value).quantize(Decimal(1).scaleb(-places), context=EXACT)
    elif not isinstance(value, str):
        return value
    try:
        return field.type.parse(value)
    except InvalidError as error:
        raise InvalidError(
            problems=[problem.at(f"/{field.name}") for problem in error.problems]
        ) from error
