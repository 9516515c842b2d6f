"""Whole numbers."""

import math
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Self

from loomwork.errors import N_
from loomwork.model.field_type import FieldType, refuse
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.text import Texts

LARGEST = 2**53 - 1
"""The largest integer that JSON readers keep exactly."""

FARTHEST = 10**20
"""Numbers beyond it are not even looked at."""

NOT_WHOLE = N_("A whole number is expected.")
TOO_SMALL = N_("The value must be at least {limit}.")
TOO_LARGE = N_("The value must be at most {limit}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegerType(FieldType):
    """A whole number from ``min`` to ``max``."""

    name: ClassVar[str] = "integer"
    kind: ClassVar[Kind] = Kind.NUMBER

    min: int = -LARGEST
    max: int = LARGEST

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        del texts
        return cls(min=settings.get("min", -LARGEST), max=settings.get("max", LARGEST))

    @property
    def storage(self) -> Storage:
        return Storage(kind=StorageKind.INTEGER)

    def parse(self, value: object) -> object:
        if isinstance(value, str):
            text = value.strip()
            if not text:
                return None
            if not re.fullmatch(r"[+-]?[0-9]{1,20}", text):
                raise refuse("not_an_integer", NOT_WHOLE)
            value = int(text)
        elif isinstance(value, float | Decimal):
            value = _whole(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise refuse("not_an_integer", NOT_WHOLE)
        if value < self.min:
            raise refuse("too_small", TOO_SMALL, limit=self.min)
        if value > self.max:
            raise refuse("too_large", TOO_LARGE, limit=self.max)
        return value

    def sample(self, source: random.Random) -> object:
        return source.randint(max(self.min, -1000), min(self.max, 1000))


def _whole(number: float | Decimal) -> object:
    """Return ``number`` as an int where it is one; what is far too large is not worked out."""
    # A signalling NaN cannot even be converted to a float to be asked.
    finite = number.is_finite() if isinstance(number, Decimal) else math.isfinite(number)
    if not finite or not -FARTHEST < number < FARTHEST:
        return number
    whole = int(number)
    return whole if number == whole else number
