"""What a field type is: storage, validation, JSON form, import and export in one class."""

import random
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from loomwork.errors import N_, InvalidError, Problem
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage
from loomwork.model.text import Texts


def refuse(code: str, text: str, **context: object) -> InvalidError:
    """Return the error for a value that is not acceptable; the caller adds the pointer."""
    return InvalidError(problems=(Problem(code=code, text=text, context=context),))


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
    usable: ClassVar[bool] = True
    """Whether expressions can name such a field at all."""

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

    def parse_text(self, text: str, *, locale: str = "en") -> object:
        """Return the value of a cell of an imported file, stripped and not empty."""
        del locale
        return self.parse(text)

    def to_text(self, value: Any) -> str:
        """Return the value as a cell of an exported file, which `parse_text` reads back."""
        return str(value)

    @abstractmethod
    def sample(self, source: random.Random) -> object:
        """Return a plausible value, for generated tests and synthetic load."""


NOT_TEXT = N_("Text is expected.")
NOT_A_CHOICE = N_("“{value}” is not one of: {allowed}.")
