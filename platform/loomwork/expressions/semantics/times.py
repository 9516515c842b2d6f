"""Dates, moments and durations. A duration is a whole number of microseconds, an int."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache

from loomwork.expressions.semantics.numbers import EXACT, Number, to_whole

DAY = 86_400_000_000
HOUR = 3_600_000_000
LONGEST = 32 * 10**16
"""Microseconds of a duration at most, either way: a little more than the calendar is long."""
LAST = date.max.toordinal()
MICROSECOND = timedelta(microseconds=1)
DECEMBER = 12


def bounded(microseconds: int) -> int | None:
    """Return the duration unless it is too long."""
    return microseconds if -LONGEST <= microseconds <= LONGEST else None


def days(number: Number) -> int | None:
    """Return the duration of so many days."""
    return scaled(DAY, number)


def hours(number: Number) -> int | None:
    """Return the duration of so many hours."""
    return scaled(HOUR, number)


def scaled(duration: int, factor: Number) -> int | None:
    """Return the duration times a number, to the microsecond."""
    return bounded(to_whole(EXACT.multiply(duration, factor)))


def divided(duration: int, divisor: Number) -> int | None:
    """Return the duration divided by a number, to the microsecond; by zero there is none."""
    return bounded(to_whole(EXACT.divide(Decimal(duration), divisor))) if divisor else None


def total(durations: Iterable[int]) -> int | None:
    """Return the sum of many, judged at its end: that of nothing is zero."""
    return bounded(sum(durations))


def average(durations: Iterable[int]) -> int | None:
    """Return the sum divided by how many there are; of nothing there is none."""
    found = list(durations)
    return divided(sum(found), len(found))


def later_day(day: date, duration: int) -> date | None:
    """Return the date later by the whole days of the duration, which are rounded down."""
    return _day(day.toordinal() + duration // DAY)


def _day(ordinal: int) -> date | None:
    return date.fromordinal(ordinal) if 1 <= ordinal <= LAST else None


def later(moment: datetime, duration: int) -> datetime | None:
    """Return the moment later by the duration."""
    try:
        return moment + timedelta(microseconds=duration)
    except OverflowError:
        return None


def span_of_days(end: date, start: date) -> int | None:
    """Return the duration from the one date to the other."""
    return (end.toordinal() - start.toordinal()) * DAY


def span(end: datetime, start: datetime) -> int | None:
    """Return the duration from the one moment to the other."""
    return (end - start) // MICROSECOND


def days_between(start: date, end: date) -> int:
    """Return how many days the second date is after the first."""
    return end.toordinal() - start.toordinal()


def year(day: date) -> int:
    """Return the year."""
    return day.year


def quarter(day: date) -> int:
    """Return the quarter, 1 to 4."""
    return (day.month + 2) // 3


def month(day: date) -> int:
    """Return the month, 1 to 12."""
    return day.month


def day_of_month(day: date) -> int:
    """Return the day of the month."""
    return day.day


def weekday(day: date) -> int:
    """Return the day of the week, 1 for Monday to 7 for Sunday."""
    return day.isoweekday()


def add_months(day: date, number: Number) -> date | None:
    """Return the same day so many months later, or the last day of that month."""
    months = day.year * 12 + day.month - 1 + to_whole(Decimal(number))
    year, month = months // 12, months % 12 + 1
    if not date.min.year <= year <= date.max.year:
        return None
    return date(year, month, min(day.day, _length(year, month)))


def _length(year: int, month: int) -> int:
    if month == DECEMBER:
        return 31
    return (date(year, month + 1, 1) - date(year, month, 1)).days


def start_of(day: date, period: str) -> date:
    """Return the first day of the year, quarter, month, week or day that has ``day``."""
    match period:
        case "year":
            return day.replace(month=1, day=1)
        case "quarter":
            return day.replace(month=day.month - (day.month - 1) % 3, day=1)
        case "month":
            return day.replace(day=1)
        case "week":
            # The calendar begins with a Monday, so no week begins before it.
            return date.fromordinal(day.toordinal() - day.weekday())
    return day


@lru_cache(maxsize=4096)
def start_of_day(day: date, zone: tzinfo) -> datetime | None:
    """Return the first moment, in UTC, at which the zone's clocks show that day or a later one.

    Where midnight comes twice it is the earlier one. Where clocks jump over midnight, or over the
    whole day, it is the jump.
    """
    midnight = datetime.combine(day, time.min)
    try:
        moment = midnight.replace(tzinfo=zone).astimezone(UTC)
        if _shown(moment, zone) == midnight:
            return moment
        return _jump(midnight.replace(tzinfo=zone, fold=1).astimezone(UTC), moment, zone)
    except OverflowError:
        return None


def _shown(moment: datetime, zone: tzinfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _jump(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """Return the moment between both from which on the zone's offset is that of ``after``."""
    offset = after.astimezone(zone).utcoffset()
    low, high = 0, (after - before) // timedelta(seconds=1)
    while low < high:
        middle = (low + high) // 2
        moved = before + timedelta(seconds=middle)
        if moved.astimezone(zone).utcoffset() == offset:
            high = middle
        else:
            low = middle + 1
    return before + timedelta(seconds=low)
