"""History: a table beside each entity's own, with a row for every version of a record."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Column, MetaData, PrimaryKeyConstraint, Table
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.sql.elements import quoted_name

from loomwork.model.storage import Storage, StorageKind
from loomwork.store.identifiers import short_name
from loomwork.store.types import POSTGRESQL, SQLITE, moment, text, uuid

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from loomwork.store.schema.tables import EntityTable

ENDING = "__history"
FROM, TO, MONTH = "_valid_from", "_valid_to", "_month"
ACTOR, AGENT, SOURCE, REQUEST, EVENT = "_actor", "_agent", "_source", "_request", "_event"
"""No field begins with an underscore, so these stand beside every field."""
SET = "_set_"
"""The beginning of the column that keeps all of a field's many values as JSON."""

Version = Mapping[str, Any]
"""A row of a history table by key, with its shadows; of a field with many values, the tuple."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryTable:
    """The table of the versions of an entity's records.

    A version holds from `FROM` until before `TO`, which is missing of the present one. ``keys`` are
    those of a record's row; ``sets`` says how the values of fields with many are kept, ``shadows``
    are the keys of what texts are sorted by.
    """

    table: Table
    keys: tuple[str, ...]
    sets: Mapping[str, Storage]
    shadows: tuple[str, ...]

    def column(self, key: str) -> Column[Any]:
        """Return the column that keeps what a record's row has under ``key``."""
        return self.table.c[SET + key if key in self.sets else key]

    def decoded(self, row: Sequence[Any]) -> dict[str, Any]:
        """Return a record's row from what was selected of ``keys``, in that order."""
        record = dict(zip(self.keys, row, strict=False))
        for name, storage in self.sets.items():
            record[name] = read_set(record[name], storage)
        return record


def history_name(entity: str) -> str:
    """Return the name of the table with an entity's history."""
    return short_name(f"{entity}{ENDING}")


def history_table(kept: "EntityTable") -> HistoryTable:
    """Return the history of an entity, of the same columns as its own table.

    The key leads to the versions of a record in their order, and holds the month, so that the table
    can be partitioned by it.
    """
    shadows = {str(column.key): column for column in kept.sort_keys.values()}
    columns: list[Column[Any]] = [
        Column(column.name, column.type, key=key, nullable=key != "id")
        for key, column in (*kept.columns.items(), *shadows.items())
    ]
    sets = {name: one.storage for name, one in kept.sets.items()}
    columns += [Column(short_name(SET + name), text(), key=SET + name) for name in sets]
    table = Table(
        quoted_name(history_name(kept.entity.name), quote=True),
        MetaData(),
        *columns,
        Column(FROM, moment(), nullable=False),
        Column(TO, moment()),
        Column(MONTH, sa.Integer, nullable=False, autoincrement=False),
        Column(EVENT, text(20), nullable=False),
        Column(ACTOR, uuid()),
        Column(AGENT, text(120)),
        Column(SOURCE, text(120)),
        Column(REQUEST, text(64)),
        PrimaryKeyConstraint("id", FROM, MONTH),
    )
    keys = (*kept.columns, *sets)
    return HistoryTable(table=table, keys=keys, sets=sets, shadows=tuple(shadows))


def month_of(at: datetime) -> int:
    """Return the month of a moment, in UTC, as a number such as 202611."""
    there = at.astimezone(UTC)
    return there.year * 100 + there.month


def write_versions(
    connection: "Connection", engine: str, history: HistoryTable, versions: Sequence[Version]
) -> None:
    """Write versions, those that are there already as they are now; one statement for all.

    Of a version that is there, who made it and how stays as it was noted.
    """
    connection.execute(_UPSERT[engine](history), [_row(history, one) for one in versions])


def _row(history: HistoryTable, version: Version) -> dict[str, Any]:
    plain = (*history.keys, *history.shadows)
    row = {key: version.get(key) for key in plain if key not in history.sets}
    row |= {SET + name: write_set(version.get(name)) for name in history.sets}
    row |= {key: version.get(key) for key in (TO, EVENT, ACTOR, AGENT, SOURCE, REQUEST)}
    return {**row, FROM: version[FROM], MONTH: month_of(version[FROM])}


def _overwritten(history: HistoryTable) -> list[str]:
    """Return the keys of what may differ when a version is written again, at its end.

    Stored derived values and those that a publish converted change without a new version.
    """
    values = (history.column(key).key for key in history.keys if key != "id")
    return [*values, *history.shadows, TO]


def _on_sqlite(history: HistoryTable) -> sa.Executable:
    insert = sqlite.insert(history.table)
    changed = {history.table.c[key]: insert.excluded[key] for key in _overwritten(history)}
    return insert.on_conflict_do_update(
        index_elements=list(history.table.primary_key), set_=changed
    )


def _on_postgresql(history: HistoryTable) -> sa.Executable:
    insert = postgresql.insert(history.table)
    changed = {history.table.c[key]: insert.excluded[key] for key in _overwritten(history)}
    return insert.on_conflict_do_update(
        index_elements=list(history.table.primary_key), set_=changed
    )


def _on_mariadb(history: HistoryTable) -> sa.Executable:
    insert = mysql.insert(history.table)
    return insert.on_duplicate_key_update(
        {key: insert.inserted[key] for key in _overwritten(history)}
    )


_UPSERT: Mapping[str, Callable[[HistoryTable], sa.Executable]] = {
    SQLITE: _on_sqlite,
    POSTGRESQL: _on_postgresql,
    "mariadb": _on_mariadb,
}


def read_versions(
    connection: "Connection",
    history: HistoryTable,
    id_: UUID,
    *,
    before: datetime | None,
    limit: int,
) -> list[dict[str, Any]]:
    """Return versions of a record, the newest first; ``before`` one that began at that moment."""
    about = [history.table.c[key] for key in (FROM, EVENT, ACTOR, AGENT, SOURCE, REQUEST)]
    columns = [history.column(key) for key in history.keys]
    statement = (
        sa.select(*columns, *about)
        .where(history.table.c.id == id_)
        .order_by(history.table.c[FROM].desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(history.table.c[FROM] < before)
    rows = connection.execute(statement).all()
    return [
        history.decoded(row)
        | {column.key: value for column, value in zip(about, row[len(columns) :], strict=True)}
        for row in rows
    ]


def erase_versions(connection: "Connection", history: HistoryTable, ids: Sequence[UUID]) -> None:
    """Remove everything that is kept of what the records ``ids`` once were."""
    connection.execute(sa.delete(history.table).where(history.table.c.id.in_(ids)))


def expire_versions(connection: "Connection", history: HistoryTable, before: datetime) -> int:
    """Remove the versions that ended before the month of ``before``; return how many there were.

    The present version of a record stays, however old it is.
    """
    there = before.astimezone(UTC)
    month = datetime(there.year, there.month, 1, tzinfo=UTC)
    statement = sa.delete(history.table).where(history.table.c[TO] < month)
    return int(connection.execute(statement).rowcount)


def write_set(values: Sequence[Any] | None) -> str | None:
    """Return many values as JSON; None where there are none."""
    if not values:
        return None
    return json.dumps([_plain(value) for value in values], ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str | int) else str(value)


def read_set(kept: str | None, storage: Storage) -> tuple[Any, ...] | None:
    """Return many values from their JSON."""
    if not kept:
        return None
    convert = _READ.get(storage.kind)
    found = json.loads(kept, parse_float=Decimal)
    return tuple(found if convert is None else map(convert, found)) or None


_READ: Mapping[StorageKind, Callable[[Any], Any]] = {
    StorageKind.UUID: UUID,
    StorageKind.DECIMAL: Decimal,
    StorageKind.DATE: date.fromisoformat,
    StorageKind.DATETIME: datetime.fromisoformat,
}
