"""Installing packs: documents to a new revision, the tables first, in one switch at the end."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from loomwork.catalog.compile import compile_model, documents_hash
from loomwork.catalog.documents import Document
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
) -> Installation:
    """Install packs, or other versions of packs that are installed, as one revision.

    ``at_switch`` is called inside the transaction that makes the revision the present one. Raises
    DocumentError with every problem; then nothing has changed.
    """
    with installer_lock(database):
        with translated(), database.reader.connect() as connection:
            present = read_documents(connection, newest_revision(connection))
            stored = read_columns(connection)
        documents = merged(present, packs)
        target = _target(database, documents, present, stored)
        if documents_hash(documents) == documents_hash(present):
            # What was cut off after its switch is cleaned up now.
            drop_stale_uniques(database, target.tables)
            return Installation(revision=None, steps=())
        known = {entity for entity, _, _ in stored}
        steps = plan_changes(database, target.tables, known)
        with database.transaction() as connection:
            note_columns(connection, target.fresh)
        apply_changes(database, steps)
        message = "Install " + ", ".join(f"{p[0].name} {p[0].body['version']}" for p in packs)
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
    by_pack: dict[str, list[Document]] = {}
    for document in present:
        by_pack.setdefault(document.pack, []).append(document)
    by_pack |= {pack[0].pack: list(pack) for pack in packs}
    ordered: list[str] = []

    def place(name: str, path: tuple[str, ...]) -> None:
        if name in ordered or name in path or name not in by_pack:
            return
        requires = by_pack[name][0].body.get("requires")
        for needed in sorted(requires) if isinstance(requires, dict) else ():
            place(needed, (*path, name))
        ordered.append(name)

    for name in sorted(by_pack):
        place(name, ())
    return tuple(document for name in ordered for document in by_pack[name])


def _target(
    database: Database,
    documents: tuple[Document, ...],
    present: Sequence[Document],
    stored: Stored,
) -> _Target:
    model = compile_model(documents, field_types())
    columns, fresh = assign_columns(model.entities.values(), stored)
    conversions: list[Conversion] = []
    if present:
        old = compile_model(present, field_types())
        old_columns, _ = assign_columns(old.entities.values(), stored)
        conversions = plan_conversions(old, old_columns, model, columns, documents)
    return _Target(
        documents=documents,
        model=model,
        columns=columns,
        fresh=fresh,
        tables=build_tables(model, columns, database.name),
        conversions=conversions,
    )
