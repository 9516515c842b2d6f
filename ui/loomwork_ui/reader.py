"""For whom a page is made: language and time zone, and how values are written for them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, format_timedelta, get_timezone
from babel.numbers import format_decimal

DAY: Final = 86_400
STEPS: Final = ((DAY, DAY), (3_600, 3_600), (60, 60), (1, 60))
"""From how many seconds on, and counted in which unit: nobody needs seconds."""
LONG_AGO: Final = 7 * DAY
"""From here on a date says more than a number of days or weeks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """The person a page is made for. ``now`` is the moment of the request, in UTC.

    ``currency`` is the one that amounts without any are in, ``country`` that of new addresses.
    """

    locale: str = "en"
    zone: ZoneInfo
    now: datetime
    currency: str = ""
    country: str = ""

    def number(self, value: int | Decimal, places: int = 0) -> str:
        """Return a number with the locale's grouping and ``places`` digits after the point."""
        return _number(value, places, self.locale)

    def day(self, value: date) -> str:
        """Return a date such as ``Nov 21, 2026``."""
        return _day(value, self.locale)

    def moment(self, value: datetime) -> str:
        """Return date and time in the reader's zone."""
        local = value.astimezone(self.zone)
        return f"{_day(local.date(), self.locale)} {local:%H:%M}"

    def ago(self, value: datetime) -> str:
        """Return the distance from now, such as ``3 hours ago``, or the date when it is far."""
        seconds = (value - self.now).total_seconds()
        distance = abs(seconds)
        if distance >= LONG_AGO:
            return _day(value.astimezone(self.zone).date(), self.locale)
        unit = next((unit for least, unit in STEPS if distance >= least), 60)
        count = max(1, int(distance // unit))
        return _distance(count * unit * (1 if seconds > 0 else -1), min(count, 2), self.locale)


def zone_named(name: str) -> ZoneInfo:
    """Return the zone that a browser names, or UTC where the name is not known."""
    try:
        return ZoneInfo(str(get_timezone(name)))
    except (LookupError, ValueError, OSError):
        return ZoneInfo("UTC")


def reader_now(locale: str, zone: str = "UTC") -> Reader:
    """Return the reader of a page made at this moment."""
    return Reader(locale=locale, zone=zone_named(zone), now=datetime.now(UTC))


@lru_cache(maxsize=8192)
def _number(value: int | Decimal, places: int, locale: str) -> str:
    pattern = f"#,##0.{'0' * places}" if places else "#,##0"
    return format_decimal(value, format=pattern, locale=locale)


@lru_cache(maxsize=8192)
def _day(value: date, locale: str) -> str:
    return format_skeleton("yMMMd", value, locale=locale)


@lru_cache(maxsize=1024)
def _distance(seconds: int, threshold: int, locale: str) -> str:
    # Babel takes the next larger unit from ``threshold`` of it on.
    return format_timedelta(seconds, add_direction=True, threshold=threshold, locale=locale)
