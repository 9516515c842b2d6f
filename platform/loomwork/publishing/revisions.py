"""Revisions as the database keeps them: numbered sets of documents."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from loomwork.catalog.compile import documents_hash
from loomwork.catalog.documents import Document, make_document
from loomwork.store.system import DOCUMENT, REVISION, REVISION_DOCUMENT
from loomwork.store.transaction import bump_metadata

CHUNK = 500
"""Texts that one statement reads."""


def newest_revision(connection: Connection) -> int:
    """Return the number of the newest revision, 0 before the first."""
    return int(connection.execute(sa.select(sa.func.max(REVISION.c.number))).scalar() or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A revision in the list of them; ``plan`` is the JSON of its steps, if it has any."""

    number: int
    hash: str
    message: str
    author: str
    created_at: datetime
    plan: str | None


def read_revisions(connection: Connection) -> list[Revision]:
    """Return all revisions, the newest first."""
    rows = connection.execute(sa.select(REVISION).order_by(REVISION.c.number.desc())).mappings()
    return [Revision(**row) for row in rows]


def read_documents(
    connection: Connection, revision: int, known: Iterable[Document] = ()
) -> tuple[Document, ...]:
    """Return the documents of a revision in their order; those that are ``known`` are not read."""
    places = connection.execute(
        sa.select(REVISION_DOCUMENT.c.pack, REVISION_DOCUMENT.c.file, REVISION_DOCUMENT.c.hash)
        .where(REVISION_DOCUMENT.c.revision == revision)
        .order_by(REVISION_DOCUMENT.c.position)
    ).all()
    present = {(one.pack, one.file, one.hash): one for one in known}
    missing = sorted({row.hash for row in places if tuple(row) not in present})
    texts: dict[str, str] = {}
    for start in range(0, len(missing), CHUNK):
        wanted = DOCUMENT.c.hash.in_(missing[start : start + CHUNK])
        rows = connection.execute(sa.select(DOCUMENT.c.hash, DOCUMENT.c.body).where(wanted))
        texts |= {row.hash: row.body for row in rows}
    return tuple(
        present.get((pack, file, key)) or make_document(pack, file, texts[key])
        for pack, file, key in places
    )


def write_revision(
    connection: Connection,
    documents: Sequence[Document],
    *,
    message: str,
    author: str,
    plan: str | None = None,
) -> int:
    """Add a revision of these documents, move the metadata generation, return the number.

    ``plan`` is the JSON of what was planned.
    """
    number = newest_revision(connection) + 1
    bodies = {document.hash: document.text for document in documents}
    present = set(
        connection.execute(sa.select(DOCUMENT.c.hash).where(DOCUMENT.c.hash.in_(bodies))).scalars()
    )
    fresh = [{"hash": key, "body": text} for key, text in bodies.items() if key not in present]
    if fresh:
        connection.execute(sa.insert(DOCUMENT), fresh)
    connection.execute(
        sa.insert(REVISION).values(
            number=number,
            hash=documents_hash(documents),
            message=message[:500],
            author=author[:120],
            created_at=datetime.now(UTC),
            plan=plan,
        )
    )
    connection.execute(
        sa.insert(REVISION_DOCUMENT),
        [
            {
                "revision": number,
                "position": position,
                "pack": document.pack,
                "file": document.file,
                "hash": document.hash,
            }
            for position, document in enumerate(documents)
        ],
    )
    bump_metadata(connection)
    return number
