"""Text on one line."""

import random
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from loomwork.errors import N_
from loomwork.model.field_type import NOT_TEXT, FieldType, refuse
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.text import Texts

LONGEST = 500
BLANK = frozenset(("Cc", "Cf", "Zl", "Zp", "Zs"))
"""Unicode's categories of signs that show nothing."""
UNSTORABLE = N_("The text contains a character that cannot be stored.")


def clean(value: object, *, longest: int) -> str | None:
    """Return ``value`` as text that every engine can store, or None for the empty text."""
    if not isinstance(value, str):
        raise refuse("not_text", NOT_TEXT)
    if "\x00" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
        raise refuse("bad_character", UNSTORABLE)
    text = unicodedata.normalize("NFC", value)
    if len(text) > longest:
        raise refuse(
            "too_long",
            N_("At most {limit} characters are possible; these are {length}."),
            limit=longest,
            length=len(text),
        )
    # What shows nothing, such as a space of no width, says nothing.
    return text if any(unicodedata.category(sign) not in BLANK for sign in text) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextType(FieldType):
    """Text on one line, trimmed; ``max_length`` in characters."""

    name: ClassVar[str] = "text"
    kind: ClassVar[Kind] = Kind.TEXT
    collated: ClassVar[bool] = True

    max_length: int = 120

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        del texts
        return cls(max_length=settings.get("max_length", 120))

    @property
    def storage(self) -> Storage:
        return Storage(kind=StorageKind.TEXT, length=self.max_length)

    def parse(self, value: object) -> object:
        text = clean(value.strip() if isinstance(value, str) else value, longest=self.max_length)
        if text and len(text.splitlines()) > 1:
            raise refuse("line_break", N_("The text has to fit on one line."))
        return text

    def sample(self, source: random.Random) -> object:
        return f"Sample {source.randrange(10**6)}"[: self.max_length]
