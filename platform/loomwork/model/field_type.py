"""What a field type is: storage, validation, JSON form, import and export in one class."""

import random
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Protocol, Self
from uuid import UUID

from loomwork.errors import N_, InvalidError, Problem
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage
from loomwork.model.text import Texts


def refuse(code: str, text: str, **context: object) -> InvalidError:
    """Return the error for a value that is not acceptable; the caller adds the pointer."""
    return InvalidError(problems=(Problem(code=code, text=text, context=context),))


class World(Protocol):
    """What types may ask of the site when they put the parts of a value together."""

    @property
    def currency(self) -> str:
        """Return the site's currency, by its three letters."""

    def rate(self, currency: str) -> Decimal | None:
        """Return how much of the site's currency one of ``currency`` is worth today, if known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the values that a field keeps beside its main one, such as an address's city.

    Records and tables have it under the key ``field.part``; expressions name it so. ``column`` is
    the ending of its column's name. ``open`` parts are what a person or an expression may name.
    """

    name: str
    storage: Storage
    kind: Kind
    label: str = ""
    column: str = ""
    open: bool = True


class Gathered(dict[str, Any]):
    """What is shown of a field with parts; ``kept`` is what the row has of it, by key."""

    kept: Mapping[str, Any]


class FieldType(ABC):
    """One type of field. Instances are immutable and carry the type's own settings.

    A plug-in registers its class under the entry point group ``loomwork.field_types``, exactly as
    the built-in types do; the entry point's name is the ``type`` that documents write.
    """

    __slots__ = ()

    name: ClassVar[str]
    kind: ClassVar[Kind]
    filter_operators: ClassVar[tuple[str, ...]] = (
        "==",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "is None",
    )
    sortable: ClassVar[bool] = True
    collated: ClassVar[bool] = False
    """Whether its texts sort in the order of a language, by a key that is kept beside them."""
    usable: ClassVar[bool] = True
    """Whether expressions can name such a field at all."""
    stored: ClassVar[bool] = True
    """Whether the value has a column; if not, it is computed whenever it is read."""
    many: ClassVar[bool] = False
    """Whether a record has a tuple of values, each a row of a table of the field's own."""
    sealed: ClassVar[bool] = False
    """Whether rows hold tokens instead of the values, see `types.encrypted`."""
    ending: ClassVar[str] = ""
    """What the name of the main column ends with, beside the field's name."""

    @classmethod
    @abstractmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        """Return the type for a field's document, which the JSON Schema has already accepted."""

    @property
    @abstractmethod
    def storage(self) -> Storage:
        """Return how a value is kept."""

    @abstractmethod
    def parse(self, value: object) -> object:
        """Return the value of a JSON input; None never arrives here.

        Raises InvalidError with one problem where the value does not fit. Returning None means
        that the input counts as missing.
        """

    @property
    def parts(self) -> tuple[Part, ...]:
        """Return what is kept beside the main value."""
        return ()

    def spread(self, value: Any) -> Mapping[str, Any]:
        """Return a value that `parse` gave as what is kept: the main value under "", the parts."""
        return {"": value}

    @property
    def targets(self) -> tuple[str, ...]:
        """Return the entities to which values of this type lead."""
        return ()

    @property
    def at_deletion(self) -> str:
        """Return what becomes of a record when the one to which it leads is deleted.

        ``restrict``: that one stays; ``clear``: the field is emptied; ``line``: it goes along.
        Empty of fields that lead nowhere or only list what they lead to.
        """
        return ""

    def leads(self, kept: Mapping[str, Any]) -> tuple[tuple[str, str, UUID], ...]:
        """Return the records that the values which are kept name.

        Each comes as the place in the value (a pointer), the entity and the id.
        """
        del kept
        return ()

    @property
    def composes(self) -> bool:
        """Tell whether the main value follows from the parts, instead of being given with them."""
        return bool(self.parts) and type(self).compose is not FieldType.compose

    def compose(self, kept: Mapping[str, Any], world: World) -> Mapping[str, Any]:
        """Return what is kept of a row, with the main value worked out from the parts.

        Called when a part has changed. InvalidError says why the parts do not go together.
        """
        del world
        return kept

    def gather(self, kept: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the JSON form of what is kept; only types with parts are asked. See `spread`."""
        return dict(kept)

    def parse_text(self, text: str, *, locale: str = "en") -> object:
        """Return the value of a cell of an imported file, stripped and not empty."""
        del locale
        return self.parse(text)

    def to_text(self, value: Any) -> str:
        """Return the value as a cell of an exported file, which `parse_text` reads back."""
        return str(value)

    def plain(self, value: Any) -> str:
        """Return the words in a value, for search."""
        return str(value)

    def sort_text(self, value: Any) -> str:
        """Return the text by which a value is sorted, where that goes by a language."""
        return self.plain(value)

    @abstractmethod
    def sample(self, source: random.Random) -> object:
        """Return a plausible value, for generated tests and synthetic load."""


NOT_TEXT = N_("Text is expected.")
NOT_A_CHOICE = N_("“{value}” is not one of: {allowed}.")
