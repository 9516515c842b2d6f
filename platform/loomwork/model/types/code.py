"""Short texts that identify something."""

import random
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from loomwork.errors import N_
from loomwork.model.field_type import FieldType, refuse
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.text import Texts
from loomwork.model.types.text import clean

LONGEST_TEXT = 1000
ALLOWED = "LNPSM"
"""Unicode's classes of letters, digits, punctuation, signs and marks."""
NOT_A_CODE = N_("A code has letters, digits and signs, without white space: “{sign}” is none.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeType(FieldType):
    """Capital letters, digits and signs without white space; written small, it is kept in capitals.

    Full-width letters and digits are kept as plain ones, so that one code is one text.
    """

    name: ClassVar[str] = "code"
    kind: ClassVar[Kind] = Kind.TEXT
    collated: ClassVar[bool] = True

    max_length: int = 40

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        del texts
        return cls(max_length=settings.get("max_length", 40))

    @property
    def storage(self) -> Storage:
        return Storage(kind=StorageKind.TEXT, length=self.max_length)

    def parse(self, value: object) -> object:
        if isinstance(value, str) and len(value) <= LONGEST_TEXT:
            value = _capital(value.strip())
        text = clean(value, longest=self.max_length)
        for sign in text or "":
            if unicodedata.category(sign)[0] not in ALLOWED:
                shown = sign if sign.isprintable() else f"U+{ord(sign):04X}"
                raise refuse("not_a_code", NOT_A_CODE, sign=shown)
        return text

    def sample(self, source: random.Random) -> object:
        return f"A-{source.randrange(10**6):06}"[: self.max_length]


def _capital(text: str) -> str:
    """Return ``text`` in capitals and plain width, such that doing so again changes nothing."""
    for _ in range(3):
        plain = unicodedata.normalize("NFKC", text).upper()
        if plain == text:
            break
        text = plain
    return text
