"""The closed set of functions, each with its two translations."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, func, literal_column

from loomwork.model.kinds import Kind

ZERO: ColumnElement[int] = literal_column("0")
ONE: ColumnElement[int] = literal_column("1")

SqlForm: TypeAlias = Callable[[str, Sequence[ColumnElement[Any]]], ColumnElement[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function of the language, the same for SQL and Python.

    ``python`` gets values that are all present: with a missing argument the result is missing.
    ``sql`` gets the engine's name and the arguments; it has to give NULL for a NULL argument.
    """

    name: str
    parameters: tuple[Kind, ...]
    result: Kind
    python: Callable[..., object]
    sql: SqlForm


def _contains_sql(engine: str, arguments: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
    """Search without LIKE, whose wildcards and case rules differ between the engines."""
    text, part = arguments
    if engine == "postgresql":
        return func.strpos(text, part) > ZERO
    if engine == "sqlite":
        return func.instr(text, part) > ZERO
    return func.locate(part, text) > ZERO


def _starts_with_sql(engine: str, arguments: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
    text, part = arguments
    if engine == "postgresql":
        return func.starts_with(text, part)
    length = func.char_length(part) if engine == "mariadb" else func.length(part)
    return func.substr(text, ONE, length) == part


def _contains(text: str, part: str) -> bool:
    return part in text


def _starts_with(text: str, part: str) -> bool:
    return text.startswith(part)


FUNCTIONS = {
    function.name: function
    for function in (
        Function(
            name="contains",
            parameters=(Kind.TEXT, Kind.TEXT),
            result=Kind.BOOLEAN,
            python=_contains,
            sql=_contains_sql,
        ),
        Function(
            name="starts_with",
            parameters=(Kind.TEXT, Kind.TEXT),
            result=Kind.BOOLEAN,
            python=_starts_with,
            sql=_starts_with_sql,
        ),
    )
}
