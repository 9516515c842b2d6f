"""Values that are more than the plain type they are made of: they know their own JSON form."""

import re
from typing import Final

SECOND: Final = 1_000_000
"""Durations are counted in microseconds."""
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
WEEK: Final = 7 * DAY
LONGEST: Final = 32 * 10**16
"""What expressions compute with at most, either way."""
UNITS: Final = {"w": WEEK, "d": DAY, "h": HOUR, "min": MINUTE}
SHORT: Final = re.compile(r"([0-9]{1,6})(min|h|d|w)")


class Duration(int):
    """How long something takes, in microseconds; expressions see it as the number it is."""

    __slots__ = ()

    def to_json(self) -> str:
        """Return the duration by ISO 8601, in days and smaller parts: ``P1DT2H30M``."""
        sign, rest = ("-", -int(self)) if self < 0 else ("", int(self))
        days, rest = divmod(rest, DAY)
        hours, rest = divmod(rest, HOUR)
        minutes, rest = divmod(rest, MINUTE)
        seconds, fraction = divmod(rest, SECOND)
        exact = f"{seconds}.{fraction:06}".rstrip("0") if fraction else str(seconds)
        parts = [f"{days}D"] if days else []
        clock = [f"{hours}H"] if hours else []
        clock += [f"{minutes}M"] if minutes else []
        clock += [f"{exact}S"] if seconds or fraction else []
        if clock:
            parts += ["T", *clock]
        return f"{sign}P{''.join(parts) or 'T0S'}"

    def to_short(self) -> str:
        """Return a whole number of the largest unit that fits, as documents write it: ``90min``."""
        for unit, length in UNITS.items():
            if self and not self % length:
                return f"{self // length}{unit}"
        return self.to_json()

    @classmethod
    def from_short(cls, text: str) -> "Duration":
        """Return what a document writes: ``30min``, ``2d``."""
        found = SHORT.fullmatch(text)
        if found is None:
            raise ValueError(text)
        return cls(int(found[1]) * UNITS[found[2]])


class JsonText(str):
    """A JSON object or list as the text that is kept."""

    __slots__ = ()
