"""Passwords and keys that can be set and replaced, and are never shown."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from loomwork.model.field_type import FieldType
from loomwork.model.text import Texts
from loomwork.model.types.encrypted import SealedType, Unsealed
from loomwork.model.types.text import TextType, clean

SET = "set"


class Unchanged:
    """Stands for the secret that a record has already: what is shown of one was sent back."""


UNCHANGED = Unchanged()


@dataclass(frozen=True, slots=True, kw_only=True)
class Characters(TextType):
    """Text of which every character counts, spaces at its ends too."""

    def parse(self, value: object) -> object:
        return clean(value, longest=self.max_length)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretType(SealedType):
    """A text that callers only see as ``{"set": true}``."""

    name: ClassVar[str] = "secret"

    of: FieldType = Characters(max_length=500)

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        del texts
        return cls(of=Characters(max_length=settings.get("max_length", 500)))

    def parse(self, value: object) -> object:
        """Read a text; ``{"set": true}``, as it is shown, leaves the secret as it is."""
        if value == {SET: True}:
            return Unsealed(UNCHANGED)
        # Named here, since a slotted dataclass is another class than the one that it was made of.
        return SealedType.parse(self, value)

    def sample(self, source: random.Random) -> object:
        return f"secret-{source.randrange(10**12)}"
