"""Dates, moments and durations in SQL; see `semantics.times`.

A moment is computed with as microseconds since the year 1, a duration as microseconds, so that both
are 64-bit integers and no engine's intervals or zones take part. On SQLite the functions are ours.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from loomwork.expressions.semantics.times import DAY, HOUR, LAST, LONGEST
from loomwork.expressions.sql.element import POSTGRESQL, SQLITE, Element, Let, Sql
from loomwork.expressions.sql.numbers import ONE, of_integer
from loomwork.expressions.sql.values import TYPES, sql
from loomwork.model.kinds import Kind

DATE, DATETIME, DURATION, NUMBER = Kind.DATE, Kind.DATETIME, Kind.DURATION, Kind.NUMBER
EPOCH = 62_135_596_800_000_000
"""Microseconds from the year 1 to 1970."""
LAST_MOMENT = LAST * DAY - 1
BEFORE = 365
"""What MariaDB's day numbers are ahead of those that begin in the year 1."""
FAR = 4_000_000
"""Days; more than any duration has, to make it positive before it is divided."""
MANY_MONTHS = 120_000
"""More months than the calendar has."""
CYCLES = 30 * 146_097
"""Days of 12,000 years, after which the calendar repeats itself."""
MOMENT = {
    SQLITE: "{0}",
    POSTGRESQL: f"(CAST(extract(epoch FROM {{0}}) * 1000000 AS BIGINT) + {EPOCH})",
    "mariadb": "TIMESTAMPDIFF(MICROSECOND, '0001-01-01', {0})",
}


def of_column(engine: str, column: Element) -> Element:
    """Return the computed form of a moment that a column keeps."""
    return sql(DATETIME, MOMENT[engine], column)


def within(engine: str, kind: Kind, value: Element, low: int, high: int) -> Element:
    """Return a whole number of ``kind`` as 64-bit integer, or NULL if it is not in the range."""
    if engine == POSTGRESQL:
        under, over = low - 1, high + 1
        cut = f"least(greatest({{0}}, {under}), {over})"
        return sql(kind, f"CAST(nullif(nullif({cut}, {over}), {under}) AS BIGINT)", value)
    return Let(
        value,
        lambda name: sql(
            kind, f"IF({{0}} BETWEEN {low} AND {high}, CAST({{0}} AS SIGNED), NULL)", name
        ),
        engine=engine,
        # What leaves 64 bits has no sign any more as an integer.
        cast="DECIMAL(65, 0)",
        type_=TYPES[kind],
    )


def _duration(engine: str, value: Element) -> Element:
    return within(engine, DURATION, value, -LONGEST, LONGEST)


def _day(engine: str, template: str, *parts: Element) -> Element:
    """Return the date whose number, from 0 for the first day of the year 1, is computed."""
    number = within(engine, NUMBER, sql(NUMBER, template, *parts), 0, LAST - 1)
    if engine == POSTGRESQL:
        return sql(DATE, "(DATE '0001-01-01' + CAST({0} AS INTEGER))", number)
    return sql(DATE, f"FROM_DAYS({{0}} + {BEFORE + 1})", number)


def arithmetic(
    engine: str, operator: str, kinds: tuple[Kind, Kind], left: Element, right: Element
) -> Element:
    """Return ``left operator right``, of which at least one is a date, moment or duration."""
    if engine == SQLITE:
        name, kind = SQLITE_NAMES[operator, *kinds]
        return sql(kind, f"{name}({{0}}, {{1}})", left, right)
    return FORMS[operator, *kinds](engine, left, right)


SQLITE_NAMES: Mapping[tuple[str, Kind, Kind], tuple[str, Kind]] = {
    ("+", DURATION, DURATION): ("lw_duration_add", DURATION),
    ("-", DURATION, DURATION): ("lw_duration_subtract", DURATION),
    ("*", DURATION, NUMBER): ("lw_duration_scale", DURATION),
    ("*", NUMBER, DURATION): ("lw_scale_duration", DURATION),
    ("/", DURATION, NUMBER): ("lw_duration_divide", DURATION),
    ("+", DATE, DURATION): ("lw_date_later", DATE),
    ("+", DURATION, DATE): ("lw_later_date", DATE),
    ("-", DATE, DURATION): ("lw_date_earlier", DATE),
    ("-", DATE, DATE): ("lw_date_span", DURATION),
    ("+", DATETIME, DURATION): ("lw_moment_later", DATETIME),
    ("+", DURATION, DATETIME): ("lw_later_moment", DATETIME),
    ("-", DATETIME, DURATION): ("lw_moment_earlier", DATETIME),
    ("-", DATETIME, DATETIME): ("lw_moment_span", DURATION),
}


def _added(operator: str) -> Callable[[str, Element, Element], Element]:
    def form(engine: str, left: Element, right: Element) -> Element:
        return _duration(engine, sql(DURATION, f"({{0}} {operator} {{1}})", left, right))

    return form


def _scaled(engine: str, duration: Element, factor: Element) -> Element:
    return _duration(engine, sql(DURATION, "round({0} * {1}, 0)", duration, factor))


def _divided(engine: str, duration: Element, divisor: Element) -> Element:
    if engine == POSTGRESQL:
        template = f"round({{0}} * {ONE} / nullif({{1}}, 0), 0)"
    else:
        template = "round({0} / {1}, 0)"
    return _duration(engine, sql(DURATION, template, duration, divisor))


def _days_of(engine: str, sign: str) -> str:
    """Return the whole days of the duration ``{1}``, rounded down."""
    divide = "/" if engine == POSTGRESQL else "DIV"
    return f"(({FAR * DAY} {sign} {{1}}) {divide} {DAY} - {FAR})"


def _later_day(sign: str) -> Callable[[str, Element, Element], Element]:
    def form(engine: str, day: Element, duration: Element) -> Element:
        return _day(engine, f"({_number(engine)} + {_days_of(engine, sign)})", day, duration)

    return form


def _number(engine: str) -> str:
    """Return the number of the date ``{0}``, from 0 for the first day of the year 1."""
    if engine == POSTGRESQL:
        return "({0} - DATE '0001-01-01')"
    return f"(TO_DAYS({{0}}) - {BEFORE + 1})"


def _later(sign: str) -> Callable[[str, Element, Element], Element]:
    def form(engine: str, moment: Element, duration: Element) -> Element:
        shifted = sql(DATETIME, f"({{0}} {sign} {{1}})", moment, duration)
        return within(engine, DATETIME, shifted, 0, LAST_MOMENT)

    return form


def _span_of_days(engine: str, end: Element, start: Element) -> Element:
    if engine == POSTGRESQL:
        return sql(DURATION, f"(CAST({{0}} - {{1}} AS BIGINT) * {DAY})", end, start)
    return sql(DURATION, f"((TO_DAYS({{0}}) - TO_DAYS({{1}})) * {DAY})", end, start)


def _span(engine: str, end: Element, start: Element) -> Element:
    del engine
    return sql(DURATION, "({0} - {1})", end, start)


def _turned(
    form: Callable[[str, Element, Element], Element],
) -> Callable[[str, Element, Element], Element]:
    return lambda engine, left, right: form(engine, right, left)


FORMS: Mapping[tuple[str, Kind, Kind], Callable[[str, Element, Element], Element]] = {
    ("+", DURATION, DURATION): _added("+"),
    ("-", DURATION, DURATION): _added("-"),
    ("*", DURATION, NUMBER): _scaled,
    ("*", NUMBER, DURATION): _turned(_scaled),
    ("/", DURATION, NUMBER): _divided,
    ("+", DATE, DURATION): _later_day("+"),
    ("+", DURATION, DATE): _turned(_later_day("+")),
    ("-", DATE, DURATION): _later_day("-"),
    ("-", DATE, DATE): _span_of_days,
    ("+", DATETIME, DURATION): _later("+"),
    ("+", DURATION, DATETIME): _turned(_later("+")),
    ("-", DATETIME, DURATION): _later("-"),
    ("-", DATETIME, DATETIME): _span,
}


def days(engine: str, arguments: Sequence[Element]) -> Element:
    """Return the duration of so many days."""
    return _unit(engine, DAY, arguments[0])


def hours(engine: str, arguments: Sequence[Element]) -> Element:
    """Return the duration of so many hours."""
    return _unit(engine, HOUR, arguments[0])


def _unit(engine: str, unit: int, number: Element) -> Element:
    if engine == SQLITE:
        return sql(DURATION, f"lw_duration_scale({unit}, {{0}})", number)
    return _duration(engine, sql(DURATION, f"round({{0}} * {unit}, 0)", number))


PARTS: Mapping[str, Mapping[str, str]] = {
    "year": {SQLITE: "lw_year({0})", POSTGRESQL: "extract(year FROM {0})", "mariadb": "YEAR({0})"},
    "quarter": {
        SQLITE: "lw_quarter({0})",
        POSTGRESQL: "extract(quarter FROM {0})",
        "mariadb": "QUARTER({0})",
    },
    "month": {
        SQLITE: "lw_month({0})",
        POSTGRESQL: "extract(month FROM {0})",
        "mariadb": "MONTH({0})",
    },
    "day": {SQLITE: "lw_day({0})", POSTGRESQL: "extract(day FROM {0})", "mariadb": "DAY({0})"},
    "weekday": {
        SQLITE: "lw_weekday({0})",
        POSTGRESQL: "extract(isodow FROM {0})",
        "mariadb": "(WEEKDAY({0}) + 1)",
    },
    "days_between": {
        SQLITE: "lw_days_between({0}, {1})",
        POSTGRESQL: "({1} - {0})",
        "mariadb": "(TO_DAYS({1}) - TO_DAYS({0}))",
    },
}


def part(name: str) -> Callable[[str, Sequence[Element]], Element]:
    """Return the form of a function of dates that gives a whole number."""

    def form(engine: str, arguments: Sequence[Element]) -> Element:
        return of_integer(engine, PARTS[name][engine], *arguments)

    return form


def add_months(engine: str, arguments: Sequence[Element]) -> Element:
    """Return the same day so many months later, or the last day of that month."""
    if engine == SQLITE:
        return sql(DATE, "lw_add_months({0}, {1})", *arguments)
    months = f"least(greatest(round({{1}}, 0), -{MANY_MONTHS}), {MANY_MONTHS})"
    if engine == POSTGRESQL:
        # Computed 12,000 years later, since its calendar does not reach far enough back.
        shift = f"make_interval(months => CAST({months} AS INTEGER))"
        later = f"CAST({{0}} + {CYCLES} + {shift} AS DATE)"
        return _day(engine, f"({later} - DATE '0001-01-01' - {CYCLES})", *arguments)
    later = f"DATE_ADD({{0}}, INTERVAL {months} MONTH)"
    return _day(engine, f"(TO_DAYS({later}) - {BEFORE + 1})", *arguments)


BEGINNINGS: Mapping[str, str] = {
    "year": "CAST(DATE_FORMAT({0}, '%Y-01-01') AS DATE)",
    "quarter": "DATE_ADD(DATE '0001-01-01', INTERVAL"
    " TIMESTAMPDIFF(MONTH, '0001-01-01', {0}) DIV 3 * 3 MONTH)",
    "month": "CAST(DATE_FORMAT({0}, '%Y-%m-01') AS DATE)",
    "week": "FROM_DAYS((TO_DAYS({0}) - 366) DIV 7 * 7 + 366)",
}
"""On MariaDB; the calendar begins with a Monday, and its first month is one of a quarter."""


def start_of(engine: str, arguments: Sequence[Element]) -> Element:
    """Return the first day of the period that is written as second argument."""
    day, unit = arguments[0], str(cast("Sql", arguments[1]).template).strip("'")
    if unit == "day":
        return day
    if engine == SQLITE:
        return sql(DATE, f"lw_start_of({{0}}, '{unit}')", day)
    if engine == POSTGRESQL:
        return sql(DATE, f"CAST(date_trunc('{unit}', CAST({{0}} AS TIMESTAMP)) AS DATE)", day)
    return sql(DATE, BEGINNINGS[unit], day)
