"""The search index on MariaDB: a table of tokens of our own.

Its full-text search leaves out tokens of one or two characters and stop words, and does not see
what a transaction has not committed yet.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from loomwork.store.search.entry import (
    BODY_PREFIX,
    TITLE_PREFIX,
    Entry,
    Places,
    SearchShape,
    among,
    in_order,
    name_of,
)
from loomwork.store.search.tables import MARIADB_SEARCH
from loomwork.store.text.terms import Term
from loomwork.store.types import text

KEPT = MARIADB_SEARCH.c
LAST = "\U0010ffff"
"""Comes after every character of a token."""
END = "end"


def place() -> sa.Table:
    """Return the table with ``entity``, ``class`` and ``record``."""
    return MARIADB_SEARCH


def put(connection: Connection, entries: Sequence[Entry]) -> None:
    """Write the entries, in the place of those that their records have."""
    earlier = [entry for entry in entries if not entry.fresh]
    by_entity = sorted(earlier, key=lambda entry: entry.entity)
    for entity, same in groupby(by_entity, key=lambda entry: entry.entity):
        remove(connection, entity, [entry.record for entry in same])
    connection.execute(
        sa.insert(MARIADB_SEARCH),
        [
            {
                "entity": entry.entity,
                "class": entry.number,
                "token": token,
                "record": entry.record,
                "weight": TITLE_PREFIX if token in entry.title else BODY_PREFIX,
            }
            for entry in entries
            for token in in_order(entry.title | entry.body)
        ],
    )


def remove(connection: Connection, entity: str, ids: Sequence[UUID]) -> None:
    """Take records out."""
    connection.execute(sa.delete(MARIADB_SEARCH).where(KEPT.record.in_(ids), KEPT.entity == entity))


def kept(
    connection: Connection, entity: str, ids: Sequence[UUID]
) -> Iterator[tuple[UUID, int, str, bool]]:
    """Yield each token: its record, class, itself, and whether it is the title's."""
    rows = connection.execute(
        sa.select(KEPT.record, KEPT["class"], KEPT.token, KEPT.weight).where(
            KEPT.record.in_(ids), KEPT.entity == entity
        )
    )
    for record, number, token, weight in rows:
        yield record, number, token, weight == TITLE_PREFIX


def found(places: Places, shape: SearchShape) -> sa.Select[Any]:
    """Return a statement with ``entity``, ``record`` and ``score`` of what is found.

    Each term is one reading of the table; a term that is found as several tokens gives several
    rows, of which the caller takes the best.
    """
    first: Any = None
    source: Any = None
    score: sa.ColumnElement[Any] = sa.literal_column("0")
    conditions: list[sa.ColumnElement[bool]] = []
    for number, term in enumerate(shape):
        hit = MARIADB_SEARCH.alias(f"hit{number}")
        conditions.append(_is_wanted(hit.c.token, number, term))
        whole = [hit.c.token == _parameter(name_of(number, one)) for one in range(len(term))]
        score = score + hit.c.weight * sa.case(
            (sa.or_(*whole), sa.literal_column("2")), else_=sa.literal_column("1")
        )
        conditions.append(among(hit.c.entity, hit.c["class"], places))
        if first is None:
            first = source = hit
        else:
            same = (hit.c.record == first.c.record) & (hit.c["class"] == first.c["class"])
            source = source.join(hit, same)
    return (
        sa.select(first.c.entity, first.c.record, score.label("score"))
        .select_from(source)
        .where(*conditions)
    )


def _is_wanted(
    token: sa.ColumnElement[Any], number: int, term: tuple[bool, ...]
) -> sa.ColumnElement[bool]:
    ways: list[sa.ColumnElement[bool]] = []
    for spelling, prefix in enumerate(term):
        begin = _parameter(name_of(number, spelling))
        end = _parameter(name_of(number, f"{spelling}{END}"))
        ways.append(token.between(begin, end) if prefix else token == begin)
    return sa.or_(*ways)


def _parameter(name: str) -> sa.BindParameter[Any]:
    return sa.bindparam(name, type_=text())


def values(terms: Sequence[Term], places: Places) -> dict[str, str]:
    """Return the parameters of the statement, which looks in the ``places`` anyway."""
    del places
    found: dict[str, str] = {}
    for number, term in enumerate(terms):
        for spelling, wanted in enumerate(term):
            found[name_of(number, spelling)] = wanted.token
            found[name_of(number, f"{spelling}{END}")] = wanted.token + LAST
    return found
