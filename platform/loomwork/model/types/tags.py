"""Any number of words that people make up."""

import unicodedata
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from loomwork.model.kinds import Kind
from loomwork.model.text import Texts
from loomwork.model.types.several import SetType
from loomwork.model.types.text import TextType

LONGEST = 60
"""Characters of one tag."""
TAG = TextType(max_length=LONGEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class TagsType(SetType):
    """Any number of short texts; of two that look alike but for their case, the first is kept."""

    name: ClassVar[str] = "tags"
    kind: ClassVar[Kind] = Kind.TEXTS

    @property
    def inner(self) -> TextType:
        return TAG

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        del settings, texts
        return cls()

    def identity(self, value: Any) -> Hashable:
        """Return the tag in small letters, without white space and signs that show nothing."""
        shown = "".join(sign for sign in str(value) if unicodedata.category(sign) != "Cf")
        return " ".join(unicodedata.normalize("NFC", shown.casefold()).split())
