"""Installing packs: documents to a new revision, the tables first, in one switch at the end."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from loomwork.catalog.compile import Compiler, documents_hash
from loomwork.catalog.documents import SITE, Document
from loomwork.catalog.layers import arranged
from loomwork.errors import DocumentError, Problem
from loomwork.extension.field_types import field_types
from loomwork.model.whole import Model
from loomwork.publishing.conversion import Conversion, carry_over, plan_conversions
from loomwork.publishing.revisions import newest_revision, read_documents, write_revision
from loomwork.store.changes import (
    Step,
    apply_changes,
    drop_stale_uniques,
    plan_changes,
)
from loomwork.store.columns import (
    Need,
    Stored,
    assign_columns,
    note_columns,
    read_columns,
    use_columns,
)
from loomwork.store.engine import Database, take_publish_lock, translated
from loomwork.store.lock import installer_lock
from loomwork.store.schema import EntityTable, build_tables

AtSwitch = Callable[[Connection, Model], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What an installation did: the revision it made (None: nothing had changed) and the steps."""

    revision: int | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    documents: tuple[Document, ...]
    model: Model
    columns: Mapping[Need, str]
    fresh: Sequence[tuple[Need, str]]
    tables: Mapping[str, EntityTable]
    conversions: Sequence[Conversion]


def install_packs(
    database: Database,
    packs: Sequence[Sequence[Document]],
    *,
    author: str,
    at_switch: Sequence[AtSwitch] = (),
    compiler: Compiler | None = None,
) -> Installation:
    """Install packs, or other versions of packs that are installed, as one revision.

    ``at_switch`` is called inside the transaction that makes the revision the present one; a
    ``compiler`` that has seen the present revision spares repeating it. Raises DocumentError with
    every problem, and with everything that the packs say and this version does not carry out;
    then nothing has changed.
    """
    compiler = compiler or Compiler(field_types())
    with installer_lock(database):
        with translated(), database.reader.connect() as connection:
            present = read_documents(connection, newest_revision(connection))
            stored = read_columns(connection)
        documents = merged(present, packs)
        target = _target(database, compiler, documents, present, stored)
        if documents_hash(documents) == documents_hash(present):
            # What was cut off after its switch is cleaned up now.
            drop_stale_uniques(database, target.tables)
            return Installation(revision=None, steps=())
        known = {entity for entity, _, _ in stored}
        steps = plan_changes(database, target.tables, known)
        with database.transaction() as connection:
            note_columns(connection, target.fresh)
        apply_changes(database, steps)
        message = "Install " + ", ".join(_version(pack[0]) for pack in packs)
        with database.transaction() as connection:
            take_publish_lock(connection, database.name)
            carry_over(connection, database.name, target.tables, target.conversions)
            revision = write_revision(connection, documents, message=message, author=author)
            use_columns(connection, target.columns, revision)
            for call in at_switch:
                call(connection, target.model)
        drop_stale_uniques(database, target.tables)
        return Installation(revision=revision, steps=tuple(steps))


def merged(
    present: Sequence[Document], packs: Sequence[Sequence[Document]]
) -> tuple[Document, ...]:
    """Return the documents of all packs, each pack after those that it requires."""
    fresh = {pack[0].pack: pack for pack in packs}
    kept = [document for document in present if document.pack not in fresh]
    return arranged((*kept, *(document for pack in fresh.values() for document in pack)))


def _target(
    database: Database,
    compiler: Compiler,
    documents: tuple[Document, ...],
    present: Sequence[Document],
    stored: Stored,
) -> _Target:
    old = compiler.compile(present) if present else None
    report = compiler.report(documents)
    if report.model is None:
        raise DocumentError(problems=report.problems)
    model = report.model
    _refuse_pending(model)
    columns, fresh = assign_columns(model.entities.values(), stored)
    conversions: list[Conversion] = []
    if old is not None:
        entities = report.documents.get("entity", {})
        old_columns, _ = assign_columns(old.entities.values(), stored)
        conversions = plan_conversions(old, old_columns, model, columns, entities)
    return _Target(
        documents=documents,
        model=model,
        columns=columns,
        fresh=fresh,
        tables=build_tables(model, columns, database.name),
        conversions=conversions,
    )


def _refuse_pending(model: Model) -> None:
    """Raise DocumentError for what would be understood and then silently not be done."""
    problems = [
        Problem(
            code="not_yet",
            text=pending.what,
            context=pending.context,
            file=pending.file,
            pointer=pending.pointer,
        )
        for pending in model.pending
    ]
    if problems:
        raise DocumentError(problems=problems)


def _version(document: Document) -> str:
    """Return the layer with its version; the site's own has none."""
    version = document.body.get("version", "") if document.pack != SITE else ""
    return f"{document.pack} {version}".rstrip()
