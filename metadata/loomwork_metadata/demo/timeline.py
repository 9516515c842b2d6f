"""When things happen in a sales team's year: working days, seasons, office hours."""

from datetime import UTC, date, datetime, time, timedelta

from loomwork_metadata.demo.chance import Source

YEAR = 365

# Spring festival and the summer holidays are quiet, the weeks before quarter ends are not.
SEASON = (0.85, 0.45, 1.3, 1.1, 1.0, 1.2, 0.9, 0.7, 1.3, 0.9, 1.15, 0.8)
BUSIEST = max(SEASON)
WEEKEND = 0.04
SATURDAY = 5


def working_day(source: Source, first: date, last: date) -> date:
    """Return a day from ``first`` to ``last``, more likely one on which business is done."""
    span = max(0, (last - first).days)
    for _ in range(60):
        day = first + timedelta(days=source.randint(0, span))
        weight = SEASON[day.month - 1] * (WEEKEND if day.weekday() >= SATURDAY else 1)
        if source.random() * BUSIEST < weight:
            return day
    return last


def office_hour(source: Source, day: date, utc_offset: int) -> datetime:
    """Return a moment of ``day`` in the office hours of a zone, in UTC; mornings are busier."""
    minute = int(source.triangular(0, 9 * 60, 2 * 60))
    local = datetime.combine(day, time(9), tzinfo=UTC) + timedelta(minutes=minute)
    return local - timedelta(hours=utc_offset)


def year_before(today: date) -> tuple[date, date]:
    """Return the first and the last day of the twelve months that end yesterday."""
    return today - timedelta(days=YEAR), today - timedelta(days=1)


def instant(moment: datetime) -> str:
    """Return the moment in its JSON form."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
