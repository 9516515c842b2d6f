"""The search index on PostgreSQL: a ``tsvector`` of our tokens, and a GIN index over it."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY
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
from loomwork.store.search.tables import POSTGRESQL_SEARCH
from loomwork.store.text.terms import Term
from loomwork.store.types import text, uuid

KEPT = POSTGRESQL_SEARCH.c
PUT = sa.text(
    "INSERT INTO lw_search (entity, class, record, tokens)"
    " VALUES (:entity, :class, :record, CAST(:tokens AS tsvector))"
    " ON CONFLICT (entity, class, record) DO UPDATE SET tokens = excluded.tokens"
).bindparams(sa.bindparam("record", type_=uuid()))
READ = sa.text(
    "SELECT s.record, s.class, t.lexeme, t.weights[1] = 'A'"
    " FROM lw_search AS s, unnest(s.tokens) AS t"
    " WHERE t.positions IS NOT NULL AND s.entity = :entity AND s.record IN :ids"
).bindparams(sa.bindparam("ids", expanding=True, type_=uuid()))
MATCHING = "search"
TITLE, BEGUN, WHOLE = "title", "begun", "whole"


def place() -> sa.Table:
    """Return the table with ``entity``, ``class`` and ``record``."""
    return POSTGRESQL_SEARCH


def put(connection: Connection, entries: Sequence[Entry]) -> None:
    """Write the entries, in the place of those that their records have."""
    connection.execute(
        PUT,
        [
            {
                "entity": entry.entity,
                "class": entry.number,
                "record": entry.record,
                "tokens": _written(entry),
            }
            for entry in entries
        ],
    )


def _written(entry: Entry) -> str:
    """Return the ``tsvector``. Weights belong to positions, so every token has the first one."""
    place = f"'{place_token(entry.entity, entry.number)}'"
    title = (f"'{token}':1A" for token in in_order(entry.title))
    return " ".join((place, *title, *(f"'{token}':1" for token in in_order(entry.body))))


def remove(connection: Connection, entity: str, ids: Sequence[UUID]) -> None:
    """Take records out."""
    connection.execute(
        sa.delete(POSTGRESQL_SEARCH).where(KEPT.entity == entity, KEPT.record.in_(ids))
    )


def kept(
    connection: Connection, entity: str, ids: Sequence[UUID]
) -> Iterator[tuple[UUID, int, str, bool]]:
    """Yield each token: its record, class, itself, and whether it is the title's."""
    yield from map(tuple, connection.execute(READ, {"entity": entity, "ids": ids}))


def found(places: Places, shape: SearchShape) -> sa.Select[Any]:
    """Return a statement with ``entity``, ``record`` and ``score`` of what is found."""
    score = sum((_score(number) for number in range(len(shape))), sa.literal_column("0"))
    return sa.select(KEPT.entity, KEPT.record, score.label("score")).where(
        among(KEPT.entity, KEPT["class"], places), _matches(MATCHING)
    )


def _score(number: int) -> sa.ColumnElement[int]:
    return sa.case(
        (_matches(name_of(number, TITLE)), sa.literal_column(str(TITLE_EXACT))),
        (_matches(name_of(number, BEGUN)), sa.literal_column(str(TITLE_PREFIX))),
        (_matches(name_of(number, WHOLE)), sa.literal_column(str(BODY_EXACT))),
        else_=sa.literal_column(str(BODY_PREFIX)),
    )


def _matches(name: str) -> sa.ColumnElement[bool]:
    sought = sa.cast(sa.bindparam(name, type_=text()), TSQUERY)
    return KEPT.tokens.bool_op("@@")(sought)


def values(terms: Sequence[Term], places: Places) -> dict[str, str]:
    """Return the parameters of the statement."""
    found: dict[str, str] = {}
    sought: list[str] = []
    for number, term in enumerate(terms):
        whole = [f"'{one.token}'" for one in term]
        begun = [f"'{one.token}'{':*' if one.prefix else ''}" for one in term]
        sought.append(f"({' | '.join(begun)})")
        found[name_of(number, TITLE)] = " | ".join(f"{one}:A" for one in whole)
        found[name_of(number, BEGUN)] = " | ".join(
            f"{one}A" if one.endswith("*") else f"{one}:A" for one in begun
        )
        found[name_of(number, WHOLE)] = " | ".join(whole)
    where = " | ".join(f"'{token}'" for token in place_tokens(places))
    if where:
        sought.append(f"({where})")
    return {MATCHING: " & ".join(sought), **found}
