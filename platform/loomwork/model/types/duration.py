"""How long something takes."""

import random
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Self

from loomwork.errors import N_
from loomwork.model.field_type import FieldType, refuse
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.text import Texts
from loomwork.model.types.integer import TOO_LARGE, TOO_SMALL
from loomwork.model.values import DAY, HOUR, LONGEST, MINUTE, SECOND, WEEK, Duration

NOT_A_DURATION = N_("A duration is expected, written like 1h 30min or PT1H30M.")
TOO_EXACT = N_("A duration is kept to the microsecond, not finer.")
LONGEST_TEXT = 60
UNITS: Mapping[str, int] = {
    **dict.fromkeys(("w", "week", "weeks", "周", "星期"), WEEK),
    **dict.fromkeys(("d", "day", "days", "天", "日"), DAY),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "小时", "时"), HOUR),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes", "分钟", "分"), MINUTE),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "秒"), SECOND),
}
"""By what people write behind a number, in microseconds."""
NUMBER = r"([0-9]{1,12}(?:\.[0-9]{1,12})?)"
ISO = re.compile(
    rf"([+-])?P(?:{NUMBER}W)?(?:{NUMBER}D)?(?:T(?:{NUMBER}H)?(?:{NUMBER}M)?(?:{NUMBER}S)?)?"
)
ISO_UNITS = (WEEK, DAY, HOUR, MINUTE, SECOND)
CLOCK = re.compile(r"([+-])?([0-9]{1,7}):([0-5][0-9])(?::([0-5][0-9](?:\.[0-9]{1,6})?))?")
CLOCK_UNITS = (HOUR, MINUTE, SECOND)
ONE = re.compile(NUMBER + r"\s*([a-z]+|周|星期|天|日|小时|时|分钟|分|秒)[\s,]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class DurationType(FieldType):
    """A whole number of microseconds, from ``min`` to ``max``; in JSON an ISO 8601 duration."""

    name: ClassVar[str] = "duration"
    kind: ClassVar[Kind] = Kind.DURATION

    min: Duration | None = None
    max: Duration | None = None

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        del texts
        low, high = settings.get("min"), settings.get("max")
        return cls(
            min=None if low is None else Duration.from_short(low),
            max=None if high is None else Duration.from_short(high),
        )

    @property
    def storage(self) -> Storage:
        return Storage(kind=StorageKind.DURATION)

    def parse(self, value: object) -> object:
        """Read ISO 8601, ``1:30``, ``90m``, ``1d 2h``; a number alone has no unit."""
        if isinstance(value, Duration):
            return self._bounded(int(value))
        if not isinstance(value, str) or len(value) > LONGEST_TEXT:
            raise refuse("not_a_duration", NOT_A_DURATION)
        text = unicodedata.normalize("NFKC", value).strip()
        if not text:
            return None
        parts = _parts(text)
        if not parts:
            raise refuse("not_a_duration", NOT_A_DURATION)
        total = sum((number * unit for number, unit in parts), Decimal(0))
        if total != total.to_integral_value():
            raise refuse("too_exact", TOO_EXACT)
        return self._bounded(-int(total) if text.startswith("-") else int(total))

    def _bounded(self, length: int) -> Duration:
        if length < (-LONGEST if self.min is None else self.min):
            raise refuse("too_small", TOO_SMALL, limit=_written(self.min, -LONGEST))
        if length > (LONGEST if self.max is None else self.max):
            raise refuse("too_large", TOO_LARGE, limit=_written(self.max, LONGEST))
        return Duration(length)

    def to_text(self, value: Any) -> str:
        return Duration(value).to_json()

    def sample(self, source: random.Random) -> object:
        low = MINUTE if self.min is None else int(self.min)
        high = max(low, 8 * HOUR if self.max is None else min(8 * HOUR, int(self.max)))
        return Duration(low + source.randint(0, (high - low) // MINUTE) * MINUTE)


def _written(limit: Duration | None, otherwise: int) -> str:
    return Duration(otherwise if limit is None else limit).to_short()


def _parts(text: str) -> list[tuple[Decimal, int]]:
    """Return the numbers of a duration with their units; none where it is not written rightly."""
    upper = text.upper()
    iso, clock = ISO.fullmatch(upper), CLOCK.fullmatch(text)
    if iso is not None and not upper.endswith("T"):
        written = list(zip(iso.groups()[1:], ISO_UNITS, strict=True))
    elif clock is not None:
        written = list(zip(clock.groups()[1:], CLOCK_UNITS, strict=True))
    else:
        return _worded(text.removeprefix("+").removeprefix("-").casefold())
    return [(Decimal(number), unit) for number, unit in written if number is not None]


def _worded(text: str) -> list[tuple[Decimal, int]]:
    """Return the parts of a duration in words, each unit once and the largest first."""
    parts: list[tuple[Decimal, int]] = []
    place = 0
    while place < len(text):
        found = ONE.match(text, place)
        unit = UNITS.get(found[2]) if found else None
        if found is None or unit is None or (parts and unit >= parts[-1][1]):
            return []
        parts.append((Decimal(found[1]), unit))
        place = found.end()
    return parts
