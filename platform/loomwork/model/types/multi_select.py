"""Any number of a few named options."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from loomwork.model.kinds import Kind
from loomwork.model.text import Texts
from loomwork.model.types.select import Option, SelectType
from loomwork.model.types.several import SetType


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiSelectType(SetType):
    """Any number of the options of ``inner``, in the order in which they were chosen."""

    name: ClassVar[str] = "multi_select"
    kind: ClassVar[Kind] = Kind.TEXTS

    choice: SelectType

    @property
    def inner(self) -> SelectType:
        return self.choice

    @property
    def options(self) -> Mapping[str, Option]:
        """Return the options by name."""
        return self.choice.options

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        return cls(choice=SelectType.from_document(settings, texts))
