"""The data keys of a site: read, made, renewed, wrapped anew."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Column, Table
from sqlalchemy.engine import Connection
from sqlalchemy.sql.elements import quoted_name

from loomwork.errors import N_, ConflictError, UnavailableError
from loomwork.store.clock import database_time
from loomwork.store.engine import Database, take_publish_lock, translated
from loomwork.store.history import history_name
from loomwork.store.keys.cipher import (
    LOCKED,
    KeyRing,
    TokenError,
    new_key,
    prefix_of,
    unwrap,
    wrap,
)
from loomwork.store.lock import installer_lock
from loomwork.store.schema.columns import SEALED
from loomwork.store.system import COLUMN, SYSTEM
from loomwork.store.transaction import bump_metadata
from loomwork.store.types import moment, text, uuid

KEY = Table(
    "lw_key",
    SYSTEM,
    Column("id", text(20), primary_key=True),
    Column("wrapped", text(120), nullable=False),
    Column("created_at", moment(), nullable=False),
    Column("retired_at", moment()),
)
"""The data keys, wrapped. What a retired one has sealed can still be opened; the newest of the
others seals."""
CHUNK = 200
Tokens: TypeAlias = Sequence[tuple[UUID, str]]
"""Tokens with the ids of their records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptKey:
    """A data key as the database has it. ``opens`` tells whether the secret key opens it."""

    id: str
    created_at: datetime
    retired_at: datetime | None
    opens: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A column with tokens; ``name`` is what the tokens are bound to."""

    entity: str
    table: sa.TableClause
    column: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Damaged:
    """A value that cannot be opened: somebody changed it in the database."""

    table: str
    column: str
    record: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """What a rotation did: the new key, how many values it sealed, and which it could not open."""

    key: str
    values: int
    damaged: tuple[Damaged, ...] = ()


def place_name(entity: str, column: str) -> str:
    """Return what the tokens of a column are bound to: no column is ever renamed or reused."""
    return f"{entity}.{column}"


def read_keys(connection: Connection, secret: bytes) -> list[KeptKey]:
    """Return the keys, the oldest first."""
    return [
        KeptKey(
            id=row.id,
            created_at=row.created_at,
            retired_at=row.retired_at,
            opens=unwrap(row.id, row.wrapped, secret) is not None,
        )
        for row in _rows(connection)
    ]


def read_ring(connection: Connection, secret: bytes) -> KeyRing:
    """Return the keys as this secret key opens them."""
    keys: dict[str, bytes] = {}
    locked: set[str] = set()
    current = ""
    for row in _rows(connection):
        key = unwrap(row.id, row.wrapped, secret)
        if key is None:
            locked.add(row.id)
        else:
            keys[row.id] = key
        current = row.id if row.retired_at is None else current
    return KeyRing(keys=keys, current=current, locked=frozenset(locked))


def _rows(connection: Connection) -> Sequence[Any]:
    return connection.execute(sa.select(KEY).order_by(KEY.c.created_at, KEY.c.id)).all()


def ensure_key(database: Database, secret: bytes) -> None:
    """Make the first data key unless there is one. The caller holds the installer lock."""
    with database.transaction() as connection:
        if not _rows(connection):
            _add_key(connection, secret)


def _add_key(connection: Connection, secret: bytes) -> None:
    id_, key = new_key()
    row = {"id": id_, "wrapped": wrap(id_, key, secret), "created_at": database_time(connection)}
    connection.execute(sa.insert(KEY).values(row))


def rewrap(database: Database, secret: bytes, old: bytes) -> int:
    """Wrap by ``secret`` the keys that ``old`` opens; return how many there were.

    Raises ConflictError where neither of them opens a key; then nothing has changed.
    """
    with installer_lock(database), database.transaction() as connection:
        take_publish_lock(connection, database.name)
        count = 0
        for row in _rows(connection):
            if unwrap(row.id, row.wrapped, secret) is not None:
                continue
            key = unwrap(row.id, row.wrapped, old)
            if key is None:
                text_ = N_("Neither of the two secret keys opens the key {id}: it was another one.")
                raise ConflictError(text_, id=row.id)
            wrapped = wrap(row.id, key, secret)
            connection.execute(sa.update(KEY).where(KEY.c.id == row.id).values(wrapped=wrapped))
            count += 1
        bump_metadata(connection)
    return count


def rotate(database: Database, secret: bytes) -> Rotation:
    """Seal everything by a new key, while the site is used.

    A rotation that was stopped in the middle is carried to its end instead of beginning another.
    Raises UnavailableError for a wrong secret key.
    """
    with installer_lock(database):
        ring = _begin(database, secret)
        count = 0
        while changed := sum(_renew(database, ring, place) for place in _places(database)):
            count += changed
        return _finish(database, ring, count)


def _begin(database: Database, secret: bytes) -> KeyRing:
    """Make the key that everything gets, and let every process have it before any value does."""
    with database.transaction() as connection:
        take_publish_lock(connection, database.name)
        keys = read_keys(connection, secret)
        if not all(key.opens for key in keys):
            raise UnavailableError(LOCKED)
        if sum(key.retired_at is None for key in keys) < 2:
            _add_key(connection, secret)
            bump_metadata(connection)
        return read_ring(connection, secret)


def _finish(database: Database, ring: KeyRing, count: int) -> Rotation:
    """Retire the earlier keys, with all writers kept out while the last values are looked for."""
    with database.transaction() as connection:
        take_publish_lock(connection, database.name)
        damaged: list[Damaged] = []
        for place in _places(database, connection):
            for rows in _chunks(connection, ring, place):
                fresh, broken = _renewed(ring, place, rows)
                count += _write(connection, place, fresh)
                damaged += broken
        connection.execute(
            sa.update(KEY)
            .where(KEY.c.id != ring.current, KEY.c.retired_at.is_(None))
            .values(retired_at=database_time(connection))
        )
        bump_metadata(connection)
    return Rotation(key=ring.current, values=count, damaged=tuple(damaged))


def _places(database: Database, connection: Connection | None = None) -> list[Place]:
    """Return every column with tokens, those of fields that are no more included."""
    if connection is None:
        with translated(), database.reader.connect() as reading:
            return _places(database, reading)
    found = connection.execute(
        sa.select(COLUMN.c.entity, COLUMN.c.column)
        .where(COLUMN.c.storage.contains(SEALED, autoescape=True))
        .distinct()
    ).all()
    inspector = sa.inspect(connection)
    places: list[Place] = []
    for entity, column in found:
        places += [
            _place(entity, table, column)
            for table in (entity, history_name(entity))
            if inspector.has_table(table)
            and any(one["name"] == column for one in inspector.get_columns(table))
        ]
    return places


def _place(entity: str, table: str, column: str) -> Place:
    kept = sa.table(
        quoted_name(table, quote=True),
        sa.column("id", uuid()),
        sa.column(quoted_name(column, quote=True), text()),
    )
    return Place(entity=entity, table=kept, column=column, name=place_name(entity, column))


def _renew(database: Database, ring: KeyRing, place: Place) -> int:
    """Seal the values of a column anew, in short transactions; return how many."""
    count = 0
    with translated(), database.reader.connect() as reading:
        for rows in _chunks(reading, ring, place):
            fresh, _ = _renewed(ring, place, rows)
            with database.transaction() as connection:
                count += _write(connection, place, fresh)
    return count


def _chunks(connection: Connection, ring: KeyRing, place: Place) -> Iterator[Tokens]:
    """Yield the ids and tokens that are not of the current key, in their order."""
    id_, column = place.table.c.id, place.table.c[place.column]
    stale = (
        sa.select(id_, column)
        .where(column.is_not(None), column.not_like(prefix_of(ring.current) + "%"))
        .distinct()
        .order_by(id_, column)
        .limit(CHUNK)
    )
    beyond: sa.ColumnElement[bool] = sa.true()
    while rows := connection.execute(stale.where(beyond)).all():
        yield [(row[0], row[1]) for row in rows]
        record, token = rows[-1]
        beyond = (id_ > record) | ((id_ == record) & (column > token))


def _renewed(
    ring: KeyRing, place: Place, rows: Tokens
) -> tuple[list[dict[str, Any]], list[Damaged]]:
    """Return the changes that seal values anew, and those that cannot be opened."""
    fresh: list[dict[str, Any]] = []
    damaged: list[Damaged] = []
    for record, token in rows:
        try:
            fresh.append({"_id": record, "_old": token, "_new": ring.renew(token, place.name)})
        except TokenError:
            damaged.append(Damaged(table=place.table.name, column=place.column, record=record))
    return fresh, damaged


def _write(connection: Connection, place: Place, changes: Sequence[dict[str, Any]]) -> int:
    """Change tokens where they are still what they were; return how many."""
    id_, column = place.table.c.id, place.table.c[place.column]
    statement = (
        sa.update(place.table)
        .where(id_ == sa.bindparam("_id"), column == sa.bindparam("_old", type_=text()))
        .values({column: sa.bindparam("_new", type_=text())})
    )
    if changes:
        connection.execute(statement, changes)
    return len(changes)
