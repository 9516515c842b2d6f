"""The change feed: what happened to records, in the order in which it was committed."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from loomwork.errors import N_, GoneError, InvalidError, Problem
from loomwork.expressions.lift import parameters
from loomwork.expressions.sql.source import Row, Source
from loomwork.expressions.to_sql import bound_values, to_sql
from loomwork.expressions.tree import TRUE
from loomwork.records.context import context_of
from loomwork.records.lists.cursor import read_cursor, write_cursor
from loomwork.store.engine import translated
from loomwork.store.outbox import number_committed, read_events, read_feed

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from loomwork.model.actor import Actor
    from loomwork.records.runtime import Runtime

LARGEST_PAGE = 500
NOW = "now"
"""What stands for a cursor where only what happens from now on is wanted."""
SMALLEST_BATCH = 100
FURTHEST = 2_000
"""How many events one page looks through for those that the caller may know of."""

EXPIRED = N_(
    "The changes after this cursor are not kept any longer: read the records anew, and go on from"
    " after=now."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One record as one transaction left it. ``changed`` names fields; of an update only."""

    event: str
    entity: str
    record: UUID
    changed: tuple[str, ...]
    by: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """One page of the feed. ``next`` is where to go on, now where there is ``more``, else later."""

    items: list[Change]
    next: str
    more: bool


def read_changes(
    runtime: "Runtime",
    actor: "Actor",
    key: bytes,
    *,
    after: str | None = None,
    entity: str | None = None,
    limit: int = 100,
) -> Changes:
    """Return what happened after the cursor ``after`` to records that ``actor`` may read now.

    Nothing is skipped and nothing comes twice, also while others write: what is committed later
    comes later. Raises InvalidError; GoneError where the feed does not reach back so far.
    """
    if not 1 <= limit <= LARGEST_PAGE:
        text = N_("The limit is a whole number from 1 to {limit}.")
        raise _refused("/limit", "bad_limit", text, limit=LARGEST_PAGE)
    entities = _entities(runtime, actor, entity)
    bound = ("changes", actor.user or actor.name, entity or "")
    number_committed(runtime.store)
    with translated(), runtime.store.database.reader.connect() as connection:
        feed = read_feed(connection)
        place = feed.expired
        if after == NOW:
            place = feed.numbered
        elif after is not None:
            place = _place(after, bound, key)
        if place < feed.expired:
            raise GoneError(EXPIRED)
        items, last = _scanned(_Reader(connection, runtime, actor), entities, place, limit)
    if last is None:
        # What follows, up to where the feed was before it was read, is nothing for this caller.
        end = max([feed.numbered, place, *(number for number, _ in items)])
        return _page(items, end, bound, key, more=False)
    return _page(items, last, bound, key, more=True)


def _page(
    items: "Sequence[tuple[int, Change]]",
    last: int,
    bound: tuple[object, ...],
    key: bytes,
    *,
    more: bool,
) -> Changes:
    found = [change for _, change in items]
    return Changes(items=found, next=write_cursor([last], bound, key), more=more)


def _entities(runtime: "Runtime", actor: "Actor", entity: str | None) -> tuple[str, ...]:
    """Return the entities of which ``actor`` may read anything, or of these just ``entity``."""
    rights = runtime.policy.rights(actor)
    names = runtime.model.entities if entity is None else (runtime.entity(entity).name,)
    return tuple(name for name in names if "read" in rights.allowed(name))


def _place(cursor: str, bound: tuple[object, ...], key: bytes) -> int:
    try:
        (place,) = read_cursor(cursor, bound, key)
    except InvalidError as error:
        text = N_("This is no cursor of this feed: begin without one, or with “now”.")
        raise _refused("/after", "bad_cursor", text) from error
    return int(place)


def _refused(pointer: str, code: str, text: str, /, **context: object) -> InvalidError:
    return InvalidError(problems=(Problem(code=code, text=text, pointer=pointer, context=context),))


def _scanned(
    reader: "_Reader", entities: tuple[str, ...], place: int, limit: int
) -> tuple[list[tuple[int, Change]], int | None]:
    """Return up to ``limit`` numbered changes after ``place``, and where to go on at once.

    That place is None where there is nothing more.
    """
    items: list[tuple[int, Change]] = []
    last, seen, size = place, 0, max(limit + 1, SMALLEST_BATCH)
    while True:
        rows = read_events(reader.connection, last, entities, size) if entities else ()
        known = reader.known(rows)
        for row in rows:
            if len(items) == limit:
                return items, last
            if (row.entity, row.record) in known:
                items.append((row.number, reader.change(row)))
            last = row.number
        if len(rows) < size:
            return items, None
        seen += len(rows)
        if seen >= FURTHEST:
            return items, last


class _Reader:
    """Reads for one actor: which records he may read, and what he is told of their changes."""

    def __init__(self, connection: "Connection", runtime: "Runtime", actor: "Actor") -> None:
        self.connection = connection
        self._runtime = runtime
        self._rights = runtime.policy.rights(actor)
        self._values = parameters((), context_of(runtime, actor))

    def known(self, rows: Sequence[sa.Row[Any]]) -> set[tuple[str, UUID]]:
        """Return those records of ``rows`` that the actor may know of.

        Whether he may read a record is asked of its row as it is now, in the recycle bin too. Of
        what is gone for good there is no row left: whoever may read all is told, and nobody else.
        """
        records: dict[str, set[UUID]] = defaultdict(set)
        for row in rows:
            records[row.entity].add(row.record)
        found: set[tuple[str, UUID]] = set()
        for entity, ids in records.items():
            found.update((entity, id_) for id_ in self._readable(entity, ids))
        return found

    def _readable(self, entity: str, ids: Collection[UUID]) -> Collection[UUID]:
        rule = self._rights.rule(entity, "read").node
        if rule == TRUE:
            return ids
        table = self._runtime.tables[entity]
        source = Source(Row(table, table.table), base=table.table, tables=self._runtime.tables)
        predicate = to_sql(rule, source, dialect=self._runtime.store.database.name)
        column = table.columns["id"]
        statement = (
            sa.select(column).select_from(source.joined).where(column.in_(list(ids)), predicate)
        )
        # The condition names the reader only where it asks for him.
        compiled = statement.compile(dialect=self.connection.dialect)
        bound = bound_values(compiled, self._values)
        found: Sequence[UUID] = self.connection.scalars(statement, bound).all()  # type: ignore[assignment]
        return found

    def change(self, row: sa.Row[Any]) -> Change:
        """Return what the actor is told of an event."""
        fields = self._runtime.model.entities[row.entity].fields
        told: Mapping[str, object] = json.loads(row.changed) if row.changed else {}
        names = dict.fromkeys(key.partition(".")[0] for key in told)
        return Change(
            event=row.event,
            entity=row.entity,
            record=row.record,
            changed=tuple(name for name in names if name in fields),
            by=row.actor,
            at=row.at,
        )
