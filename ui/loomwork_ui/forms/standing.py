"""How a record stands: how complete it is, and what its checks mark."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from loomwork.model.entity import Entity
from loomwork_ui.forms.item import Item
from loomwork_ui.request import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A field that a complete record has; ``id`` is that of its input, empty if it has none."""

    label: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The messages of flags; ``percent`` is None where completeness is not measured."""

    flags: tuple[str, ...]
    percent: int | None
    missing: tuple[Missing, ...]


def standing(
    visit: Visit, entity: Entity, record: Mapping[str, Any], items: Mapping[str, Item]
) -> Standing | None:
    """Return how a record stands; None where its entity does not say anything of that."""
    measured = record.get("completeness")
    flags = tuple(flag["message"].to(visit.prepared.locale) for flag in record.get("flags", ()))
    if measured is None and not flags:
        return None
    widgets = visit.prepared.widgets(entity)
    return Standing(
        flags=flags,
        percent=measured["percent"] if measured else None,
        missing=tuple(
            Missing(label=widgets[name].label, id=_input(items.get(name)))
            for name in (measured["missing"] if measured else ())
        ),
    )


def _input(item: Item | None) -> str:
    fillable = item is not None and item.editable and not item.hidden and not item.locked
    return item.id if item is not None and fillable else ""
