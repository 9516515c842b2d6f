"""Fields whose values are worked out from others: nobody sets them."""

import random
from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, Self

from loomwork.errors import N_
from loomwork.model.field_type import FieldType, refuse
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage, StorageKind

WORKED_OUT = N_("This value is worked out and cannot be set.")
LIVE = "live"
"""Kept with every write."""
UNKNOWN = Storage(kind=StorageKind.TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedType(FieldType):
    """A type whose values follow from other fields, with the form of another type, ``result``.

    ``result`` is None until all documents are known. ``stored`` says that the value has a column;
    ``built`` that the column has been filled: until then the value is worked out at each reading,
    like one that is not stored at all.
    """

    # What other types know by their class differs here from one instance to the next.
    result: FieldType | None = None
    stored: bool = False  # type: ignore[misc]
    built: bool = True

    @property
    def kept(self) -> bool:
        """Tell whether a record that is read brings the value along."""
        return self.stored and self.built

    @property
    @abstractmethod
    def refresh(self) -> str:
        """Return when a stored value is computed: ``live``, ``hourly`` or ``daily``."""

    @abstractmethod
    def known(self, result: FieldType) -> Self:
        """Return the type with what its values are."""

    @property
    def kind(self) -> Kind:  # type: ignore[override]
        """Return the kind of the values."""
        return Kind.TEXT if self.result is None else self.result.kind

    @property
    def usable(self) -> bool:  # type: ignore[override]
        """Tell whether it is known by now what the values are, and whether they can be named."""
        return self.result is not None and self.result.usable

    @property
    def filter_operators(self) -> tuple[str, ...]:  # type: ignore[override]
        """Return how the values are compared."""
        return () if self.result is None else self.result.filter_operators

    @property
    def sortable(self) -> bool:  # type: ignore[override]
        """Tell whether the values have an order."""
        return self.result is not None and self.result.sortable

    @property
    def storage(self) -> Storage:
        """Return how a value is kept, if it is."""
        return UNKNOWN if self.result is None else self.result.storage

    def parse(self, value: object) -> object:
        """Refuse every value."""
        del value
        raise refuse("readonly", WORKED_OUT)

    def to_text(self, value: Any) -> str:
        """Return the value as a cell of an exported file."""
        return str(value) if self.result is None else self.result.to_text(value)

    def sample(self, source: random.Random) -> object:
        """Return a plausible value."""
        return None if self.result is None else self.result.sample(source)


def result_of(type_: FieldType) -> FieldType:
    """Return the type that says of which form a field's values are."""
    if isinstance(type_, DerivedType) and type_.result is not None:
        return result_of(type_.result)
    return type_
