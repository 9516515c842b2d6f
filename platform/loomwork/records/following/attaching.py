"""Files: a record that names one holds it from now on, and lets go of those it named before."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from loomwork.errors import N_, InvalidError, Problem
from loomwork.model.types.file import FileType
from loomwork.records.files import file_fields, held, may_read_file
from loomwork.store.files.files import CHUNK, COLUMNS, StoredFile
from loomwork.store.files.tables import FILE, FILE_USE

if TYPE_CHECKING:
    from loomwork.records.following.written import Written
    from loomwork.records.runtime import Runtime
    from loomwork.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class _Use:
    """One field of one record that holds a file, or held it."""

    file: UUID
    field: str
    type: FileType
    of: "Written"

    @property
    def row(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "entity": self.of.entity.name,
            "field": self.field,
            "record": self.of.id,
        }


def follow(runtime: "Runtime", transaction: "Transaction", written: "Sequence[Written]") -> None:
    """Note which files the records hold now.

    Raises InvalidError for a file that is not there, that its writer may not read, or that does
    not fit the field.
    """
    added: list[_Use] = []
    removed: list[_Use] = []
    for one in written:
        for name, type_ in file_fields(runtime, one.entity).items():
            before = set(held((one.before or {}).get(name)))
            after = set(held((one.after or {}).get(name)))
            use = partial(_Use, field=name, type=type_, of=one)
            added += [use(file=id_) for id_ in sorted(after - before)]
            removed += [use(file=id_) for id_ in sorted(before - after)]
    if not added and not removed:
        return
    # Rows are locked in the order of their ids: of two writers who let go of the last two holds,
    # the second one sees that the first has done so.
    files = dict(_locked(transaction, sorted({use.file for use in (*added, *removed)})))
    problems = [
        problem
        for use in added
        for problem in _problems(runtime, transaction, use, files.get(use.file))
    ]
    if problems:
        raise InvalidError(problems=problems)
    _write(transaction, added, removed)


def _locked(transaction: "Transaction", ids: Sequence[UUID]) -> Iterator[tuple[UUID, StoredFile]]:
    for some in _chunks(ids):
        statement = (
            sa.select(*COLUMNS).where(FILE.c.id.in_(some)).order_by(FILE.c.id).with_for_update()
        )
        for row in transaction.connection.execute(statement).mappings():
            yield row["id"], StoredFile(**row)


def _problems(
    runtime: "Runtime", transaction: "Transaction", use: _Use, file: StoredFile | None
) -> Iterator[Problem]:
    place = f"/{use.field}"
    actor = use.of.by.actor
    own = file is not None and file.created_by is not None and file.created_by == actor.user
    if file is None or not (own or may_read_file(runtime, actor, file, transaction)):
        text = N_("There is no file of this id that you may use. Upload it first.")
        yield Problem(code="unknown_file", text=text, pointer=place)
        return
    for problem in use.type.unfit_file(file.name, file.media_type, file.size):
        yield problem.at(place)


def _write(transaction: "Transaction", added: Sequence[_Use], removed: Sequence[_Use]) -> None:
    connection = transaction.connection
    if removed:
        gone = sa.delete(FILE_USE).where(
            *(column == sa.bindparam(f"_{column.name}") for column in FILE_USE.c)
        )
        rows = [{f"_{name}": value for name, value in use.row.items()} for use in removed]
        connection.execute(gone, rows)
    if added:
        connection.execute(sa.insert(FILE_USE), [use.row for use in added])
    for some in _chunks(sorted({use.file for use in added})):
        connection.execute(sa.update(FILE).where(FILE.c.id.in_(some)).values(released_at=None))
    free = ~sa.exists().where(FILE_USE.c.file == FILE.c.id)
    for some in _chunks(sorted({use.file for use in removed})):
        released = sa.update(FILE).where(FILE.c.id.in_(some), FILE.c.released_at.is_(None), free)
        connection.execute(released.values(released_at=datetime.now(UTC)))


def _chunks(ids: Sequence[UUID]) -> Iterable[Sequence[UUID]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
