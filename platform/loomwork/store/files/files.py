"""The files of a site: added, found, swept and checked against their storage."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from loomwork.errors import NotFoundError
from loomwork.store.engine import translated
from loomwork.store.files.opening import FOLDER, open_storage
from loomwork.store.files.sniffing import sniff
from loomwork.store.files.spool import DRAFTS, spooled
from loomwork.store.files.tables import CONTENT, FILE, LONGEST_NAME
from loomwork.store.identifiers import new_id
from loomwork.store.settings import Settings
from loomwork.store.store import Store
from loomwork.store.transaction import Transaction

GRACE = timedelta(hours=24)
"""How long a file stays that no record holds: an upload whose record is not saved yet."""
CHUNK = 500
COLUMNS = (
    FILE.c.id,
    FILE.c.sha256,
    FILE.c.size,
    FILE.c.media_type,
    FILE.c.name,
    FILE.c.created_at,
    FILE.c.created_by,
    FILE.c.released_at,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """One uploaded file; ``released_at`` is since when no record holds it."""

    id: UUID
    sha256: str
    size: int
    media_type: str
    name: str
    created_at: datetime
    created_by: UUID | None
    released_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What a sweep removed: files, and contents that no file names any more."""

    files: int
    contents: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """How the storage fits the database. What is ``extra`` does no harm."""

    contents: int
    missing: tuple[StoredFile, ...]
    extra: tuple[str, ...]


class Files:
    """Knows the database's files and the storage of their contents."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self.storage = open_storage(settings)
        self._spool = settings.home / FOLDER
        self.largest = settings.largest_file

    def add(
        self,
        name: str,
        pieces: Iterable[bytes],
        *,
        by: UUID | None,
        length: int | None = None,
    ) -> StoredFile:
        """Keep a file that no record holds yet.

        Raises TooLargeError, BadRequestError where it is empty or cut off.
        """
        with spooled(self._spool, pieces, limit=self.largest, length=length) as draft:
            now = datetime.now(UTC)
            file = StoredFile(
                id=new_id(),
                sha256=draft.sha256,
                size=draft.size,
                media_type=sniff(draft.path, name),
                name=safe_name(name),
                created_at=now,
                created_by=by,
                released_at=now,
            )
            self._keep(draft.sha256, draft.size, draft.path)
            self._store.run(lambda transaction: _note(transaction.connection, file))
            # A sweep may have removed the same content just before this file became known.
            self._keep(draft.sha256, draft.size, draft.path)
        return file

    def _keep(self, sha256: str, size: int, path: Path) -> None:
        if not self.storage.has(sha256, size):
            self.storage.put(sha256, path)

    def find(self, id_: UUID) -> StoredFile:
        """Return the file; NotFoundError if there is none."""
        with translated(), self._store.database.reader.connect() as connection:
            found = read_files(connection, (id_,))
        if id_ not in found:
            raise NotFoundError
        return found[id_]

    def pieces(self, file: StoredFile, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Yield the bytes of a file from ``start`` up to ``end``."""
        return self.storage.pieces(file.sha256, start, file.size if end is None else end)

    def sweep(self, now: datetime | None = None, grace: timedelta = GRACE) -> Swept:
        """Remove what no record has held for ``grace``, and contents that no file names."""
        before = (now or datetime.now(UTC)) - grace
        self._sweep_drafts(grace)
        statement = sa.delete(FILE).where(FILE.c.released_at < before)
        files = self._store.run(lambda running: running.connection.execute(statement).rowcount)
        contents = total = 0
        unnamed = ~sa.exists().where(FILE.c.sha256 == CONTENT.c.sha256)
        with translated(), self._store.database.reader.connect() as connection:
            waiting = connection.execute(
                sa.select(CONTENT.c.sha256, CONTENT.c.size).where(
                    unnamed, CONTENT.c.used_at < before
                )
            ).all()
        for sha256, size in waiting:
            if self._store.run(self._removal(sha256, before)):
                contents, total = contents + 1, total + size
        return Swept(files=files, contents=contents, bytes=total)

    def _removal(self, sha256: str, before: datetime) -> Callable[[Transaction], bool]:
        # The content goes while its row is locked. An upload of the same moves `used_at`: the
        # column of the row itself is looked at again by an engine that had to wait for it.
        statement = sa.delete(CONTENT).where(
            CONTENT.c.sha256 == sha256,
            CONTENT.c.used_at < before,
            ~sa.exists().where(FILE.c.sha256 == sha256),
        )

        def work(transaction: Transaction) -> bool:
            if transaction.connection.execute(statement).rowcount != 1:
                return False
            self.storage.remove(sha256)
            return True

        return work

    def _sweep_drafts(self, grace: timedelta) -> None:
        before = time.time() - grace.total_seconds()
        for path in (self._spool / DRAFTS).glob("*"):
            if path.stat().st_mtime < before:
                path.unlink(missing_ok=True)

    def check(self) -> Checked:
        """Compare the storage with the database; contents of files that records hold must be."""
        kept = dict(self.storage.contents())
        with translated(), self._store.database.reader.connect() as connection:
            files = [
                StoredFile(**row) for row in connection.execute(sa.select(*COLUMNS)).mappings()
            ]
        known = {file.sha256 for file in files}
        return Checked(
            contents=len(kept),
            missing=tuple(file for file in files if kept.get(file.sha256) != file.size),
            extra=tuple(sorted(kept.keys() - known)),
        )


def safe_name(name: str) -> str:
    """Return ``name`` as the last part of a path that every system can keep, never empty."""
    printable = "".join(
        sign for sign in name.replace("\\", "/") if sign.isprintable() and sign not in '"<>|:*?'
    )
    last = printable.rpartition("/")[2].strip(" .")
    if len(last) > LONGEST_NAME:
        stem, ending = last[:LONGEST_NAME], Path(last).suffix[:20]
        last = stem[: LONGEST_NAME - len(ending)] + ending
    return last or "file"


def _note(connection: Connection, file: StoredFile) -> None:
    use = sa.update(CONTENT).where(CONTENT.c.sha256 == file.sha256)
    moved = connection.execute(use.values(used_at=file.created_at))
    if moved.rowcount == 0:
        row = {"sha256": file.sha256, "size": file.size, "used_at": file.created_at}
        try:
            with connection.begin_nested():
                connection.execute(sa.insert(CONTENT).values(row))
        except IntegrityError:
            # Somebody else has just uploaded the same.
            connection.execute(use.values(used_at=file.created_at))
    values = {column.name: getattr(file, column.name) for column in COLUMNS}
    connection.execute(sa.insert(FILE).values(values))


def read_files(connection: Connection, ids: Iterable[UUID]) -> Mapping[UUID, StoredFile]:
    """Return which of the files there are, by id."""
    wanted = list(ids)
    found: dict[UUID, StoredFile] = {}
    for start in range(0, len(wanted), CHUNK):
        statement = sa.select(*COLUMNS).where(FILE.c.id.in_(wanted[start : start + CHUNK]))
        rows = connection.execute(statement).mappings()
        found |= {row["id"]: StoredFile(**row) for row in rows}
    return found
