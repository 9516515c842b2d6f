"""The functions of the language in SQL, and min and max."""

from collections.abc import Mapping, Sequence

from loomwork.expressions.function import SqlForm
from loomwork.expressions.sql import numbers, texts, times
from loomwork.expressions.sql.element import MARIADB, POSTGRESQL, SQLITE, Element, Let
from loomwork.expressions.sql.values import TYPES, ValueType, sql
from loomwork.model.kinds import Kind


def coalesce(engine: str, arguments: Sequence[Element]) -> Element:
    """Return the first value that is present."""
    kind = _kind(arguments[0])
    if len(arguments) == 1:
        return arguments[0]
    del engine
    bounds = [texts.longest(argument) for argument in arguments] if kind is Kind.TEXT else [None]
    bound = None if None in bounds else max(bound or 0 for bound in bounds)
    return sql(kind, f"coalesce({_places(arguments)})", *arguments, bound=bound)


def least(engine: str, arguments: Sequence[Element]) -> Element:
    """Return the least of the values that are present."""
    return _extreme(engine, "least", arguments)


def greatest(engine: str, arguments: Sequence[Element]) -> Element:
    """Return the greatest of the values that are present."""
    return _extreme(engine, "greatest", arguments)


SENTINEL: Mapping[Kind, tuple[str, str, str]] = {
    Kind.NUMBER: ("-10000000000000000000", "10000000000000000000", "DECIMAL(30, 10)"),
    Kind.DATE: ("-1", "9999999", "SIGNED"),
    Kind.DATETIME: ("-1", "900000000000000000", "SIGNED"),
    Kind.DURATION: ("-900000000000000000", "900000000000000000", "SIGNED"),
}
"""By kind: less and more than any value, and the type that has both."""


def _extreme(engine: str, name: str, arguments: Sequence[Element]) -> Element:
    kind = _kind(arguments[0])
    if len(arguments) == 1:
        return arguments[0]
    if engine == SQLITE:
        return sql(kind, f"lw_{name}({_places(arguments)})", *arguments)
    if engine == POSTGRESQL:
        return sql(kind, f"{name}({_places(arguments)})", *arguments)
    return _of_present(name, kind, arguments)


def _of_present(name: str, kind: Kind, arguments: Sequence[Element]) -> Element:
    """Return the extreme on MariaDB, whose functions give NULL where one argument is NULL."""
    low, high, cast = SENTINEL[kind]
    absent = high if name == "least" else low
    one = "coalesce(TO_DAYS({0}), {1})" if kind is Kind.DATE else "coalesce({0}, {1})"
    parts = [sql(kind, one.replace("{1}", absent), argument) for argument in arguments]
    back = "FROM_DAYS({0})" if kind is Kind.DATE else "{0}"
    return Let(
        sql(kind, f"{name}({_places(parts)})", *parts),
        lambda found: sql(kind, f"IF({{0}} = {absent}, NULL, {back})", found),
        engine=MARIADB,
        cast=cast,
        type_=TYPES[kind],
    )


def _places(arguments: Sequence[Element]) -> str:
    return ", ".join(f"{{{number}}}" for number in range(len(arguments)))


def _kind(value: Element) -> Kind:
    if not isinstance(value.type, ValueType):
        raise TypeError("not a computed value")
    return value.type.kind


SQL: Mapping[str, SqlForm] = {
    "lower": texts.lower,
    "upper": texts.upper,
    "trim": texts.trim,
    "length": texts.length,
    "contains": texts.contains,
    "starts_with": texts.starts_with,
    "ends_with": texts.ends_with,
    "concat": texts.concat,
    "coalesce": coalesce,
    "round": numbers.rounded,
    "abs": numbers.absolute,
    "floor": numbers.floor,
    "ceil": numbers.ceiling,
    "min": least,
    "max": greatest,
    **{name: times.part(name) for name in times.PARTS},
    "days": times.days,
    "hours": times.hours,
    "add_months": times.add_months,
    "start_of": times.start_of,
}
"""The functions by name. Arguments are computed values, whose type has their kind; one that may
only be written out is the `Sql` of the literal."""
