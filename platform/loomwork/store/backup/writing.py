"""Writing an archive of a running site: one moment of the database, and the files it names."""

import hashlib
import os
import secrets
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import sqlalchemy as sa
from sqlalchemy import Table
from sqlalchemy.engine import Connection

from loomwork.errors import N_, ConflictError, UnavailableError
from loomwork.store.backup.archive import (
    KEY,
    MANIFEST,
    PIECE,
    Manifest,
    TableEntry,
    file_place,
    opened,
    table_place,
)
from loomwork.store.backup.kinds import Digest, row_writer
from loomwork.store.backup.tables import SiteTable, site_tables
from loomwork.store.engine import Database, translated
from loomwork.store.files.storage import MissingContentError, Storage
from loomwork.store.files.tables import FILE
from loomwork.store.lock import installer_lock
from loomwork.store.system import REVISION
from loomwork.store.types import MARIADB, POSTGRESQL, SQLITE
from loomwork.store.upgrade import present_version

FETCHED = 1000
LEVEL = 3


def write_backup(
    database: Database,
    declared: list[Table],
    storage: Storage,
    target: Path,
    *,
    secret_key: bytes,
    with_key: bool = False,
) -> Manifest:
    """Write an archive to ``target`` and read all of it back before it has that name.

    Readers and writers go on meanwhile; publishing waits. Raises ConflictError if there is such a
    file already.
    """
    if target.exists():
        raise ConflictError(N_("There is a file {file} already."), file=str(target))
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        with _created(draft) as file, zipfile.ZipFile(file, "w", allowZip64=True) as archive:
            manifest = _write(archive, database, declared, storage, secret_key, with_key=with_key)
        with opened(draft) as written:
            written.verify()
        os.link(draft, target)
    except FileExistsError as error:
        raise ConflictError(N_("There is a file {file} already."), file=str(target)) from error
    except OSError as error:
        raise UnavailableError(
            N_("The file {file} cannot be written: {reason}."),
            file=str(target),
            reason=error.strerror or str(error),
        ) from error
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _write(
    archive: zipfile.ZipFile,
    database: Database,
    declared: list[Table],
    storage: Storage,
    secret_key: bytes,
    *,
    with_key: bool,
) -> Manifest:
    # No table or column comes or goes while the tables are read one after the other.
    with installer_lock(database):
        version = present_version(database)
        with snapshot(database) as connection:
            tables = {
                one.name: _write_table(archive, connection, one)
                for one in site_tables(connection, declared)
            }
            revision = _newest_revision(connection)
            named = _named_files(connection)
    kept, missing = _write_files(archive, storage, named)
    if with_key:
        _write_entry(archive, KEY, secret_key)
    manifest = Manifest(
        version=version,
        engine=database.name,
        made_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        revision=revision,
        key=key_mark(secret_key),
        with_key=with_key,
        tables=tables,
        files=kept,
        missing=missing,
    )
    _write_entry(archive, MANIFEST, manifest.to_bytes())
    return manifest


def key_mark(secret_key: bytes) -> str:
    """Return what tells a secret key from others without giving it away."""
    return hashlib.sha256(b"loomwork backup\n" + secret_key).hexdigest()[:16]


@contextmanager
def _created(path: Path) -> Iterator[IO[bytes]]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w+b") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def snapshot(database: Database) -> Iterator[Connection]:
    """Give a connection that sees one moment of the database, whoever writes meanwhile."""
    if database.name == SQLITE:
        # The writer's transactions would keep others from writing; in WAL mode this one does not.
        with translated(), database.reader.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            try:
                yield connection
            finally:
                connection.exec_driver_sql("ROLLBACK")
        return
    with translated(), database.writer.connect() as plain:
        connection = plain.execution_options(isolation_level="REPEATABLE READ")
        if database.name == MARIADB:
            connection.exec_driver_sql("START TRANSACTION WITH CONSISTENT SNAPSHOT")
        elif database.name == POSTGRESQL:
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        try:
            yield connection
        finally:
            connection.rollback()


def table_lines(connection: Connection, table: SiteTable) -> Iterator[bytes]:
    """Yield each row of a table as a line of the archive; all are never in memory at once."""
    write = row_writer(tuple(table.columns.values()))
    statement = sa.select(*table.table().columns)
    if table.order:
        statement = statement.order_by(*(sa.column(name) for name in table.order))
    options = {"stream_results": True, "yield_per": FETCHED}
    with connection.execute(statement, execution_options=options) as rows:
        for row in rows:
            yield write(row)


def digest_of(connection: Connection, table: SiteTable) -> Digest:
    """Return the hash of a table's rows as the database has them now."""
    digest = Digest()
    for line in table_lines(connection, table):
        digest.add(line)
    return digest


def _write_table(archive: zipfile.ZipFile, connection: Connection, table: SiteTable) -> TableEntry:
    digest = Digest()
    with _entry(archive, table_place(table.name), zipfile.ZIP_DEFLATED) as target:
        for line in table_lines(connection, table):
            digest.add(line)
            target.write(line + b"\n")
    return TableEntry(table=table, rows=digest.rows, hash=digest.hex())


def _newest_revision(connection: Connection) -> str:
    statement = sa.select(REVISION.c.hash).order_by(REVISION.c.number.desc()).limit(1)
    return connection.execute(statement).scalar() or ""


def _named_files(connection: Connection) -> dict[str, int]:
    statement = sa.select(FILE.c.sha256, FILE.c.size).distinct().order_by(FILE.c.sha256)
    return {row.sha256: row.size for row in connection.execute(statement)}


def _write_files(
    archive: zipfile.ZipFile, storage: Storage, named: Mapping[str, int]
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Write the contents; return which are in the archive, and which were lost before."""
    kept: dict[str, int] = {}
    missing: list[str] = []
    for sha256, size in named.items():
        with tempfile.TemporaryFile() as whole:
            digest = hashlib.sha256()
            try:
                for piece in storage.pieces(sha256, 0, size):
                    digest.update(piece)
                    whole.write(piece)
            except MissingContentError:
                missing.append(sha256)
                continue
            if digest.hexdigest() != sha256:
                missing.append(sha256)
                continue
            whole.seek(0)
            with _entry(archive, file_place(sha256), zipfile.ZIP_STORED) as target:
                while piece := whole.read(PIECE):
                    target.write(piece)
        kept[sha256] = size
    return kept, tuple(missing)


def _write_entry(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    with _entry(archive, name, zipfile.ZIP_DEFLATED) as target:
        target.write(content)


def _entry(archive: zipfile.ZipFile, name: str, how: int) -> IO[bytes]:
    info = zipfile.ZipInfo(name, date_time=datetime.now(UTC).timetuple()[:6])
    info.compress_type = how
    info.external_attr = 0o600 << 16
    info._compresslevel = LEVEL  # type: ignore[attr-defined]  # noqa: SLF001 -- until Python 3.13
    return archive.open(info, "w", force_zip64=True)
