"""Exact decimal numbers."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation
from typing import Any, ClassVar, Self

from loomwork.errors import N_
from loomwork.model.field_type import FieldType, refuse
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.text import Texts
from loomwork.model.types.integer import TOO_LARGE, TOO_SMALL

DIGITS = 18
"""Digits in all, before and after the point: what a scaled 64-bit integer keeps exactly."""

LONGEST = 60
"""Characters of a number that are read at all."""
EXACT = Context(prec=2 * LONGEST)
"""Wide enough that no digit which was written is rounded away."""

NOT_A_NUMBER = N_("A number is expected, written like 1200.50.")


@dataclass(frozen=True, slots=True, kw_only=True)
class DecimalType(FieldType):
    """A number with ``places`` digits after the point, from ``min`` to ``max``."""

    name: ClassVar[str] = "decimal"
    kind: ClassVar[Kind] = Kind.NUMBER

    places: int = 2
    min: Decimal | None = None
    max: Decimal | None = None

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        del texts
        low, high = settings.get("min"), settings.get("max")
        return cls(
            places=settings.get("places", 2),
            min=None if low is None else Decimal(str(low)),
            max=None if high is None else Decimal(str(high)),
        )

    @property
    def storage(self) -> Storage:
        return Storage(kind=StorageKind.DECIMAL, places=self.places)

    def parse(self, value: object) -> object:
        if isinstance(value, str) and not value.strip():
            return None
        number = exact_number(value)
        exponent = number.as_tuple().exponent
        if isinstance(exponent, int) and -exponent > self.places:
            number = number.normalize(EXACT)
            exponent = number.as_tuple().exponent
            if isinstance(exponent, int) and -exponent > self.places:
                raise refuse(
                    "too_many_places",
                    N_("At most {limit} digits after the point are possible."),
                    limit=self.places,
                )
        if self.min is not None and number < self.min:
            raise refuse("too_small", TOO_SMALL, limit=self.min)
        if self.max is not None and number > self.max:
            raise refuse("too_large", TOO_LARGE, limit=self.max)
        bound = Decimal(10) ** (DIGITS - self.places)
        if abs(number) >= bound:
            raise refuse("too_large", TOO_LARGE, limit=bound)
        return number.quantize(Decimal(1).scaleb(-self.places)) + 0

    def to_text(self, value: Any) -> str:
        return format(value, "f")

    def sample(self, source: random.Random) -> object:
        low = Decimal(0) if self.min is None else self.min
        high = low + 1000 if self.max is None else self.max
        step = Decimal(1).scaleb(-self.places)
        return (low + (high - low) * Decimal(source.randrange(1000)) / 1000).quantize(step)


def exact_number(value: object) -> Decimal:
    """Return the number in a JSON input or a text with every digit that was written."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise refuse("not_a_number", NOT_A_NUMBER)
    try:
        text = str(value).strip()
        if len(text) > LONGEST or "_" in text or not text.isascii():
            raise refuse("not_a_number", NOT_A_NUMBER)
        number = Decimal(text)
    except (InvalidOperation, ValueError):
        # An int of thousands of digits is not even written out.
        raise refuse("not_a_number", NOT_A_NUMBER) from None
    if not number.is_finite() or abs(number.adjusted()) > LONGEST:
        raise refuse("not_a_number", NOT_A_NUMBER)
    return number
