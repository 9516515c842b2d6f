"""The history of one record: who changed what, when and by what way, as far as one may read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from loomwork.expressions.lift import parameters
from loomwork.expressions.sql.source import Row, Source
from loomwork.expressions.to_sql import bound_values, to_sql
from loomwork.model.derived import DerivedType
from loomwork.model.types.link import LinkType
from loomwork.model.types.links import LinksType
from loomwork.records.context import USER, context_of
from loomwork.records.drafts.sealing import Sealing
from loomwork.records.following.history import history_of
from loomwork.records.lists.cursor import read_cursor, write_cursor
from loomwork.store.engine import translated
from loomwork.store.history import (
    ACTOR,
    AGENT,
    EVENT,
    FROM,
    REQUEST,
    SOURCE,
    erase_versions,
    expire_versions,
    read_versions,
)
from loomwork.store.outbox import forget_values
from loomwork.store.search.index import INDEXES

if TYPE_CHECKING:
    from datetime import datetime

    from loomwork.model.actor import Actor
    from loomwork.model.entity import Entity, Field
    from loomwork.records.runtime import Runtime
    from loomwork.store.history import HistoryTable
    from loomwork.store.transaction import Transaction

STAMPS = frozenset(
    (
        *("id", "created_at", "created_by", "updated_at", "updated_by", "version"),
        *("deleted_at", "last_activity_at"),
    )
)
"""What changes with every version, and is said of it otherwise."""

CREATED = "created"
Version = Mapping[str, Any]
Titles = Mapping[tuple[str, UUID], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryQuery:
    """Which record's history is asked for, how many changes of it, and from where on."""

    id: UUID
    limit: int
    cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """Some changes of a record, the newest first, and the cursor of the next page or None.

    An item has ``at``, ``actor`` (a link to the user; None if it was nobody), ``agent`` (the part
    of the platform then), ``source``, ``request``, ``event`` and ``changes``: a list of ``field``,
    ``from``, ``to``, or None where what was before is not known.
    """

    items: list[dict[str, Any]]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """A field whose changes are told, and the keys of a version that have its value."""

    field: "Field"
    keys: tuple[str, ...]


def history_page(
    runtime: "Runtime", actor: "Actor", entity: "Entity", query: HistoryQuery, key: bytes
) -> HistoryPage:
    """Return one page of the history of a record that ``actor`` may read, which was seen to."""
    limit = query.limit
    bound = ("history", runtime.model.hash, entity.name, str(query.id), str(actor.user))
    before: datetime | None = read_cursor(query.cursor, bound, key)[0] if query.cursor else None
    history = history_of(runtime, entity.name)
    with translated(), runtime.store.database.reader.connect() as connection:
        # One more tells what the last one on the page was before, and whether there is another.
        versions = read_versions(connection, history, query.id, before=before, limit=limit + 1)
        shown = versions[:limit]
        told = _told(entity, history)
        titles = _titles(runtime, actor, connection, _linked(told, versions))
    follows = versions[1:] + [None] * (len(shown) - len(versions) + 1)
    sealing = Sealing(runtime, entity)
    items = [
        _item(told, version, older, titles, sealing)
        for version, older in zip(shown, follows, strict=False)
    ]
    more = len(versions) > limit
    return HistoryPage(
        items=items, next=write_cursor([shown[-1][FROM]], bound, key) if more else None
    )


def _told(entity: "Entity", history: "HistoryTable") -> list[_Told]:
    """Return the fields whose changes are told: those that the record itself keeps."""
    kept = frozenset(history.keys)
    return [
        _Told(field=field, keys=keys)
        for name, field in entity.fields.items()
        if name not in STAMPS and not isinstance(field.type, DerivedType)
        if (keys := tuple(key for key in field.keys if key in kept))
    ]


def _item(
    told: Sequence[_Told],
    version: Version,
    older: Version | None,
    titles: Titles,
    sealing: Sealing,
) -> dict[str, Any]:
    changes = None
    if older is not None or version[EVENT] == CREATED:
        before: Version = older or {}
        changes = [
            {
                "field": one.field.name,
                "from": _shown(one.field, before, titles, sealing),
                "to": _shown(one.field, version, titles, sealing),
            }
            for one in told
            if any(before.get(key) != version.get(key) for key in one.keys)
        ]
    user = version[ACTOR]
    return {
        "at": version[FROM],
        "actor": None if user is None else _link(USER, user, titles),
        "agent": version[AGENT],
        "source": version[SOURCE],
        "request": version[REQUEST],
        "event": version[EVENT],
        "changes": changes,
    }


def _shown(field: "Field", row: Version, titles: Titles, sealing: Sealing) -> Any:
    """Return a field's value as a record shows it."""
    type_ = field.type
    if type_.sealed:
        return sealing.shown(field, row, row.get("id"))
    if type_.parts:
        return field.gather(row)
    value = row.get(field.name)
    if value is None:
        return None
    if isinstance(type_, LinkType):
        return _link(type_.to, value, titles)
    if isinstance(type_, LinksType):
        return [_link(type_.to, one, titles) for one in value]
    return value


def _link(entity: str, id_: UUID, titles: Titles) -> dict[str, Any]:
    title = titles.get((entity, id_))
    return {"id": id_} if title is None else {"id": id_, "title": title}


def _linked(told: Sequence[_Told], versions: Sequence[Version]) -> dict[str, set[UUID]]:
    """Return the records that these versions name, by entity."""
    found: dict[str, set[UUID]] = {USER: {one[ACTOR] for one in versions} - {None}}
    for field in (one.field for one in told):
        for version in versions:
            value = version.get(field.name)
            if isinstance(field.type, LinkType) and value is not None:
                found.setdefault(field.type.to, set()).add(value)
            elif isinstance(field.type, LinksType):
                found.setdefault(field.type.to, set()).update(value or ())
    return found


def _titles(
    runtime: "Runtime", actor: "Actor", connection: sa.Connection, wanted: Mapping[str, set[UUID]]
) -> dict[tuple[str, UUID], str]:
    """Return the present titles of those records that the actor may read."""
    rights, values = runtime.policy.rights(actor), parameters((), context_of(runtime, actor))
    titles: dict[tuple[str, UUID], str] = {}
    for entity, ids in wanted.items():
        table = runtime.tables.get(entity)
        if not ids or table is None:
            continue
        readable = rights.rule(entity, "read").node
        source = Source(Row(table, table.table), base=table.table, tables=runtime.tables)
        predicate = to_sql(readable, source, dialect=runtime.store.database.name)
        id_, title = table.columns["id"], table.columns[table.entity.title]
        statement = sa.select(id_, title).select_from(source.joined)
        statement = statement.where(id_.in_(ids), predicate)
        bound = bound_values(statement.compile(dialect=connection.dialect), values)
        rows: Sequence[Sequence[Any]] = connection.execute(statement, bound).all()
        titles |= {(entity, row[0]): row[1] for row in rows}
    return titles


def erase(runtime: "Runtime", transaction: "Transaction", entity: str, ids: Sequence[UUID]) -> None:
    """Remove what stands of records outside their own rows: versions, found words, old values.

    For records that are gone, or about to go: whatever is not is not found by search any more.
    """
    connection = transaction.connection
    INDEXES[transaction.engine].remove(connection, entity, ids)
    forget_values(connection, entity, ids)
    if runtime.entity(entity).history:
        erase_versions(connection, history_of(runtime, entity), ids)


def expire_history(runtime: "Runtime", before: "datetime") -> int:
    """Remove the versions that ended before the month of ``before``; return how many there were."""
    removed = 0
    for entity in runtime.model.entities.values():
        if entity.history:
            history = history_of(runtime, entity.name)
            removed += runtime.store.run(
                lambda transaction, history=history: expire_versions(  # type: ignore[misc]
                    transaction.connection, history, before
                )
            )
    return removed
