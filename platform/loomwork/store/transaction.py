"""One transaction that writes: the generation it began under, and rows put in, changed, removed."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from loomwork.errors import N_, ConflictError, InvalidError, Problem
from loomwork.store.engine import share_publish_lock
from loomwork.store.reading.fetching import Rows, fetch_in
from loomwork.store.reading.query import Plan
from loomwork.store.schema.sets import remove_sets, write_sets
from loomwork.store.schema.tables import EntityTable
from loomwork.store.system import CLEARED_LINK, GENERATION
from loomwork.store.text.sort_key import sort_key
from loomwork.store.types import MARIADB

CHUNK = 1_000
"""Rows that one statement names by their ids."""


@dataclass(frozen=True, slots=True)
class Generation:
    """Two counters that only rise: of the metadata, and of users, roles and grants."""

    metadata: int
    access: int


def read_generation(connection: Connection, *, lock: bool = False, engine: str = "") -> Generation:
    """Return the generation; with ``lock`` it cannot move until the transaction ends."""
    statement = sa.select(GENERATION.c.metadata, GENERATION.c.access).where(GENERATION.c.id == 1)
    if lock:
        share_publish_lock(connection, engine)
        if engine == MARIADB:
            statement = statement.with_for_update(read=True)
    metadata, access = connection.execute(statement).one()
    return Generation(metadata, access)


def bump_metadata(connection: Connection) -> None:
    """Tell every worker to read the metadata again; the caller holds the publish lock."""
    moved = {"metadata": GENERATION.c.metadata + 1}
    connection.execute(sa.update(GENERATION).where(GENERATION.c.id == 1).values(moved))


def bump_access(connection: Connection) -> None:
    """Let every worker look at users, roles and tokens again once this transaction commits."""
    row = sa.update(GENERATION).where(GENERATION.c.id == 1)
    connection.execute(row.values(access=GENERATION.c.access + 1))


class Transaction:
    """The rows of entities within one database transaction. Whoever began it ends it.

    ``before_commit`` is called when it is about to end well, unless it was ``joined``: then its end
    is out of sight, and so is ``after_commit``, which is called once it has ended well and must not
    fail. ``shared`` is for what its users have in common.
    """

    def __init__(self, connection: Connection, engine: str, *, joined: bool = False) -> None:
        self.connection = connection
        self.engine = engine
        self.joined = joined
        self.before_commit: list[Callable[[], None]] = []
        self.after_commit: list[Callable[[], None]] = []
        self.shared: dict[str, Any] = {}

    def generation(self) -> Generation:
        """Return the generation and hold back a publish until the transaction ends."""
        return read_generation(self.connection, lock=True, engine=self.engine)

    def fetch(self, plan: Plan, values: Mapping[str, Any]) -> Rows:
        """Return the rows of a plan as this transaction sees them."""
        return fetch_in(self.connection, self.engine, plan, values)

    def insert(self, table: EntityTable, values: Mapping[str, Any]) -> None:
        """Insert one live row of field values; InvalidError names a unique field that is taken."""
        self.insert_many(table, [values])

    def insert_many(self, table: EntityTable, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert live rows that all have the same fields."""
        prepared = [{**stored(table, row), "live": 1} for row in rows]
        with unique_reported(table):
            self.connection.execute(sa.insert(table.table), prepared)
            if table.sets:
                kept = [(row["id"], row) for row in rows]
                write_sets(self.connection, table, kept, fresh=True)

    def update(self, table: EntityTable, id_: UUID, values: Mapping[str, Any]) -> None:
        """Set fields of the row ``id_``; ``live`` may be among them."""
        statement = (
            sa.update(table.table)
            .where(table.columns["id"] == sa.bindparam("_id", id_, type_=table.table.c.id.type))
            .values(stored(table, values))
        )
        with unique_reported(table):
            self.connection.execute(statement)
            if not table.sets.keys().isdisjoint(values):
                write_sets(self.connection, table, [(id_, values)], fresh=False)

    def delete(self, table: EntityTable, id_: UUID) -> None:
        """Remove the row ``id_`` for good."""
        with unique_reported(table):
            remove_sets(self.connection, table, [id_])
            self.connection.execute(sa.delete(table.table).where(table.columns["id"] == id_))

    def count_links(
        self, table: EntityTable, field: str, target: UUID, *, deleted: bool = False
    ) -> int:
        """Return how many rows link to ``target`` by ``field``, ``deleted`` ones too or not."""
        statement = (
            sa.select(sa.func.count())
            .select_from(table.table)
            .where(table.columns[field] == target)
        )
        if not deleted:
            statement = statement.where(table.table.c.live == 1)
        return int(self.connection.execute(statement).scalar_one())

    def note_cleared(
        self, table: EntityTable, field: str, target: UUID, ids: Sequence[UUID]
    ) -> None:
        """Note the rows whose link ``field`` to ``target`` is being emptied."""
        self.forget_cleared(table, field, target)
        noted = {"target": target, "entity": table.entity.name, "field": field}
        self.connection.execute(sa.insert(CLEARED_LINK), [{**noted, "record": id_} for id_ in ids])

    def forget_cleared(self, table: EntityTable, field: str, target: UUID) -> None:
        """Forget which rows once had ``target`` in the link ``field``."""
        self.connection.execute(
            sa.delete(CLEARED_LINK).where(
                CLEARED_LINK.c.target == target,
                CLEARED_LINK.c.entity == table.entity.name,
                CLEARED_LINK.c.field == field,
            )
        )

    def touch(self, table: EntityTable, ids: Sequence[UUID], values: Mapping[str, Any]) -> None:
        """Set ``values`` in the columns of several rows, whose versions move by one."""
        moved = {**values, "version": table.columns["version"] + 1}
        for start in range(0, len(ids), CHUNK):
            chosen = table.columns["id"].in_(ids[start : start + CHUNK])
            self.connection.execute(sa.update(table.table).where(chosen).values(moved))


def stored(table: EntityTable, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the ``values`` that have columns by key, with the keys that texts sort by."""
    columns = table.table.c
    row = {key: value for key, value in values.items() if key in columns}
    for name, shadow in table.sort_keys.items():
        if name in row:
            text = row[name]
            sort_text = table.entity.fields[name].type.sort_text
            row[str(shadow.key)] = None if text is None else sort_key(sort_text(text))
    return row


@contextmanager
def unique_reported(table: EntityTable) -> Iterator[None]:
    """Turn a broken unique or foreign key into a sentence about the field."""
    try:
        yield
    except IntegrityError as error:
        broken = _broken_names(error)
        for name, field in table.uniques.items():
            # SQLite names the columns, the others the index.
            column = f"{table.table.name}.{table.columns[field.name].name}"
            if name in broken or column in broken:
                problem = Problem(
                    code="not_unique",
                    text=N_("Another record already has this value."),
                    pointer=f"/{field.name}",
                )
                raise InvalidError(problems=(problem,)) from error
        raise ConflictError(
            N_("Another record that this one needs, or that needs it, has changed meanwhile.")
        ) from error


def _broken_names(error: IntegrityError) -> frozenset[str]:
    """Return what the engine names as broken, without the value that MariaDB writes before it."""
    told = str(error.orig).partition("\n")[0].rpartition("for key")[2]
    return frozenset(re.findall(r"[\w.]+", told))
