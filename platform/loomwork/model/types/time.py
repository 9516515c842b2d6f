"""Times of day."""

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

NOT_A_TIME = N_("A time of day is expected, written like 09:30.")
LONGEST = 40
NOON = 12
EXACT = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9])(?:\.0{1,6})?)?")
KIND = re.compile(
    r"(?P<before>上午|下午|晚上|凌晨|中午|早上)?\s?"
    r"(?P<hour>[0-9]{1,2})(?:[:.时点h]\s?(?P<minute>[0-9]{2})?(?:[:.分]\s?(?P<second>[0-9]{2})?秒?)?)?"
    r"\s?(?P<after>[ap]\.?m\.?)?",
    re.IGNORECASE,
)
LATER = frozenset(("下午", "晚上", "中午", "pm"))
EARLIER = frozenset(("上午", "凌晨", "早上", "am"))


@dataclass(frozen=True, slots=True)
class TimeType(FieldType):
    """A time of day without a zone, as text: ``09:30``, with seconds where there are any.

    A time without seconds is the beginning of the same one with seconds, so that the texts sort
    as the times do, and ``opens_at == '09:30'`` says what it seems to say.
    """

    name: ClassVar[str] = "time"
    kind: ClassVar[Kind] = Kind.TEXT

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        del settings, texts
        return cls()

    @property
    def storage(self) -> Storage:
        return Storage(kind=StorageKind.TEXT, length=8)

    def parse(self, value: object) -> object:
        if not isinstance(value, str) or len(value) > LONGEST:
            raise refuse("not_a_time", NOT_A_TIME)
        text = value.strip()
        if not text:
            return None
        found = EXACT.fullmatch(text)
        if not found:
            raise refuse("not_a_time", NOT_A_TIME)
        hour, minute, second = found.groups()
        return f"{hour}:{minute}" + (f":{second}" if second and second != "00" else "")

    def parse_text(self, text: str, *, locale: str = "en") -> object:
        """Read what people write of a time: 9:30, 9.30, 9点30分, 下午3点, 3 pm."""
        del locale
        plain = unicodedata.normalize("NFKC", text[: LONGEST + 1]).strip().casefold()
        found = KIND.fullmatch(plain)
        if not found:
            return self.parse(text)
        hour = _hour(int(found["hour"]), found["before"] or (found["after"] or "").replace(".", ""))
        minute, second = int(found["minute"] or 0), int(found["second"] or 0)
        if not (found["minute"] or found["before"] or found["after"] or "点" in plain):
            # A bare number is no time: it may be anything.
            raise refuse("not_a_time", NOT_A_TIME)
        return self.parse(f"{hour:02}:{minute:02}:{second:02}")

    def sample(self, source: random.Random) -> object:
        return f"{source.randrange(24):02}:{source.randrange(12) * 5:02}"


def _hour(hour: int, half: str) -> int:
    """Return the hour of the day that a word for a half of the day makes of ``hour``."""
    if half in LATER and hour < NOON:
        return hour + NOON if half != "中午" or hour < NOON - 2 else hour
    if half in EARLIER and hour == NOON:
        return 0
    return hour
