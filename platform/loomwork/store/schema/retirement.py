"""Columns that no field uses any more: they are kept until somebody purges them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from loomwork.store.schema.columns import PREPARED, SET, ColumnMap
from loomwork.store.system import COLUMN, REVISION


@dataclass(frozen=True, slots=True, kw_only=True)
class Retired:
    """A column, or the table of a field with many values, that is out of use since ``since``."""

    entity: str
    field: str
    storage: str
    column: str
    since: datetime | None

    @property
    def many(self) -> bool:
        """Tell whether ``column`` is a table of its own."""
        return self.storage.startswith(SET)


def retire_columns(connection: Connection, columns: ColumnMap, revision: int) -> None:
    """Note which columns go out of use with ``revision``, and which come into use again."""
    used = {(need.entity, column) for need, column in columns.items()}
    rows = connection.execute(
        sa.select(
            COLUMN.c.entity, COLUMN.c.field, COLUMN.c.storage, COLUMN.c.column, COLUMN.c.retired
        ).where(COLUMN.c.revision > PREPARED)
    ).all()
    for entity, field, storage, column, retired in rows:
        is_used = (entity, column) in used
        if is_used == (retired is None):
            continue
        connection.execute(
            sa.update(COLUMN)
            .where(_key(entity, field, storage))
            .values(retired=None if is_used else revision)
        )


def retired_columns(connection: Connection, columns: ColumnMap) -> list[Retired]:
    """Return what is kept and not in use under a Model with these columns."""
    used = {(need.entity, column) for need, column in columns.items()}
    statement = (
        sa.select(
            COLUMN.c.entity,
            COLUMN.c.field,
            COLUMN.c.storage,
            COLUMN.c.column,
            REVISION.c.created_at,
        )
        .select_from(COLUMN.outerjoin(REVISION, REVISION.c.number == COLUMN.c.retired))
        .where(COLUMN.c.revision > PREPARED)
        .order_by(COLUMN.c.entity, COLUMN.c.field, COLUMN.c.storage)
    )
    return [
        Retired(entity=row[0], field=row[1], storage=row[2], column=row[3], since=row[4])
        for row in connection.execute(statement)
        if (row[0], row[3]) not in used
    ]


def prepared_columns(connection: Connection) -> list[Retired]:
    """Return the columns of publishes that never came to their switch."""
    rows = connection.execute(
        sa.select(COLUMN.c.entity, COLUMN.c.field, COLUMN.c.storage, COLUMN.c.column).where(
            COLUMN.c.revision == PREPARED
        )
    )
    return [
        Retired(entity=row[0], field=row[1], storage=row[2], column=row[3], since=None)
        for row in rows
    ]


def entities_in_force(connection: Connection) -> frozenset[str]:
    """Return the entities that have, or had, a column in some revision."""
    statement = sa.select(COLUMN.c.entity).where(COLUMN.c.revision > PREPARED).distinct()
    return frozenset(connection.execute(statement).scalars())


def forget_columns(connection: Connection, gone: Iterable[Retired]) -> None:
    """Take columns that are dropped out of the map."""
    for one in gone:
        connection.execute(sa.delete(COLUMN).where(_key(one.entity, one.field, one.storage)))


def _key(entity: str, field: str, storage: str) -> sa.ColumnElement[bool]:
    return sa.and_(COLUMN.c.entity == entity, COLUMN.c.field == field, COLUMN.c.storage == storage)
