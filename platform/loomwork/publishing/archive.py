"""Archives of data that is to be dropped: a zip file of JSON lines beside the site's database."""

import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Column, Table
from sqlalchemy.engine import Connection

from loomwork.catalog.documents import Document
from loomwork.errors import N_, UnavailableError
from loomwork.publishing.plan import Side
from loomwork.store.engine import Database, translated
from loomwork.store.schema.tables import EntityTable

CHUNK = 1_000


def write_archive(
    database: Database, home: Path, name: str, documents: Sequence[Document], old: Side, new: Side
) -> Path:
    """Write what ``old`` has and ``new`` has not, with a pack's documents; return the file.

    It appears under its name only when it is whole. UnavailableError where it cannot be written.
    """
    folder = home / "archives"
    file = folder / f"{name}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.zip"
    partial = file.with_suffix(".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (
            translated(),
            database.reader.connect() as connection,
            zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            for document in documents:
                archive.writestr(f"pack/{document.file}", document.text)
            for entity, kept in old.tables.items():
                _write_entity(connection, archive, kept, new.tables.get(entity))
        partial.replace(file)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise UnavailableError(
            N_("The file {file} cannot be written: {reason}."),
            file=str(file),
            reason=error.strerror or str(error),
        ) from error
    return file


def _write_entity(
    connection: Connection, archive: zipfile.ZipFile, old: EntityTable, new: EntityTable | None
) -> None:
    names = {column.name for column in new.columns.values()} if new else set()
    gone = [column for column in old.columns.values() if column.name not in names]
    if gone:
        columns = [old.columns["id"], *(one for one in gone if one.key != "id")]
        with archive.open(f"data/{old.entity.name}.jsonl", "w", force_zip64=True) as lines:
            for row in _rows(connection, old.table, columns, (old.columns["id"],)):
                lines.write(_line(row))
    kept = {one.table.name for one in new.sets.values()} if new else set()
    for field, one in old.sets.items():
        if one.table.name not in kept:
            own = one.table.c
            place = f"data/{old.entity.name}.{field}.jsonl"
            with archive.open(place, "w", force_zip64=True) as lines:
                for row in _rows(connection, one.table, list(own), (own.record, own.position)):
                    lines.write(_line(row))


def _rows(
    connection: Connection,
    table: Table,
    columns: Sequence[Column[Any]],
    order: Sequence[Column[Any]],
) -> Iterator[Mapping[str, Any]]:
    """Yield the rows chunk by chunk: no statement has to give all of a large table."""
    if not sa.inspect(connection).has_table(table.name):
        return
    statement = sa.select(*columns).order_by(*order).limit(CHUNK)
    keys = [str(column.key) for column in columns]
    places = [keys.index(str(column.key)) for column in order]
    rows = connection.execute(statement).all()
    while rows:
        yield from (dict(zip(keys, row, strict=True)) for row in rows)
        last = sa.tuple_(*(sa.literal(rows[-1][at], order[n].type) for n, at in enumerate(places)))
        rows = connection.execute(statement.where(sa.tuple_(*order) > last)).all()


def _line(row: Mapping[str, Any]) -> bytes:
    values = {key: _plain(value) for key, value in row.items() if value is not None}
    return (json.dumps(values, ensure_ascii=False) + "\n").encode()


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal | UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime) else value
