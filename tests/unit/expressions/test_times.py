"""The calendar: every result against the standard library's, or against its definition."""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loomwork.expressions.semantics import OPERATIONS, times
from loomwork.model.kinds import Kind
from tests.language.values import DATES, MOMENTS

DAYS = st.one_of(st.dates(), st.sampled_from(DATES))
INSTANTS = st.one_of(st.datetimes(timezones=st.just(UTC)), st.sampled_from(MOMENTS))
DURATIONS = st.one_of(
    st.integers(-times.LONGEST, times.LONGEST),
    st.integers(-500, 500).map(lambda number: number * times.DAY),
    st.integers(-(10**12), 10**12),
)
FACTORS = st.decimals(-(10**19) + 1, 10**19 - 1, places=10) | st.decimals(-9, 9, places=3)
ZONES = (
    *("UTC", "Asia/Shanghai", "America/Sao_Paulo", "Pacific/Apia", "America/Havana"),
    *("Africa/Cairo", "Asia/Amman", "Asia/Kathmandu", "America/Toronto", "Asia/Manila"),
)


def naive(moment: datetime, zone: str) -> datetime:
    """Return what clocks in the zone show."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def away(exact: Fraction) -> int:
    """Return the nearest whole number, half away from zero."""
    return floor(abs(exact) + Fraction(1, 2)) * (1 if exact >= 0 else -1)


@given(day=st.dates(date(1, 1, 3), date(9999, 12, 29)), zone=st.sampled_from(ZONES))
def test_a_day_begins_with_the_first_moment_that_shows_it(day: date, zone: str) -> None:
    started = times.start_of_day(day, ZoneInfo(zone))
    midnight = datetime.combine(day, time.min)
    assert started is not None
    assert naive(started, zone) >= midnight
    assert naive(started - timedelta(microseconds=1), zone) < midnight


@pytest.mark.parametrize("zone", ZONES)
def test_each_day_of_sixty_years_begins_where_it_should(zone: str) -> None:
    first = date(1970, 1, 1).toordinal()
    days = [date.fromordinal(first + number) for number in range(60 * 365)]
    started = [times.start_of_day(day, ZoneInfo(zone)) for day in days]
    moments = [moment for moment in started if moment is not None]
    before = [naive(moment - timedelta(microseconds=1), zone).date() for moment in moments]
    assert all(day > shown for day, shown in zip(days, before, strict=True))
    assert all(naive(moment, zone).date() >= day for day, moment in zip(days, moments, strict=True))


@pytest.mark.parametrize(
    ("zone", "day", "started"),
    [
        ("UTC", date(2026, 1, 31), datetime(2026, 1, 31, tzinfo=UTC)),
        ("Asia/Shanghai", date(2026, 1, 31), datetime(2026, 1, 30, 16, tzinfo=UTC)),
        # Clocks went from midnight to one.
        ("America/Sao_Paulo", date(2018, 11, 4), datetime(2018, 11, 4, 3, tzinfo=UTC)),
        # Clocks went from midnight back to eleven: the day begins an hour later.
        ("America/Sao_Paulo", date(2018, 2, 18), datetime(2018, 2, 18, 3, tzinfo=UTC)),
        # Clocks went from one back to midnight: the earlier one counts.
        ("America/Havana", date(2025, 11, 2), datetime(2025, 11, 2, 4, tzinfo=UTC)),
        # A day that was left out begins, and ends, where the next one does.
        ("Pacific/Apia", date(2011, 12, 30), datetime(2011, 12, 30, 10, tzinfo=UTC)),
        ("Pacific/Apia", date(2011, 12, 31), datetime(2011, 12, 30, 10, tzinfo=UTC)),
        # Clocks went from half past eleven to half past midnight.
        ("America/Toronto", date(1919, 3, 31), datetime(1919, 3, 31, 4, 30, tzinfo=UTC)),
        ("Asia/Shanghai", date.min, None),
        ("America/Sao_Paulo", date.max, datetime(9999, 12, 31, 3, tzinfo=UTC)),
    ],
)
def test_these_days_begin(zone: str, day: date, started: datetime | None) -> None:
    assert times.start_of_day(day, ZoneInfo(zone)) == started


@given(day=DAYS, year=st.integers(1, 9999), month=st.integers(1, 12))
def test_months_later_is_the_same_day_or_the_last_of_its_month(
    day: date, year: int, month: int
) -> None:
    length = calendar.monthrange(year, month)[1]
    number = (year - day.year) * 12 + month - day.month
    assert times.add_months(day, number) == date(year, month, min(day.day, length))


@given(day=DAYS, beyond=st.integers(0, 10**19))
def test_no_month_is_outside_of_the_calendar(day: date, beyond: int) -> None:
    first, last = 12 * (1 - day.year) + 1 - day.month, 12 * (9999 - day.year) + 12 - day.month
    assert times.add_months(day, first - 1 - beyond) is None
    assert times.add_months(day, last + 1 + beyond) is None


def test_months_are_rounded_to_whole_ones() -> None:
    assert times.add_months(date(2026, 1, 31), Decimal("0.5")) == date(2026, 2, 28)
    assert times.add_months(date(2026, 1, 31), Decimal("-0.5")) == date(2025, 12, 31)
    assert times.add_months(date(2026, 1, 31), Decimal("0.4999999999")) == date(2026, 1, 31)
    assert times.add_months(date(2026, 1, 31), Decimal(10**19 - 1)) is None


@given(day=DAYS)
def test_periods_begin_where_the_calendar_says(day: date) -> None:
    quarter = 3 * ((day.month - 1) // 3) + 1
    assert times.start_of(day, "year") == date(day.year, 1, 1)
    assert times.start_of(day, "quarter") == date(day.year, quarter, 1)
    assert times.start_of(day, "month") == date(day.year, day.month, 1)
    assert times.start_of(day, "day") == day
    monday = times.start_of(day, "week")
    assert (monday.weekday(), 0 <= (day - monday).days < 7) == (0, True)


@given(day=DAYS)
def test_the_parts_of_a_date(day: date) -> None:
    parts = (times.year(day), times.month(day), times.day_of_month(day))
    assert parts == (day.year, day.month, day.day)
    assert times.weekday(day) == int(day.strftime("%u"))
    assert times.quarter(day) == -(-day.month // 3)


@given(day=DAYS, duration=DURATIONS)
def test_a_date_moves_by_whole_days_rounded_down(day: date, duration: int) -> None:
    for operator, signed in (("+", duration), ("-", -duration)):
        ordinal = day.toordinal() + floor(Fraction(signed, times.DAY))
        inside = 1 <= ordinal <= date.max.toordinal()
        expected = date.fromordinal(ordinal) if inside else None
        assert OPERATIONS[operator, Kind.DATE, Kind.DURATION](day, duration) == expected


@given(moment=INSTANTS, duration=DURATIONS)
def test_a_moment_moves_exactly_or_leaves_the_calendar(moment: datetime, duration: int) -> None:
    start = datetime(1, 1, 1, tzinfo=UTC)
    reach = (datetime.max.replace(tzinfo=UTC) - start) // times.MICROSECOND
    before = (moment - start) // times.MICROSECOND
    for operator, signed in (("+", duration), ("-", -duration)):
        moved = OPERATIONS[operator, Kind.DATETIME, Kind.DURATION](moment, duration)
        inside = 0 <= before + signed <= reach
        after = None if moved is None else (moved - start) // times.MICROSECOND
        assert after == (before + signed if inside else None)


@given(first=INSTANTS, second=INSTANTS)
def test_what_lies_between_two_moments_leads_from_one_to_the_other(
    first: datetime, second: datetime
) -> None:
    between = OPERATIONS["-", Kind.DATETIME, Kind.DATETIME](second, first)
    assert abs(between) <= times.LONGEST
    assert times.later(first, between) == second


@given(first=DAYS, second=DAYS)
def test_what_lies_between_two_days(first: date, second: date) -> None:
    number = times.days_between(first, second)
    assert first + timedelta(days=number) == second
    assert times.span_of_days(second, first) == times.days(number)


@given(duration=DURATIONS, factor=FACTORS)
def test_durations_are_scaled_to_the_nearest_microsecond(duration: int, factor: Decimal) -> None:
    product = away(duration * Fraction(factor))
    expected = product if abs(product) <= times.LONGEST else None
    assert OPERATIONS["*", Kind.DURATION, Kind.NUMBER](duration, factor) == expected
    assert OPERATIONS["*", Kind.NUMBER, Kind.DURATION](factor, duration) == expected
    divisor = factor or Decimal(3)
    quotient = away(duration / Fraction(divisor))
    expected = quotient if abs(quotient) <= times.LONGEST else None
    assert times.divided(duration, divisor) == expected


@given(number=FACTORS)
def test_days_and_hours_are_durations(number: Decimal) -> None:
    exact = away(Fraction(number) * 24 * 3600 * 10**6)
    assert times.days(number) == (exact if abs(exact) <= times.LONGEST else None)
    exact = away(Fraction(number) * 3600 * 10**6)
    assert times.hours(number) == (exact if abs(exact) <= times.LONGEST else None)


def test_a_duration_is_not_divided_by_zero() -> None:
    assert times.divided(times.DAY, Decimal("0.00")) is None


@given(left=DURATIONS, right=DURATIONS)
def test_durations_add_up_unless_they_become_too_long(left: int, right: int) -> None:
    for operator, exact in (("+", left + right), ("-", left - right)):
        expected = exact if abs(exact) <= times.LONGEST else None
        assert OPERATIONS[operator, Kind.DURATION, Kind.DURATION](left, right) == expected
