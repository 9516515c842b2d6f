"""Filling the columns of kept fields, and looking for drift."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from loomwork.model.actor import system
from loomwork.records.context import acting
from loomwork.records.deriving.computing import Computing, differs
from loomwork.records.deriving.marks import marks_of
from loomwork.records.deriving.plan import Kept, Place, plan_of
from loomwork.records.deriving.settling import Settling
from loomwork.store.engine import take_publish_lock
from loomwork.store.schema.derived import read_marks, write_mark
from loomwork.store.transaction import bump_metadata

if TYPE_CHECKING:
    from loomwork.records.context import Acting
    from loomwork.records.runtime import Runtime
    from loomwork.store.transaction import Transaction

WORKER = system("derived")
FIRST, MOST = 100, 500
"""Records of the first chunk and of the largest."""
SLOW, QUICK = 0.2, 0.06
"""Seconds: a chunk that took longer is halved, one that took less is doubled."""
SAMPLES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How many records keep something else than they should, and some of them."""

    entity: str
    field: str
    looked_at: int
    count: int
    samples: tuple[UUID, ...]


def chosen(runtime: "Runtime", entity: str = "", field: str = "") -> tuple[Kept, ...]:
    """Return the kept fields of an entity, or this one, or all, each after what it follows from."""
    return tuple(
        one
        for group in plan_of(runtime).order
        for one in group
        if entity in ("", one.entity.name) and field in ("", one.field.name)
    )


def build_derived(
    runtime: "Runtime", entity: str, field: str, *, chunk: int = MOST, carry: bool = True
) -> int:
    """Fill the column of a kept field in chunks, each a transaction; return how many changed.

    What follows from the field changes with it unless ``carry`` says otherwise.
    """
    one = plan_of(runtime).kept[entity, field]
    moved, size = 0, min(FIRST, chunk)
    after: UUID | None = None
    while True:
        began = time.monotonic()
        work = partial(_build_chunk, runtime, one, after, size, carry=carry)
        ids, changed = runtime.store.run(work)
        moved += changed
        if len(ids) < size:
            return moved
        after, took = ids[-1], time.monotonic() - began
        if took > SLOW:
            size = max(1, size // 2)
        elif took < QUICK:
            size = min(chunk, size * 2)


def _build_chunk(
    runtime: "Runtime",
    one: Kept,
    after: UUID | None,
    limit: int,
    transaction: "Transaction",
    *,
    carry: bool,
) -> tuple[list[UUID], int]:
    ids = _ids_after(runtime, transaction, one, after, limit)
    return ids, renew(transaction, worker(runtime, transaction), one, ids, carry=carry)


def renew(
    transaction: "Transaction", by: "Acting", one: Kept, ids: Sequence[UUID], *, carry: bool
) -> int:
    """Bring one field of the records ``ids`` up to date; return how many were not."""
    if not ids:
        return 0
    moved = Computing(by.runtime, transaction, by.context).renew((one,), ids)[one.field.name]
    if moved and carry:
        settling = Settling(transaction, by)
        settling.note_changed(one.place, moved)
        if one.field.search:
            settling.note_searched(one, moved)
        settling.carry_through()
    return len(moved)


def worker(runtime: "Runtime", transaction: "Transaction") -> "Acting":
    """Return the part of the platform that works values out, as one who writes."""
    return acting(runtime, WORKER, transaction)


def _ids_after(
    runtime: "Runtime", transaction: "Transaction", one: Kept, after: UUID | None, limit: int
) -> list[UUID]:
    id_ = runtime.tables[one.entity.name].columns["id"]
    statement = sa.select(id_).order_by(id_).limit(limit)
    if after is not None:
        statement = statement.where(id_ > after)
    rows: Iterable[Any] = transaction.connection.execute(statement)
    return [row[0] for row in rows]


def build_missing(runtime: "Runtime") -> tuple[Place, ...]:
    """Fill the columns that are not complete, note that they are, and return their fields.

    Every worker reads them from then on, instead of working them out.
    """
    marks = marks_of(runtime.model, runtime.settings)
    with runtime.store.database.reader.connect() as connection:
        known = read_marks(connection)
    missing = [one for one in chosen(runtime) if known.get(one.place) != marks[one.place]]
    for one in missing:
        build_derived(runtime, *one.place, carry=False)
    if missing:
        runtime.store.run(lambda transaction: _mark(transaction, missing, marks))
    return tuple(one.place for one in missing)


def _mark(transaction: "Transaction", built: Sequence[Kept], marks: dict[Place, str]) -> None:
    connection = transaction.connection
    take_publish_lock(connection, transaction.engine)
    for one in built:
        write_mark(connection, one.place, marks[one.place])
    bump_metadata(connection)


def check_derived(runtime: "Runtime", one: Kept) -> Drift:
    """Return how many records do not keep of ``one`` what follows from the others."""
    looked_at, count = 0, 0
    after: UUID | None = None
    samples: list[UUID] = []
    while True:
        ids, wrong = runtime.store.run(partial(_check_chunk, runtime, one, after))
        looked_at += len(ids)
        count += len(wrong)
        samples += wrong[: SAMPLES - len(samples)]
        if len(ids) < MOST:
            break
        after = ids[-1]
    entity, field = one.place
    return Drift(
        entity=entity, field=field, looked_at=looked_at, count=count, samples=tuple(samples)
    )


def _check_chunk(
    runtime: "Runtime", one: Kept, after: UUID | None, transaction: "Transaction"
) -> tuple[list[UUID], list[UUID]]:
    ids = _ids_after(runtime, transaction, one, after, MOST)
    if not ids:
        return [], []
    by = worker(runtime, transaction)
    rows = Computing(runtime, transaction, by.context).read((one,), ids)
    return ids, [row["id"] for row in rows if differs(one, row)]
