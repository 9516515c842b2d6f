"""Colours."""

import random
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from loomwork.errors import N_
from loomwork.model.field_type import FieldType, refuse
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.text import Texts

NOT_A_COLOUR = N_("A colour is expected, written like #1f6feb.")
WRITTEN = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})", re.IGNORECASE)
LONGEST_TEXT = 40


@dataclass(frozen=True, slots=True)
class ColorType(FieldType):
    """A colour as ``#rrggbb``, in small letters."""

    name: ClassVar[str] = "color"
    kind: ClassVar[Kind] = Kind.TEXT
    filter_operators: ClassVar[tuple[str, ...]] = ("==", "!=", "is None")

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        del settings, texts
        return cls()

    @property
    def storage(self) -> Storage:
        return Storage(kind=StorageKind.TEXT, length=7)

    def parse(self, value: object) -> object:
        if not isinstance(value, str) or len(value) > LONGEST_TEXT:
            raise refuse("not_a_color", NOT_A_COLOUR)
        text = unicodedata.normalize("NFKC", value).strip()
        if not text:
            return None
        found = WRITTEN.fullmatch(text)
        if not found:
            raise refuse("not_a_color", NOT_A_COLOUR)
        digits = found[1].lower()
        return "#" + (digits if len(digits) > 3 else "".join(digit * 2 for digit in digits))

    def sample(self, source: random.Random) -> object:
        return f"#{source.randrange(256**3):06x}"
