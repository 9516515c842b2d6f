"""Pieces of SQL that are written out, so that their text is the same wherever they stand."""

from collections.abc import Callable, Mapping
from string import Formatter
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import FromClause

from loomwork.expressions.context import Context

SQLITE, POSTGRESQL, MARIADB = "sqlite", "postgresql", "mariadb"
Element: TypeAlias = ColumnElement[Any]
Part: TypeAlias = Element | FromClause


class Sql(ColumnElement[Any]):
    """A template with places ``{0}``, ``{1}`` … for its parts; SQLAlchemy adds nothing to it.

    ``bound`` is known of some values: of a number, its magnitude is below it; of a text, it is
    not longer.
    """

    __visit_name__ = "loomwork_sql"
    inherit_cache = False

    def __init__(
        self,
        template: str,
        *parts: Part,
        type_: sa.types.TypeEngine[Any] | None = None,
        bound: int | None = None,
    ) -> None:
        self.template = template
        self.parts = parts
        self.type = sa.types.NULLTYPE if type_ is None else type_
        self.bound = bound

    def self_group(self, against: object = None) -> "Sql":
        """Return the element itself: its template has the parentheses that it needs."""
        del against
        return self


class Let(ColumnElement[Any]):
    """A value computed once and used in several places of ``body``.

    PostgreSQL names it in a subquery that it may not dissolve, MariaDB in a variable of the
    session, whose type has to be said again by ``cast``. (SQLite needs neither: its functions are
    ours.) Without it the text, and the work, would double with every level of an expression.
    """

    __visit_name__ = "loomwork_let"
    inherit_cache = False

    def __init__(
        self,
        value: Element,
        body: Callable[[Element], Element],
        *,
        engine: str,
        cast: str,
        type_: sa.types.TypeEngine[Any],
    ) -> None:
        self.value = value
        self.engine = engine
        self.name = Name(self)
        taken = "{0}.v" if engine == POSTGRESQL else f"CAST(@{{0}} AS {cast})"
        self.body = body(Sql(taken, self.name, type_=value.type))
        self.type = type_

    def self_group(self, against: object = None) -> "Let":
        """Return the element itself."""
        del against
        return self


class Name(ColumnElement[Any]):
    """The name of a `Let`, given when the statement is written."""

    __visit_name__ = "loomwork_name"
    inherit_cache = False

    def __init__(self, owner: Let) -> None:
        self.owner = owner
        self.type = sa.types.NULLTYPE


Piece: TypeAlias = Sql | Let | Name


class ContextBind(sa.BindParameter[Any]):
    """A bound value that is found out from the context each time the statement is executed."""

    inherit_cache = True
    compute: Callable[[Context, Mapping[str, Any]], Any]


@compiles(Sql)
@compiles(Let)
@compiles(Name)
def _write(element: Piece, compiler: SQLCompiler, **options: Any) -> str:
    """Write all of our pieces at once: the compiler's own recursion is too deep for some."""
    kept = {key: options[key] for key in ("literal_binds", "render_postcompile") if key in options}
    written: list[str] = []
    waiting: list[str | Part] = [element]
    while waiting:
        part = waiting.pop()
        match part:
            case str():
                written.append(part)
            case Sql():
                waiting.extend(reversed(_pieces_of_sql(part, compiler)))
            case Let():
                waiting.extend(reversed(_pieces_of_let(part)))
            case Name():
                written.append(_name(part, compiler))
            case _:
                as_from = isinstance(part, FromClause)
                written.append(str(compiler.process(part, asfrom=as_from, **kept)))
    return "".join(written)


def _pieces_of_sql(element: Sql, compiler: SQLCompiler) -> list[str | Part]:
    template = element.template
    if compiler.preparer._double_percents:  # noqa: SLF001 -- the drivers' own placeholders are %s
        template = template.replace("%", "%%")
    pieces: list[str | Part] = []
    for text, place, _, _ in Formatter().parse(template):
        pieces.append(text)
        if place is not None:
            pieces.append(element.parts[int(place)])
    return pieces


def _pieces_of_let(element: Let) -> list[str | Part]:
    name, value, body = element.name, element.value, element.body
    if element.engine == POSTGRESQL:
        return ["(SELECT ", body, " FROM (SELECT ", value, " AS v OFFSET 0) AS ", name, ")"]
    # IS NULL would not even compute what cannot be NULL, and so leave the variable as it was.
    return ["IF((@", name, " := ", value, ") <=> NULL, NULL, ", body, ")"]


def _name(element: Name, compiler: SQLCompiler) -> str:
    names: dict[int, int] = compiler.__dict__.setdefault("_loomwork_names", {})
    return f"let_{names.setdefault(id(element), len(names))}"
