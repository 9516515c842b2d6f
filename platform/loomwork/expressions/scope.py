"""Which names an expression may use, and what they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from loomwork.model.entity import Entity
from loomwork.model.kinds import Kind
from loomwork.model.storage import StorageKind
from loomwork.model.types.select import SelectType


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldInfo:
    """What the type check has to know of a field.

    ``choices`` are the option names of a select; ``places`` is None unless the field is a decimal;
    ``ordered`` tells whether ``<`` and its like make sense.
    """

    kind: Kind
    choices: tuple[str, ...] | None = None
    places: int | None = None
    ordered: bool = True


class Scope(Protocol):
    """The fields that a caller may name."""

    def field(self, name: str) -> FieldInfo | None:
        """Return what is known of field ``name``, or None if it cannot be used here."""

    def names(self) -> Sequence[str]:
        """Return the names of all usable fields, for hints."""


class EntityScope:
    """Every field of an entity, the system's included."""

    __slots__ = ("_entity",)

    def __init__(self, entity: Entity) -> None:
        self._entity = entity

    def field(self, name: str) -> FieldInfo | None:
        """Return what is known of the entity's field ``name``."""
        found = self._entity.fields.get(name)
        if found is None:
            return None
        kind = found.type
        storage = kind.storage
        return FieldInfo(
            kind=kind.kind,
            choices=tuple(kind.options) if isinstance(kind, SelectType) else None,
            places=storage.places if storage.kind is StorageKind.DECIMAL else None,
            ordered="<" in kind.filter_operators,
        )

    def names(self) -> Sequence[str]:
        """Return the names of the entity's fields in their order."""
        return tuple(self._entity.fields)
