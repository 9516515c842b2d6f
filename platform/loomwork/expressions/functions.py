"""The closed set of functions: what each takes and gives, for readers and for the type check."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from importlib.metadata import entry_points

from loomwork.errors import N_, UnavailableError
from loomwork.expressions.function import Fixed, Function, Signature
from loomwork.model.kinds import Kind

GROUP = "loomwork.functions"
UNITS = ("year", "quarter", "month", "week", "day")
MOST_PLACES = 10
TEXT, NUMBER, DATE = (Kind.TEXT,), (Kind.NUMBER,), (Kind.DATE,)
WRITABLE = (Kind.TEXT, Kind.NUMBER, Kind.DATE)
ALL = (Kind.TEXT, Kind.NUMBER, Kind.DATE, Kind.DATETIME, Kind.DURATION, Kind.BOOLEAN, Kind.LINK)
MEASURES = (Kind.NUMBER, Kind.DATE, Kind.DATETIME, Kind.DURATION)


def _takes(result: Kind, *parameters: tuple[Kind, ...]) -> tuple[Signature, ...]:
    return (Signature(parameters=parameters, result=result),)


def _alike(*kinds: Kind) -> tuple[Signature, ...]:
    """Return the signatures of a function whose arguments and result are of one kind."""
    return tuple(Signature(parameters=((kind,),), result=kind, rest=(kind,)) for kind in kinds)


ROUND = (*_takes(Kind.NUMBER, NUMBER), *_takes(Kind.NUMBER, NUMBER, NUMBER))
CONCAT = (Signature(parameters=(WRITABLE,), result=Kind.TEXT, rest=WRITABLE),)
PARTS = _takes(Kind.BOOLEAN, TEXT, TEXT)
PLACES = tuple(Decimal(places) for places in range(MOST_PLACES + 1))
SIGNATURES: Mapping[str, tuple[Signature, ...]] = {
    "lower": _takes(Kind.TEXT, TEXT),
    "upper": _takes(Kind.TEXT, TEXT),
    "trim": _takes(Kind.TEXT, TEXT),
    "length": _takes(Kind.NUMBER, TEXT),
    "contains": PARTS,
    "starts_with": PARTS,
    "ends_with": PARTS,
    "concat": CONCAT,
    "coalesce": _alike(*ALL),
    "round": ROUND,
    "abs": _takes(Kind.NUMBER, NUMBER),
    "floor": _takes(Kind.NUMBER, NUMBER),
    "ceil": _takes(Kind.NUMBER, NUMBER),
    "min": _alike(*MEASURES),
    "max": _alike(*MEASURES),
    "year": _takes(Kind.NUMBER, DATE),
    "quarter": _takes(Kind.NUMBER, DATE),
    "month": _takes(Kind.NUMBER, DATE),
    "day": _takes(Kind.NUMBER, DATE),
    "weekday": _takes(Kind.NUMBER, DATE),
    "add_months": _takes(Kind.DATE, DATE, NUMBER),
    "start_of": _takes(Kind.DATE, DATE, TEXT),
    "days_between": _takes(Kind.NUMBER, DATE, DATE),
    "days": _takes(Kind.DURATION, NUMBER),
    "hours": _takes(Kind.DURATION, NUMBER),
}
FIXED: Mapping[str, Mapping[int, Fixed]] = {"start_of": {1: UNITS}, "round": {1: PLACES}}
SKIPPING = frozenset(("concat", "coalesce", "min", "max"))
READERS: Mapping[str, tuple[str, str, str]] = {
    "lower": ("lower(text)", "the text in small letters", "lower(name) == 'acme'"),
    "upper": ("upper(text)", "the text in capital letters", "upper(name) == 'ACME'"),
    "trim": ("trim(text)", "the text without blanks at its ends", "trim(name) == name"),
    "length": ("length(text)", "the number of characters", "length(name) > 80"),
    "contains": (
        "contains(text, part)",
        "whether `part` occurs in the text",
        "contains(name, 'Ltd')",
    ),
    "starts_with": (
        "starts_with(text, part)",
        "whether the text begins with `part`",
        "starts_with(name, 'A')",
    ),
    "ends_with": (
        "ends_with(text, part)",
        "whether the text ends with `part`",
        "ends_with(name, 'Inc')",
    ),
    "concat": (
        "concat(a, b, …)",
        "texts, numbers and dates one after the other; what is missing is left out",
        "concat(name, ' ', amount)",
    ),
    "coalesce": (
        "coalesce(a, b, …)",
        "the first value that is present; all of one kind",
        "coalesce(amount, 0) < 10",
    ),
    "round": (
        "round(number, places)",
        "the number with 0 to 10 places (none if left out), half away from zero",
        "round(amount, 1) == 2.5",
    ),
    "abs": ("abs(number)", "the number without its sign", "abs(amount) > 100"),
    "floor": ("floor(number)", "the next whole number downwards", "floor(amount) == 3"),
    "ceil": ("ceil(number)", "the next whole number upwards", "ceil(amount) == 4"),
    "min": (
        "min(a, b, …)",
        "the least of the values that are present; numbers, dates, times or durations",
        "min(amount, 100) > 5",
    ),
    "max": (
        "max(a, b, …)",
        "the greatest of the values that are present; as `min`",
        "max(amount, 0) == amount",
    ),
    "year": ("year(date)", "the year of a date", "year(born) == 2026"),
    "quarter": ("quarter(date)", "the quarter, 1 to 4", "quarter(born) == 1"),
    "month": ("month(date)", "the month, 1 to 12", "month(born) == 12"),
    "day": ("day(date)", "the day of the month, 1 to 31", "day(born) == 1"),
    "weekday": ("weekday(date)", "Monday is 1, Sunday is 7", "weekday(born) < 6"),
    "add_months": (
        "add_months(date, number)",
        "the same day so many months later, or the last day of that month",
        "add_months(born, 3) <= today()",
    ),
    "start_of": (
        "start_of(date, unit)",
        "the first day of the `'year'`, `'quarter'`, `'month'`, `'week'` (Monday) or `'day'`",
        "start_of(born, 'month') == start_of(today(), 'month')",
    ),
    "days_between": (
        "days_between(from, to)",
        "the days from one date to another; negative if `to` is earlier",
        "days_between(born, today()) > 30",
    ),
    "days": ("days(number)", "a duration of so many days", "born < today() - days(30)"),
    "hours": ("hours(number)", "a duration of so many hours", "now() - seen > hours(4)"),
}


class Functions(Mapping[str, Function]):
    """The functions by name, the built-in ones first; read when they are first asked for.

    Their translations are modules that may use this one, and plug-ins may use all of them.
    """

    def __getitem__(self, name: str) -> Function:
        return self._all[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    @cached_property
    def _all(self) -> Mapping[str, Function]:
        built_in = _built_in()
        return built_in | {
            name: function for name, function in _installed().items() if name not in built_in
        }


FUNCTIONS: Mapping[str, Function] = Functions()


def _built_in() -> dict[str, Function]:
    # Here, because the translations use what uses this module.
    from loomwork.expressions.semantics import PYTHON
    from loomwork.expressions.sql.functions import SQL

    return {
        name: Function(
            name=name,
            signatures=signatures,
            usage=READERS[name][0],
            help=READERS[name][1],
            example=READERS[name][2],
            python=PYTHON[name],
            sql=SQL[name],
            javascript=name,
            skips_missing=name in SKIPPING,
            fixed=FIXED.get(name, {}),
        )
        for name, signatures in SIGNATURES.items()
    }


def _installed() -> dict[str, Function]:
    found: dict[str, Function] = {}
    for point in entry_points(group=GROUP):
        loaded = point.load()
        if not isinstance(loaded, Function):
            raise UnavailableError(
                N_("The plug-in “{name}” does not bring a function of expressions."),
                name=point.value,
            )
        found[point.name] = loaded
    return found
