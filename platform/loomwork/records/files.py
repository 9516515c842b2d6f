"""Files that records hold: which there are, and who may read one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from loomwork.model.types.file import FileType
from loomwork.model.types.several import SetType
from loomwork.records.context import context_of
from loomwork.records.lists.listing import single_plan, single_values
from loomwork.store.files.files import read_files
from loomwork.store.files.tables import FILE_USE

if TYPE_CHECKING:
    from loomwork.model.actor import Actor
    from loomwork.model.entity import Entity
    from loomwork.records.runtime import Runtime
    from loomwork.store.files.files import StoredFile
    from loomwork.store.transaction import Transaction

MOST_TRIED = 200
"""Records that are asked, newest first, whether one of them shows a file to somebody."""


def file_fields(runtime: "Runtime", entity: "Entity") -> Mapping[str, FileType]:
    """Return the types of the fields of ``entity`` that hold files, or several, by field."""

    def find() -> Mapping[str, FileType]:
        types = {
            name: field.type.inner if isinstance(field.type, SetType) else field.type
            for name, field in entity.fields.items()
        }
        return {name: type_ for name, type_ in types.items() if isinstance(type_, FileType)}

    found: Mapping[str, FileType] = runtime.made.get(("files", entity.name), find)
    return found


def held(value: object) -> Iterator[UUID]:
    """Yield the ids of the files in a field's value, as it is stored or as it is shown."""
    if isinstance(value, UUID):
        yield value
    elif isinstance(value, Mapping):
        yield from held(value.get("id"))
    elif isinstance(value, tuple | list):
        for one in value:
            yield from held(one)


def may_read_file(
    runtime: "Runtime",
    actor: "Actor",
    file: "StoredFile",
    transaction: "Transaction | None" = None,
) -> bool:
    """Tell whether ``actor`` may read the file.

    While no record holds it, only its uploader may; then whoever may read such a record and that
    field of it.
    """
    if actor.internal:
        return True
    if file.released_at is not None and file.created_by is not None:
        return file.created_by == actor.user
    statement = (
        sa.select(FILE_USE.c.entity, FILE_USE.c.field, FILE_USE.c.record)
        .where(FILE_USE.c.file == file.id)
        .order_by(FILE_USE.c.record.desc())
        .limit(MOST_TRIED)
    )
    if transaction is not None:
        uses = transaction.connection.execute(statement).all()
        fetch: Callable[..., Any] = transaction.fetch
    else:
        with runtime.store.database.reader.connect() as connection:
            uses = connection.execute(statement).all()
        fetch = runtime.store.fetch
    return any(
        _shows(runtime, actor, file.id, entity, field, record, fetch)
        for entity, field, record in uses
    )


def _shows(
    runtime: "Runtime",
    actor: "Actor",
    file: UUID,
    entity: str,
    field: str,
    record: UUID,
    fetch: Callable[..., Any],
) -> bool:
    """Tell whether the record shows the file to the actor: its row and the field in it."""
    definition = runtime.model.entities.get(entity)
    if definition is None or field not in definition.fields:
        return False
    plan = single_plan(runtime, definition, runtime.policy.rights(actor))
    rows = fetch(plan, single_values(context_of(runtime, actor), record))
    return any(file in held(plan.decode(row).get(field)) for row in rows)


def show_files(
    runtime: "Runtime",
    entity: "Entity",
    records: Sequence[dict[str, Any]],
    transaction: "Transaction | None" = None,
) -> None:
    """Put what is told of a file in the place of its id, in records that were read for somebody."""
    names = [
        name for name in file_fields(runtime, entity) if any(record.get(name) for record in records)
    ]
    if not names:
        return
    wanted = sorted({id_ for record in records for name in names for id_ in held(record.get(name))})
    if transaction is not None:
        files = read_files(transaction.connection, wanted)
    else:
        with runtime.store.database.reader.connect() as connection:
            files = read_files(connection, wanted)
    for record in records:
        for name in names:
            record[name] = _shown(record.get(name), files)


def _shown(value: object, files: Mapping[UUID, "StoredFile"]) -> object:
    if isinstance(value, tuple | list):
        return [_shown(one, files) for one in value]
    if not isinstance(value, UUID):
        return value
    file = files.get(value)
    return {"id": value} if file is None else told(file)


def told(file: "StoredFile") -> dict[str, Any]:
    """Return what is told of a file, after its upload and in a record that holds it."""
    return {
        "id": file.id,
        "name": file.name,
        "size": file.size,
        "type": file.media_type,
        "url": f"/api/v1/files/{file.id}",
    }
