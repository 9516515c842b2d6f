"""A search over several entities as one statement, with the caller's rights inside it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from loomwork.expressions.sql.source import Row, Source
from loomwork.expressions.to_sql import to_sql
from loomwork.expressions.tree import TRUE, Node
from loomwork.model.storage import Storage, StorageKind
from loomwork.store.reading.query import GENERATIONS, Plan, Record, compiled_plan
from loomwork.store.schema.tables import EntityTable
from loomwork.store.search.entry import SearchShape
from loomwork.store.search.index import INDEXES
from loomwork.store.system import GENERATION
from loomwork.store.types import MARIADB, SQLITE, decoder, engine_name

MOST_RANKED = 500
"""Readable records that are ranked. A word that so many have says little."""
TOKENS_OF_ONE = 4
"""Rows of the same record that MariaDB may find, whose index has one for each token."""


@dataclass(frozen=True, slots=True)
class Place:
    """An entity that is searched: which of its classes, and which of its rows."""

    entity: str
    classes: tuple[int, ...]
    rows: Node


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """All that decides the text of the statement of a search."""

    places: tuple[Place, ...]
    terms: SearchShape
    limit: int


def compile_search(tables: Mapping[str, EntityTable], wanted: SearchPlan, dialect: Dialect) -> Plan:
    """Return the plan that reads the best hits: ``entity``, ``id``, ``title`` and ``score``.

    Of equal hits the one that came into being last is first. The hits are gone through once, for
    all entities, until enough readable ones are there; only the best are given their titles.
    """
    engine = engine_name(dialect)
    looked = tuple((place.entity, place.classes) for place in wanted.places)
    found = INDEXES[engine].found(looked, wanted.terms).subquery("found")
    admitted = [_admitted(tables, place, found, engine) for place in wanted.places]
    ranked = sa.select(found.c.entity, found.c.record, found.c.score).where(sa.or_(*admitted))
    if engine == SQLITE:
        # There the newest come first without reading the others.
        ranked = ranked.order_by(found.c.age.desc())
    most = MOST_RANKED * TOKENS_OF_ONE if engine == MARIADB else MOST_RANKED
    hits = ranked.limit(_whole(most)).subquery("hits")
    score = sa.func.max(hits.c.score)
    best = (
        sa.select(hits.c.entity, hits.c.record, score.label("score"))
        .group_by(hits.c.entity, hits.c.record)
        .order_by(score.desc(), hits.c.record.desc())
        .limit(_whole(wanted.limit))
        .subquery("best")
    )
    titles = ((best.c.entity == _name(one), _title(tables, one, best)) for one in wanted.places)
    statement = sa.select(
        sa.select(GENERATION.c.metadata).where(GENERATION.c.id == 1).scalar_subquery(),
        sa.select(GENERATION.c.access).where(GENERATION.c.id == 1).scalar_subquery(),
        best.c.entity,
        best.c.record,
        sa.case(*titles).label("title"),
        best.c.score,
    ).order_by(best.c.score.desc(), best.c.record.desc())
    decode = decoder(Storage(kind=StorageKind.UUID), engine)
    return compiled_plan(statement, partial(_decoded, decode), dialect)


def _admitted(
    tables: Mapping[str, EntityTable], place: Place, found: sa.Subquery, engine: str
) -> sa.ColumnElement[bool]:
    """Return whether a hit of the place is a live record that the caller may read.

    Asked as a value: what EXISTS asks, engines may look up for the whole table beforehand.
    """
    kept = tables[place.entity]
    source = Source(Row(kept, kept.table), base=kept.table, tables=tables)
    conditions = [kept.table.c.id == found.c.record, kept.table.c.live == _whole(1)]
    if place.rows != TRUE:
        conditions.append(to_sql(place.rows, source, dialect=engine))
    live = sa.select(kept.table.c.live).select_from(source.joined).where(*conditions)
    readable = live.correlate(found).scalar_subquery() == _whole(1)
    return sa.and_(found.c.entity == _name(place), readable)


def _title(
    tables: Mapping[str, EntityTable], place: Place, best: sa.Subquery
) -> sa.ScalarSelect[Any]:
    kept = tables[place.entity]
    title = sa.select(kept.table.c[kept.entity.title]).where(kept.table.c.id == best.c.record)
    return title.correlate(best).scalar_subquery()


def _name(place: Place) -> sa.ColumnElement[str]:
    return sa.literal_column(f"'{place.entity}'")


def _whole(number: int) -> sa.ColumnElement[int]:
    return sa.literal_column(str(number))


def _decoded(decode: Callable[[Any], Any] | None, row: Sequence[Any]) -> Record:
    entity, id_, title, score = row[GENERATIONS:]
    return {
        "entity": entity,
        "id": decode(id_) if decode else id_,
        "title": title,
        "score": int(score),
    }
