"""Numbers that new records get in their order, such as ``OPP-2026-00042``."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self

from loomwork.model.field_type import FieldType
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.text import Texts
from loomwork.model.types.text import clean

LONGEST = 120
PLACE = re.compile(r"\{([^{}]*)\}")
NUMBER = re.compile(r"seq(?::0([1-9]))?")
DATES = {"year": 4, "month": 2, "day": 2}
"""What of a date a pattern may name, and how many digits each has."""
PERIODS: Mapping[str, tuple[str, ...]] = {
    "never": (),
    "year": ("year",),
    "month": ("year", "month"),
    "day": ("year", "month", "day"),
}
"""Of which parts of a date a period consists, by when the numbers begin again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceType(FieldType):
    """A number of its own for each record; ``reset`` says when the numbers begin again.

    ``gapless`` numbers are taken with the record, so that none is ever missing: writers then wait
    for each other. Others are taken before it, and one is lost where the record is refused.
    """

    name: ClassVar[str] = "sequence"
    kind: ClassVar[Kind] = Kind.TEXT

    pattern: str = "{seq}"
    reset: str = "never"
    start: int = 1
    gapless: bool = False

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        del texts
        return cls(
            pattern=settings["pattern"],
            reset=settings.get("reset", "never"),
            start=int(settings.get("start", 1)),
            gapless=settings.get("gapless", False),
        )

    @property
    def storage(self) -> Storage:
        return Storage(kind=StorageKind.TEXT, length=LONGEST)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Return the places of the pattern that stand for nothing."""
        return tuple(
            found
            for found in PLACE.findall(self.pattern)
            if found not in DATES and not NUMBER.fullmatch(found)
        )

    @property
    def distinct(self) -> bool:
        """Tell whether no two numbers are equal: the pattern names the whole of a period."""
        return set(PERIODS[self.reset]) <= set(PLACE.findall(self.pattern))

    def period(self, day: date) -> str:
        """Return the period of ``day``; each begins anew."""
        return "-".join(self._digits(day, part) for part in PERIODS[self.reset])

    def write(self, number: int, day: date) -> str:
        """Return a number in the form of the pattern; more digits than it says are no harm."""

        def filled(place: re.Match[str]) -> str:
            found = NUMBER.fullmatch(place[1])
            if found is None:
                return self._digits(day, place[1])
            return f"{number:0{found[1] or 1}d}"

        return PLACE.sub(filled, self.pattern)

    def read(self, text: str, day: date) -> tuple[str, int] | None:
        """Return the period and the number that a text says; None where it says none.

        What the text does not say of its period is that of ``day``.
        """
        names: set[str] = set()

        def expected(place: str) -> str:
            name, digits = ("seq", r"\d{1,18}") if place not in DATES else (place, "")
            digits = digits or rf"\d{{{DATES[place]}}}"
            if name in names:
                return f"(?P={name})" if name != "seq" else digits
            names.add(name)
            return f"(?P<{name}>{digits})"

        parts = PLACE.split(self.pattern)
        written = "".join(
            expected(part) if place % 2 else re.escape(part) for place, part in enumerate(parts)
        )
        found = re.fullmatch(written, text, re.ASCII)
        if found is None or "seq" not in names:
            return None
        said = found.groupdict()
        wanted = PERIODS[self.reset]
        period = "-".join(said.get(part) or self._digits(day, part) for part in wanted)
        return period, int(said["seq"])

    @staticmethod
    def _digits(day: date, part: str) -> str:
        return f"{getattr(day, part):0{DATES[part]}d}"

    def parse(self, value: object) -> object:
        """Read a number that a part of the platform brings along, such as from another program."""
        return clean(value.strip() if isinstance(value, str) else value, longest=LONGEST)

    def sample(self, source: random.Random) -> object:
        return self.write(source.randrange(self.start, self.start + 10**5), date(2026, 1, 1))
