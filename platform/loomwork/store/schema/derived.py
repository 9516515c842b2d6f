"""The tables about derived values that are kept: which are complete, which wait for a job."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Column, Table
from sqlalchemy.engine import Connection

from loomwork.store.clock import database_time
from loomwork.store.identifiers import new_id
from loomwork.store.system import SYSTEM
from loomwork.store.types import moment, text, uuid

CATCH_UP = "derived.catch_up"
RENEW = "derived.renew"
"""The kinds of jobs that work out what was left, and totals that are renewed at times."""

DERIVED = Table(
    "lw_derived",
    SYSTEM,
    Column("entity", text(48), primary_key=True),
    Column("field", text(48), primary_key=True),
    Column("mark", text(64), nullable=False),
    Column("computed_at", moment(), nullable=False),
)
"""The fields whose columns are complete. ``mark`` stands for what they were worked out by: where
the Model says something else by now, the column has to be filled again."""

STALE = Table(
    "lw_stale",
    SYSTEM,
    Column("id", uuid(), primary_key=True),
    Column("entity", text(48), nullable=False),
    Column("field", text(48), nullable=False),
    Column("source", text(48), nullable=False),
    Column("record", uuid(), nullable=False),
)
"""Values that wait: of ``entity.field``, those that depend on the ``record`` of ``source``."""

Place: TypeAlias = tuple[str, str]
"""An entity and its field."""
Note: TypeAlias = tuple[UUID, UUID]
"""The id of a note, and the record that it names."""


def read_marks(connection: Connection) -> dict[Place, str]:
    """Return by what the complete fields were worked out."""
    rows = connection.execute(sa.select(DERIVED.c.entity, DERIVED.c.field, DERIVED.c.mark))
    return {(entity, field): mark for entity, field, mark in rows}


def write_mark(connection: Connection, place: Place, mark: str) -> None:
    """Note that a field is complete."""
    entity, field = place
    forget_marks(connection, (place,))
    now = database_time(connection)
    row = {"entity": entity, "field": field, "mark": mark, "computed_at": now}
    connection.execute(sa.insert(DERIVED).values(row))


def forget_marks(connection: Connection, outdated: Iterable[Place]) -> None:
    """Note that fields are not complete any more: nobody keeps their columns from now on."""
    for entity, field in outdated:
        connection.execute(
            sa.delete(DERIVED).where(DERIVED.c.entity == entity, DERIVED.c.field == field)
        )


def computed_at(connection: Connection) -> dict[Place, datetime]:
    """Return when the complete fields were last worked out as a whole."""
    rows = connection.execute(sa.select(DERIVED.c.entity, DERIVED.c.field, DERIVED.c.computed_at))
    return {(entity, field): at for entity, field, at in rows}


def note_computed(connection: Connection, place: Place, at: datetime) -> None:
    """Note when a complete field was worked out as a whole."""
    entity, field = place
    own = (DERIVED.c.entity == entity, DERIVED.c.field == field)
    connection.execute(sa.update(DERIVED).where(*own).values(computed_at=at))


def note_stale(connection: Connection, place: Place, source: str, records: Iterable[UUID]) -> None:
    """Note that the values which depend on these records wait."""
    entity, field = place
    rows = [
        {"id": new_id(), "entity": entity, "field": field, "source": source, "record": record}
        for record in records
    ]
    connection.execute(sa.insert(STALE), rows)


def stale_fields(connection: Connection) -> frozenset[Place]:
    """Return the fields of which some values wait."""
    rows = connection.execute(sa.select(STALE.c.entity, STALE.c.field).distinct())
    return frozenset((entity, field) for entity, field in rows)


def waiting(connection: Connection, limit: int) -> Mapping[tuple[str, str, str], Sequence[Note]]:
    """Return some of what waits, by entity, field and source."""
    statement = sa.select(STALE).order_by(STALE.c.id).limit(limit)
    found: dict[tuple[str, str, str], list[tuple[UUID, UUID]]] = {}
    for row in connection.execute(statement):
        found.setdefault((row.entity, row.field, row.source), []).append((row.id, row.record))
    return found


def settle_stale(connection: Connection, notes: Sequence[UUID]) -> None:
    """Forget notes whose values have been worked out."""
    connection.execute(sa.delete(STALE).where(STALE.c.id.in_(notes)))
