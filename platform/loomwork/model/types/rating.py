"""Stars."""

import random
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from loomwork.model.text import Texts
from loomwork.model.types.integer import IntegerType

STARS = 5
STAR, HOLLOW = "★", "☆"
WRITTEN = re.compile(r"([0-9]{1,2})(?:\s?/\s?([0-9]{1,2}))?")
DRAWN = re.compile(f"([{STAR}⭐]*){HOLLOW}*")


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingType(IntegerType):
    """A number of stars from one to ``max``; none at all is a missing value."""

    name: ClassVar[str] = "rating"

    min: int = 1
    max: int = STARS

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        del texts
        return cls(max=settings.get("max", STARS))

    def parse_text(self, text: str, *, locale: str = "en") -> object:
        """Read ``4``, ``4/5`` where there are five, and drawn stars."""
        del locale
        written = unicodedata.normalize("NFKC", text[:40]).replace("\ufe0f", "").strip()
        drawn = DRAWN.fullmatch(written) if written else None
        if drawn:
            return self.parse(len(drawn[1])) if drawn[1] else None
        found = WRITTEN.fullmatch(written)
        if found and found[2] in (None, str(self.max)):
            return self.parse(int(found[1]))
        return self.parse(text)

    def sample(self, source: random.Random) -> object:
        return source.randint(self.min, self.max)
