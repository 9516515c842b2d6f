"""Exact decimals in SQL: below 10^19, ten places, half away from zero; see `semantics.numbers`.

Each operation names each operand once (or uses `Let`), so that the text grows with the expression.
What cannot become too large is not asked whether it is.
"""

from collections.abc import Sequence
from typing import Protocol, cast

from loomwork.expressions.semantics.numbers import EXACT, LIMIT, PLACES, STEP
from loomwork.expressions.sql.element import MARIADB, POSTGRESQL, SQLITE, Element, Let, Part, Sql
from loomwork.expressions.sql.values import TYPES, sql
from loomwork.model.kinds import Kind

NUMBER = Kind.NUMBER
ONE = "1." + "0" * 42
"""Makes PostgreSQL divide to 42 places: no quotient lies nearer to a border of rounding."""
LARGEST = EXACT.subtract(LIMIT, STEP)
DECIMAL = "DECIMAL(29, 10)"
WIDER = "DECIMAL(30, 10)"
"""A digit more than a number has; what is beyond even that becomes the largest that fits."""
WHOLE, PLACED = 19, 18
"""Digits that columns of integers and of decimals keep at most."""


class Stored(Protocol):
    """The column types of the store, as far as they matter here."""

    places: int
    length: int | None
    kind: str


def storage_of(column: Element) -> Stored | None:
    """Return how a column keeps its values; None if that is not the store's."""
    return cast("Stored | None", getattr(column.type, "storage", None))


def of_column(engine: str, column: Element) -> Element:
    """Return the computed form of a number that a column keeps."""
    storage = storage_of(column)
    places = storage.places if storage is not None else 0
    is_decimal = storage is not None and storage.kind == "decimal"
    bound = 10 ** ((PLACED if is_decimal else WHOLE) - places)
    if engine == SQLITE:
        return sql(NUMBER, f"lw_number({{0}}, {places})", column)
    if is_decimal:
        return sql(NUMBER, "{0}", column, bound=bound)
    target = "NUMERIC" if engine == POSTGRESQL else DECIMAL
    return sql(NUMBER, f"CAST({{0}} AS {target})", column, bound=bound)


def guarded(engine: str, value: Element, bound: int | None = None) -> Element:
    """Return the number, or NULL if it is too large."""
    if bound is not None and bound < LIMIT:
        return value
    if engine == POSTGRESQL:
        template = "nullif(nullif(least(greatest({0}, -{1}), {1}), {1}), -{1})"
        return sql(NUMBER, template.replace("{1}", format(LIMIT, "f")), value)
    return Let(
        value,
        lambda name: sql(
            NUMBER, f"IF({{0}} BETWEEN -{LARGEST:f} AND {LARGEST:f}, {{0}}, NULL)", name
        ),
        engine=engine,
        cast=WIDER,
        type_=TYPES[NUMBER],
    )


def fitted(engine: str, number: Element, places: int) -> Element:
    """Return a number as a field of so many places has it, NULL if it is too large for that."""
    bound = 10 ** (PLACED - places)
    if engine == SQLITE:
        return sql(NUMBER, f"lw_fit({{0}}, {places})", number, bound=bound)
    rounded = sql(NUMBER, f"round({{0}}, {places})", number)
    if engine == POSTGRESQL:
        template = f"nullif(nullif(least(greatest({{0}}, -{bound}), {bound}), {bound}), -{bound})"
        return sql(NUMBER, template, rounded, bound=bound)
    largest = EXACT.subtract(bound, STEP)
    return Let(
        rounded,
        lambda name: sql(
            NUMBER, f"IF({{0}} BETWEEN -{largest:f} AND {largest:f}, {{0}}, NULL)", name
        ),
        engine=engine,
        cast=WIDER,
        type_=TYPES[NUMBER],
    )


SQLITE_NAMES = {
    "+": "lw_add",
    "-": "lw_subtract",
    "*": "lw_multiply",
    "/": "lw_divide",
    "//": "lw_floor_divide",
    "%": "lw_remainder",
}
QUOTIENT = {
    POSTGRESQL: f"({{0}} * {ONE} / nullif({{1}}, 0))",
    MARIADB: "({0} / {1})",
}


def arithmetic(engine: str, operator: str, left: Element, right: Element) -> Element:
    """Return ``left operator right``."""
    if engine == SQLITE:
        return sql(NUMBER, f"{SQLITE_NAMES[operator]}({{0}}, {{1}})", left, right)
    if operator == "%":
        return _remainder(engine, left, right)
    return guarded(engine, *_exact(engine, operator, left, right))


def _exact(engine: str, operator: str, left: Element, right: Element) -> tuple[Element, int | None]:
    """Return the rounded result, and what its magnitude is below, if that is known."""
    most, other = _bound(left), _bound(right)
    if operator in ("+", "-"):
        bound = most + other
        return sql(NUMBER, f"({{0}} {operator} {{1}})", left, right, bound=bound), bound
    if operator == "*":
        bound = most * other + 1
        return sql(NUMBER, f"round({{0}} * {{1}}, {PLACES})", left, right, bound=bound), bound
    quotient = QUOTIENT[engine]
    if operator == "//":
        return sql(NUMBER, f"floor({quotient})", left, right), None
    return sql(NUMBER, f"round({quotient}, {PLACES})", left, right), None


def _bound(value: Element) -> int:
    bound = value.bound if isinstance(value, Sql) else None
    return int(LIMIT) if bound is None else bound


def _remainder(engine: str, left: Element, right: Element) -> Element:
    """Return the remainder of floor division: the engines' own has the sign of ``left``."""
    divisor = sql(NUMBER, "nullif({0}, 0)", right) if engine == POSTGRESQL else right
    # MariaDB knows a negative zero, which is below zero; adding zero takes its sign.
    template = "(mod(mod({0}, {1}) + {1}, {1}) + 0)"
    return Let(
        divisor,
        lambda name: sql(NUMBER, template, left, name),
        engine=engine,
        cast=DECIMAL,
        type_=TYPES[NUMBER],
    )


def rounded(engine: str, arguments: Sequence[Element]) -> Element:
    """Return a number rounded to the places written as second argument."""
    number, *rest = arguments
    places = str(cast("Sql", rest[0]).template) if rest else "0"
    if engine == SQLITE:
        return sql(NUMBER, f"lw_round({{0}}, {places})", number)
    bound = _bound(number) + 1
    return guarded(engine, sql(NUMBER, f"round({{0}}, {places})", number, bound=bound), bound)


def absolute(engine: str, arguments: Sequence[Element]) -> Element:
    """Return a number without its sign."""
    name = "lw_abs" if engine == SQLITE else "abs"
    return sql(NUMBER, f"{name}({{0}})", *arguments, bound=_bound(arguments[0]))


def floor(engine: str, arguments: Sequence[Element]) -> Element:
    """Return the next whole number downwards."""
    return _whole(engine, "floor", arguments[0])


def ceiling(engine: str, arguments: Sequence[Element]) -> Element:
    """Return the next whole number upwards."""
    return _whole(engine, "ceil", arguments[0])


def _whole(engine: str, name: str, number: Element) -> Element:
    if engine == SQLITE:
        return sql(NUMBER, f"lw_{name}({{0}})", number)
    bound = _bound(number) + 1
    # MariaDB gives an integer, whose products leave 64 bits.
    template = f"{name}({{0}})" if engine == POSTGRESQL else f"CAST({name}({{0}}) AS {WIDER})"
    return guarded(engine, sql(NUMBER, template, number, bound=bound), bound)


def of_integer(engine: str, template: str, *parts: Part) -> Element:
    """Return a small whole number that the engine gives as one of its own integers."""
    written = sql(NUMBER, template, *parts).template
    if engine == SQLITE:
        return sql(NUMBER, f"lw_number({written}, 0)", *parts)
    target = "NUMERIC" if engine == POSTGRESQL else DECIMAL
    return sql(NUMBER, f"CAST({written} AS {target})", *parts, bound=10**10)


def plain(engine: str, number: Element) -> Element:
    """Return the number as text, without zeros at its end."""
    if engine == SQLITE:
        return sql(Kind.TEXT, "lw_plain({0})", number, bound=31)
    if engine == POSTGRESQL:
        return sql(Kind.TEXT, 'CAST(trim_scale({0}) AS TEXT) COLLATE "C"', number, bound=31)
    fixed = f"CAST(CAST({{0}} AS {DECIMAL}) AS CHAR)"
    template = f"TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM {fixed})) COLLATE utf8mb4_nopad_bin"
    return sql(Kind.TEXT, f"({template})", number, bound=31)
