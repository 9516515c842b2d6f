"""How complete a record is, by the weights that its entity gives to fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from loomwork.model.entity import Entity


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """The share of the weights that are there, in whole percent, and the fields that are not."""

    percent: int
    missing: tuple[str, ...]


def completeness(entity: "Entity", record: Mapping[str, Any]) -> Completeness | None:
    """Return how complete ``record`` is; None where its entity weighs no fields."""
    weights = entity.completeness
    total = sum(weights.values())
    if not total:
        return None
    missing = tuple(name for name in weights if record.get(name) is None)
    present = total - sum(weights[name] for name in missing)
    # Rounded half up, in whole numbers.
    return Completeness(percent=(200 * present + total) // (2 * total), missing=missing)
