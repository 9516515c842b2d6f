"""The search index: what of a record goes into it, and how each engine keeps and asks it.

A record has one row for each visibility class of its entity: the fields that the same people may
read. Whoever searches looks only into the classes whose fields he may read, so that a hidden field
never matches.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from loomwork.model.entity import Entity, Field
from loomwork.store.search import mariadb as search_mariadb
from loomwork.store.search import postgresql as search_postgresql
from loomwork.store.search import sqlite as search_sqlite
from loomwork.store.search.entry import Entry, Places, SearchShape
from loomwork.store.text.terms import Term
from loomwork.store.text.tokens import MOST_TOKENS, tokens
from loomwork.store.types import MARIADB, POSTGRESQL, SQLITE

LONGEST_NAME = 500
"""Characters of a text up to which it counts as a name, whose Chinese gets readings."""
LONGEST_READ = 100_000
Row: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchClass:
    """Searched fields of an entity that the same people may read."""

    number: int
    fields: tuple[Field, ...]


class Index(Protocol):
    """What each engine's module gives."""

    def put(self, connection: Connection, entries: Sequence[Entry]) -> None:
        """Write the entries, in the place of those that their records have."""

    def remove(self, connection: Connection, entity: str, ids: Sequence[UUID]) -> None:
        """Take records out."""

    def kept(
        self, connection: Connection, entity: str, ids: Sequence[UUID]
    ) -> Iterator[tuple[UUID, int, str, bool]]:
        """Yield each token: its record, class, itself, and whether it is the title's."""

    def found(self, places: Places, shape: SearchShape) -> sa.Select[Any]:
        """Return a statement with ``entity``, ``record`` and ``score`` of what is found."""

    def values(self, terms: Sequence[Term], places: Places) -> dict[str, str]:
        """Return the parameters of that statement."""

    def place(self) -> sa.Table:
        """Return the table with ``entity``, ``class`` and ``record``."""


INDEXES: Mapping[str, Index] = {
    SQLITE: search_sqlite,
    POSTGRESQL: search_postgresql,
    MARIADB: search_mariadb,
}
"""The engines' ways to keep the index, by the name of the engine."""


def shape_of(terms: Sequence[Term]) -> SearchShape:
    """Return all of the terms that decides the text of a statement."""
    return tuple(tuple(wanted.prefix for wanted in term) for term in terms)


def classes(entity: Entity) -> tuple[SearchClass, ...]:
    """Return the visibility classes of an entity.

    As long as a role reads all fields of a record or none, they all are in one.
    """
    fields = tuple(field for field in entity.fields.values() if field.search)
    return (SearchClass(number=0, fields=fields),) if fields else ()


def searched_keys(entity: Entity) -> frozenset[str]:
    """Return the keys of a row that make up what stands in the index."""
    return frozenset(
        key for class_ in classes(entity) for field in class_.fields for key in field.keys
    )


def entries(entity: Entity, row: Row) -> Iterator[Entry]:
    """Yield what stands in the index for a live record, given as a whole stored row."""
    for class_ in classes(entity):
        title: dict[str, None] = {}
        body: dict[str, None] = {}
        for field in class_.fields:
            part = title if field.name == entity.title else body
            for text in _texts(field, row):
                part |= tokens(text[:LONGEST_READ], names=len(text) <= LONGEST_NAME)
        title = dict.fromkeys(list(title)[:MOST_TOKENS])
        rest = [token for token in body if token not in title][: MOST_TOKENS - len(title)]
        if title or rest:
            yield Entry(
                entity=entity.name,
                number=class_.number,
                record=row["id"],
                title=frozenset(title),
                body=frozenset(rest),
            )


def _texts(field: Field, row: Row) -> Iterator[str]:
    for key in field.keys:
        value = row.get(key)
        values: Iterable[object] = value if isinstance(value, tuple | list) else (value,)
        for one in values:
            if one is not None and not isinstance(one, UUID | bytes | dict):
                yield field.type.plain(one) if key == field.name else str(one)
