"""The search index on SQLite: tokens in a table, and FTS5 over it, kept by triggers."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from loomwork.store.search.entry import (
    BODY_EXACT,
    BODY_PREFIX,
    TITLE_EXACT,
    TITLE_PREFIX,
    Entry,
    Places,
    SearchShape,
    among,
    in_order,
    name_of,
    place_token,
    place_tokens,
)
from loomwork.store.search.tables import SQLITE_SEARCH
from loomwork.store.text.terms import Term
from loomwork.store.types import text, uuid

KEPT = SQLITE_SEARCH.c
PUT = sa.text(
    "INSERT INTO lw_search (entity, class, record, title, body, place)"
    " VALUES (:entity, :class, :record, :title, :body, :place)"
    " ON CONFLICT (record, entity, class)"
    " DO UPDATE SET title = excluded.title, body = excluded.body"
).bindparams(sa.bindparam("record", type_=uuid()))
MATCHING = "search"
TITLE: sa.ColumnElement[str] = sa.literal_column("lw_search.title")
BODY: sa.ColumnElement[str] = sa.literal_column("lw_search.body")
ENTITY: sa.ColumnElement[str] = sa.literal_column("lw_search.entity")
CLASS: sa.ColumnElement[int] = sa.literal_column("lw_search.class")


def place() -> sa.Table:
    """Return the table with ``entity``, ``class`` and ``record``."""
    return SQLITE_SEARCH


def put(connection: Connection, entries: Sequence[Entry]) -> None:
    """Write the entries, in the place of those that their records have."""
    connection.execute(
        PUT,
        [
            {
                "entity": entry.entity,
                "class": entry.number,
                "record": entry.record,
                "title": _written(entry.title),
                "body": _written(entry.body),
                "place": place_token(entry.entity, entry.number),
            }
            for entry in entries
        ],
    )


def _written(tokens: frozenset[str]) -> str:
    return f" {' '.join(in_order(tokens))} " if tokens else ""


def remove(connection: Connection, entity: str, ids: Sequence[UUID]) -> None:
    """Take records out."""
    connection.execute(sa.delete(SQLITE_SEARCH).where(KEPT.record.in_(ids), KEPT.entity == entity))


def kept(
    connection: Connection, entity: str, ids: Sequence[UUID]
) -> Iterator[tuple[UUID, int, str, bool]]:
    """Yield each token: its record, class, itself, and whether it is the title's."""
    rows = connection.execute(
        sa.select(KEPT.record, KEPT["class"], KEPT.title, KEPT.body).where(
            KEPT.record.in_(ids), KEPT.entity == entity
        )
    )
    for record, number, title, body in rows:
        yield from ((record, number, token, True) for token in title.split())
        yield from ((record, number, token, False) for token in body.split())


def found(places: Places, shape: SearchShape) -> sa.Select[Any]:
    """Return a statement with ``record`` and ``score`` of what is found, and its ``age``.

    Ordered by age the engine goes through the hits as FTS5 gives them and may stop at any. It has
    to begin with FTS5, so the order of the tables is fixed, and the plus keeps it from looking for
    records first.
    """
    score = sum((_score(number, term) for number, term in enumerate(shape)), sa.literal_column("0"))
    return (
        sa.select(
            ENTITY.label("entity"),
            sa.literal_column("+lw_search.record", uuid()).label("record"),
            score.label("score"),
            sa.literal_column("matched.rowid").label("age"),
        )
        .select_from(sa.text("lw_search_text AS matched CROSS JOIN lw_search"))
        .where(
            sa.literal_column("matched.lw_search_text").op("MATCH")(_parameter(MATCHING)),
            sa.literal_column("lw_search.number = matched.rowid"),
            among(ENTITY, CLASS, places),
        )
    )


def _score(number: int, term: tuple[bool, ...]) -> sa.ColumnElement[int]:
    """Return what a term adds. Tokens stand between blanks: one in front finds where one begins."""
    whole = [_parameter(name_of(number, spelling)) + " " for spelling in range(len(term))]
    begun = [
        _parameter(name_of(number, spelling)) for spelling, prefix in enumerate(term) if prefix
    ]
    return sa.case(
        (_any(TITLE, whole), sa.literal_column(str(TITLE_EXACT))),
        (_any(TITLE, begun), sa.literal_column(str(TITLE_PREFIX))),
        (_any(BODY, whole), sa.literal_column(str(BODY_EXACT))),
        else_=sa.literal_column(str(BODY_PREFIX)),
    )


def _any(
    column: sa.ColumnElement[Any], sought: Sequence[sa.ColumnElement[Any]]
) -> sa.ColumnElement[bool]:
    return sa.or_(sa.false(), *(sa.func.instr(column, one) > 0 for one in sought))


def _parameter(name: str) -> sa.BindParameter[Any]:
    return sa.bindparam(name, type_=text())


def values(terms: Sequence[Term], places: Places) -> dict[str, str]:
    """Return the parameters of the statement, the blank before each token included."""
    sought = {
        name_of(number, spelling): f" {wanted.token}"
        for number, term in enumerate(terms)
        for spelling, wanted in enumerate(term)
    }
    words = [
        " OR ".join(f'"{one.token}"{"*" if one.prefix else ""}' for one in term) for term in terms
    ]
    where = " OR ".join(f'"{token}"' for token in place_tokens(places))
    matching = " AND ".join(f"({one})" for one in (*words, where) if one)
    return {MATCHING: matching, **sought}
