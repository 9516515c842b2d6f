"""Which column keeps which field: a map that only grows, so that data is never lost to a change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from loomwork.model.entity import Entity, Field
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.types.link import LinkType
from loomwork.store.identifiers import short_name
from loomwork.store.system import COLUMN
from loomwork.store.types import SHORT

FOLDED = "+folded"
"""Added to a field's name for its shadow column of folded text."""
TAKEN = frozenset(("live", "ab_user_id", "ctid", "cmax", "cmin", "tableoid", "xmax", "xmin"))
"""Columns that are ours beside the fields', and those that PostgreSQL gives every table."""
PREPARED = 0
"""The revision of a column whose installation has not come to its switch."""
SHORT_TEXT, LONG_TEXT = "text:short", "text:long"


@dataclass(frozen=True, slots=True)
class Need:
    """A column that the Model asks for: the field (or shadow) and how it is kept.

    ``to`` is the entity that a link's ids belong to.
    """

    entity: str
    field: str
    storage: Storage
    to: str = ""

    @property
    def fingerprint(self) -> str:
        """Return what has to be the same for a column to serve again."""
        if self.storage.kind is StorageKind.DECIMAL:
            return f"decimal:{self.storage.places}"
        if self.storage.kind is StorageKind.TEXT:
            short = self.storage.length is not None and self.storage.length <= SHORT
            return SHORT_TEXT if short else LONG_TEXT
        return f"{self.storage.kind}:{self.to}" if self.to else str(self.storage.kind)


ColumnMap = Mapping[Need, str]


def folded_storage() -> Storage:
    """Return how folded text is kept: without a bound, since folding may lengthen a text."""
    return Storage(kind=StorageKind.TEXT)


def needs(entity: Entity) -> Iterable[Need]:
    """Yield the columns that an entity's fields need, in order."""
    for field in entity.fields.values():
        yield from field_needs(entity.name, field)


def field_needs(entity: str, field: Field) -> Iterable[Need]:
    """Yield the columns of one field: its own, and the shadow where it is searched."""
    to = field.type.to if isinstance(field.type, LinkType) else ""
    yield Need(entity, field.name, field.type.storage, to)
    if field.search:
        yield Need(entity, field.name + FOLDED, folded_storage())


@dataclass(frozen=True, slots=True)
class Kept:
    """A column in the map. ``used`` tells whether a revision with it ever came into force."""

    name: str
    used: bool


Stored: TypeAlias = Mapping[tuple[str, str, str], Kept]
"""The stored map: (entity, field, fingerprint) to column."""


def read_columns(connection: Connection) -> Stored:
    """Return the stored map."""
    rows = connection.execute(
        sa.select(
            COLUMN.c.entity, COLUMN.c.field, COLUMN.c.storage, COLUMN.c.column, COLUMN.c.revision
        )
    )
    return {(row[0], row[1], row[2]): Kept(row[3], row[4] > PREPARED) for row in rows}


def note_columns(connection: Connection, fresh: Sequence[tuple[Need, str]]) -> None:
    """Write new columns into the map before they exist: a kill leaves them for the next run."""
    rows = [
        {
            "entity": need.entity,
            "field": need.field,
            "storage": need.fingerprint,
            "column": column,
            "revision": PREPARED,
        }
        for need, column in fresh
    ]
    if rows:
        connection.execute(sa.insert(COLUMN), rows)


def use_columns(connection: Connection, columns: ColumnMap, revision: int) -> None:
    """Note that a revision with these columns is in force from now on."""
    wanted = {(need.entity, need.field, need.fingerprint) for need in columns}
    waiting = connection.execute(
        sa.select(COLUMN.c.entity, COLUMN.c.field, COLUMN.c.storage).where(
            COLUMN.c.revision == PREPARED
        )
    ).all()
    for entity, field, storage in waiting:
        if (entity, field, storage) in wanted:
            connection.execute(
                sa.update(COLUMN)
                .where(
                    COLUMN.c.entity == entity,
                    COLUMN.c.field == field,
                    COLUMN.c.storage == storage,
                )
                .values(revision=revision)
            )


def assign_columns(
    entities: Iterable[Entity], stored: Stored
) -> tuple[dict[Need, str], list[tuple[Need, str]]]:
    """Return the columns of all needs, and which of them are new to the map."""
    taken: dict[str, set[str]] = {}
    for (entity, _, _), kept in stored.items():
        taken.setdefault(entity, set(TAKEN)).add(kept.name)
    columns: dict[Need, str] = {}
    fresh: list[tuple[Need, str]] = []
    for entity_ in entities:
        used = taken.setdefault(entity_.name, set(TAKEN))
        for need in needs(entity_):
            column = _stored_column(need, stored)
            if column is None:
                column = _free_name(need.field, used)
                used.add(column)
                fresh.append((need, column))
            columns[need] = column
    return columns, fresh


def _stored_column(need: Need, stored: Stored) -> str | None:
    same = stored.get((need.entity, need.field, need.fingerprint))
    if need.to and same is None:
        # Sites of the first days did not note what a link's ids belong to.
        same = stored.get((need.entity, need.field, str(need.storage.kind)))
    if need.fingerprint == SHORT_TEXT:
        # A column that once held long texts goes on serving when the limit is lowered.
        longer = stored.get((need.entity, need.field, LONG_TEXT))
        same = longer if longer is not None and longer.used else same
    return None if same is None else same.name


def _free_name(field: str, used: set[str]) -> str:
    plain = short_name(field.replace(FOLDED, "__folded"))
    name, number = plain, 1
    while name in used:
        number += 1
        name = short_name(f"{plain}__{number}")
    return name
