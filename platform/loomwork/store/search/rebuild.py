"""The search index made anew from the records, and compared with them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from loomwork.store.engine import Database
from loomwork.store.schema.tables import EntityTable
from loomwork.store.search.index import INDEXES, Index, classes, entries, searched_keys
from loomwork.store.types import SQLITE

CHUNK = 500
FIRST_SEARCHED = "0007"
"""The version of the platform's tables since which there is an index."""
Record = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """Of how many records the index has something else than they say.

    ``missing`` are not in it, ``wrong`` have other tokens, ``left`` are in it without being live.
    """

    records: int = 0
    missing: int = 0
    wrong: int = 0
    left: int = 0

    @property
    def total(self) -> int:
        """Return the number of records with a difference."""
        return self.missing + self.wrong + self.left


def rebuild_search(
    database: Database, tables: Mapping[str, EntityTable], entity: str, *, chunk: int = CHUNK
) -> int:
    """Write the index of an entity anew, in chunks that writers wait for; return the records.

    ``tables`` are those of the Model that says what is searched, which may not be in force yet.
    """
    table, index = tables[entity], INDEXES[database.name]
    with database.transaction() as connection:
        _forget_gone(connection, table, index)
    count = 0
    after: UUID | None = None
    while classes(table.entity):
        with database.transaction() as connection:
            rows = _rows(connection, database.name, table, after, chunk)
            if not rows:
                break
            write_rows(connection, index, table, rows)
        count, after = count + len(rows), rows[-1]["id"]
    return count


def write_rows(
    connection: Connection, index: Index, table: EntityTable, rows: Sequence[Record]
) -> None:
    """Write what `read_rows` has read into the index."""
    found = [entry for row in rows for entry in entries(table.entity, row)]
    present = {entry.record for entry in found}
    empty = [row["id"] for row in rows if row["id"] not in present]
    if empty:
        index.remove(connection, table.entity.name, empty)
    if found:
        index.put(connection, found)


def _forget_gone(connection: Connection, table: EntityTable, index: Index) -> None:
    """Take out of the index what is not live, and the classes that the entity does not have."""
    kept = index.place()
    numbers = [class_.number for class_ in classes(table.entity)]
    live = sa.exists().where(table.table.c.id == kept.c.record, table.table.c.live == 1)
    connection.execute(
        sa.delete(kept).where(
            kept.c.entity == table.entity.name, sa.or_(kept.c["class"].not_in(numbers), ~live)
        )
    )


def _rows(
    connection: Connection, engine: str, table: EntityTable, after: UUID | None, chunk: int
) -> list[Record]:
    """Return the next live records by id, held until the transaction ends."""
    id_ = table.table.c.id
    following = sa.true() if after is None else id_ > after
    return read_rows(connection, engine, table, following, chunk)


def read_rows(
    connection: Connection,
    engine: str,
    table: EntityTable,
    condition: sa.ColumnElement[bool],
    limit: int | None = None,
) -> list[Record]:
    """Return what is searched of the live records that fit, held until the transaction ends."""
    id_, searched = table.table.c.id, searched_keys(table.entity)
    keys = [key for key in sorted(searched) if key in table.table.c]
    columns = [table.table.c[key] for key in keys]
    live = table.table.c.live == 1
    statement = sa.select(id_, *columns).where(live, condition).order_by(id_).limit(limit)
    if engine != SQLITE:
        statement = statement.with_for_update(read=True, of=table.table)
    found = connection.execute(statement)
    rows = {row[0]: dict(zip(("id", *keys), row, strict=True)) for row in found}
    for key in searched & table.sets.keys():
        _add_values(connection, table, key, rows)
    return list(rows.values())


def _add_values(
    connection: Connection, table: EntityTable, key: str, rows: dict[UUID, Record]
) -> None:
    """Add the values of a field that has many to the rows."""
    kept = table.sets[key].table.c
    statement = (
        sa.select(kept.record, kept.value)
        .where(kept.record.in_(list(rows)))
        .order_by(kept.record, kept.position)
    )
    for record, value in connection.execute(statement):
        rows[record][key] = (*rows[record].get(key, ()), value)


def check_search(
    database: Database, tables: Mapping[str, EntityTable], entity: str, *, chunk: int = CHUNK
) -> Drift:
    """Compare the index of an entity with its records."""
    table, index = tables[entity], INDEXES[database.name]
    records = missing = wrong = 0
    after: UUID | None = None
    while classes(table.entity):
        with database.transaction() as connection:
            rows = _rows(connection, database.name, table, after, chunk)
            if not rows:
                break
            ids = [row["id"] for row in rows]
            present = set(index.kept(connection, entity, ids))
        wanted = {token for row in rows for token in _wanted(table, row)}
        there = {record for record, *_ in present}
        lacking = {record for record, *_ in wanted} - there
        differing = {record for record, *_ in wanted ^ present} - lacking
        records, missing = records + len(rows), missing + len(lacking)
        wrong, after = wrong + len(differing), ids[-1]
    return Drift(records=records, missing=missing, wrong=wrong, left=_left(database, table, index))


def _wanted(table: EntityTable, row: Record) -> Iterator[tuple[UUID, int, str, bool]]:
    for entry in entries(table.entity, row):
        yield from ((entry.record, entry.number, token, True) for token in entry.title)
        yield from ((entry.record, entry.number, token, False) for token in entry.body)


def _left(database: Database, table: EntityTable, index: Index) -> int:
    kept = index.place()
    numbers = [class_.number for class_ in classes(table.entity)]
    live = sa.exists().where(table.table.c.id == kept.c.record, table.table.c.live == 1)
    statement = sa.select(sa.func.count(sa.distinct(kept.c.record))).where(
        kept.c.entity == table.entity.name, sa.or_(kept.c["class"].not_in(numbers), ~live)
    )
    with database.transaction() as connection:
        return int(connection.execute(statement).scalar_one())
