"""Stored records of one Model, looked at through another, without a publish in between."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import make_url

from loomwork.catalog.compile import Compiler
from loomwork.extension.field_types import field_types
from loomwork.model.whole import Model
from loomwork.publishing.analysis import live_data
from loomwork.publishing.breaks.data import LiveData
from loomwork.publishing.breaks.finding import Found, find_breaks
from loomwork.publishing.plan import Break, Side
from loomwork.store.engine import Database, connect
from loomwork.store.identifiers import new_id
from loomwork.store.schema.columns import assign_columns, note_columns, read_columns, use_columns
from loomwork.store.schema.tables import build_tables
from loomwork.store.system import SYSTEM
from tests.documents import Body, PackBuilder, base

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
COMPILER = Compiler(field_types())


def model_of(*documents: Body, **changes: object) -> Model:
    """Return the Model of ``base`` and a pack of these documents."""
    report = COMPILER.report((*base(), *PackBuilder(*documents, **changes).read()))
    assert report.model is not None, report.problems
    return report.model


def gadget(**fields: Body) -> Body:
    """Return an entity of these fields and a name."""
    named = {"name": {"type": "text", "max_length": 80}, **fields}
    return {"kind": "entity", "name": "gadget", "ownership": "none", "fields": named}


class Stored:
    """A database with the tables of a Model that was in force."""

    def __init__(self, database: Database, side: Side) -> None:
        self.database = database
        self.side = side

    def fill(self, entity: str, *rows: Mapping[str, Any], live: int | None = 1) -> list[UUID]:
        """Keep rows as they are, with what every row has; return their ids in order."""
        kept = self.side.tables[entity]
        known = {"version": 1, "created_at": NOON, "updated_at": NOON, LIVE: live}
        whole = [{"id": new_id(), **known, **row} for row in rows]
        keys = {key for row in whole for key in row} - kept.sets.keys()
        given = {kept.table: [{key: row.get(key) for key in keys} for row in whole]}
        for name, one in kept.sets.items():
            given[one.table] = [
                {"record": row["id"], "position": place, "value": value}
                for row in whole
                for place, value in enumerate(row.get(name) or ())
            ]
        with self.database.transaction() as connection:
            for table in (table for table, those in given.items() if those):
                connection.execute(sa.insert(table), given[table])
        return [row["id"] for row in whole]

    def side_of(self, model: Model) -> Side:
        """Return a Model with the columns that it has, or would get."""
        with self.database.reader.connect() as connection:
            columns, _ = assign_columns(model.entities.values(), read_columns(connection))
        tables = build_tables(model, columns, self.database.name)
        return Side(model=model, columns=columns, tables=tables)

    @contextmanager
    def seen_by(self, after: Model, before: Model | None = None) -> Iterator[LiveData]:
        """Give the records as a new Model sees them; ``before`` is in force if not the first."""
        old = self.side if before is None else self.side_of(before)
        with self.database.reader.connect() as connection:
            yield live_data(connection, self.database.name, old, self.side_of(after), moment=NOON)

    def found(self, after: Model, before: Model | None = None) -> Found:
        """Return what a new Model does not accept."""
        with self.seen_by(after, before) as data:
            return find_breaks(data)

    def breaks(self, after: Model, before: Model | None = None) -> list[Break]:
        """Return what breaks, and expect that everything could be looked for."""
        found = self.found(after, before)
        assert found.notes == ()
        return list(found.breaks)


LIVE = "live"


@contextmanager
def stored(url: str, model: Model) -> Iterator[Stored]:
    """Give the tables of ``model`` in an empty database."""
    address = make_url(url)
    driver = address.drivername.replace("mysql+", "mariadb+")
    database = connect(address.set(drivername=driver))
    columns, fresh = assign_columns(model.entities.values(), {})
    tables = build_tables(model, columns, database.name)
    try:
        SYSTEM.create_all(database.writer)
        with database.transaction() as connection:
            for table in (table for one in tables.values() for table in one.tables):
                # Without foreign keys, since rows may link to what no test has made.
                made = sa.schema.CreateTable(table, include_foreign_key_constraints=[])
                connection.execute(made)
        with database.transaction() as connection:
            note_columns(connection, fresh)
            use_columns(connection, columns, 1)
        yield Stored(database, Side(model=model, columns=columns, tables=tables))
    finally:
        database.dispose()
