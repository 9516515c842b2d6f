"""The outbox: events of what was written, in the records' own transaction.

An event of an updated or restored record keeps what changed as JSON, by the keys of its row:
``{"key": [old, new]}``. A value that is long, or that is encrypted, is left out:
``{"key": []}`` says only that it changed. What follows from other fields is not named. New and
deleted records have none: the record itself, or its history, has the values.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
import sqlalchemy as sa

from loomwork.model.derived import DerivedType
from loomwork.model.values import Duration, JsonText
from loomwork.records.context import clock
from loomwork.store.identifiers import new_id
from loomwork.store.outbox import OUTBOX, month_of

if TYPE_CHECKING:
    from loomwork.model.entity import Entity
    from loomwork.records.following.written import Written
    from loomwork.records.runtime import Runtime
    from loomwork.store.transaction import Transaction

BOOKKEEPING = frozenset({"id", "version", "created_at", "created_by", "updated_at", "updated_by"})
"""Fields that change with every write, or never."""
LONGEST_VALUE = 500
"""Bytes of a value's JSON that an event still keeps."""
LONGEST_SOURCE = 120
LONGEST_REQUEST = 64
WITH_VALUES = frozenset({"updated", "restored"})
INSERT = sa.insert(OUTBOX)


def follow(runtime: "Runtime", transaction: "Transaction", written: "Sequence[Written]") -> None:
    """Put an event for each record into the outbox; the feed has them once they are committed."""
    del runtime
    at = clock()
    transaction.connection.execute(INSERT, [_event(one, at) for one in written])


def _event(written: "Written", at: datetime) -> dict[str, Any]:
    actor = written.by.actor
    return {
        "month": month_of(at),
        "id": new_id(),
        "entity": written.entity.name,
        "record": written.id,
        "event": written.event,
        "changed": changes(written),
        "actor": actor.user,
        "source": actor.source[:LONGEST_SOURCE] or None,
        "request": actor.request[:LONGEST_REQUEST] or None,
        "at": at,
    }


def changes(written: "Written") -> str | None:
    """Return what changed as JSON, or None where the event does not say."""
    before, after = written.before, written.after
    if before is None or after is None or written.event not in WITH_VALUES:
        return None
    entity = written.entity
    changed: dict[str, list[Any]] = {
        key: _pair(entity, key, before, after)
        for key in sorted(written.changed - BOOKKEEPING)
        if not _is_derived(entity, key)
    }
    return orjson.dumps(changed).decode()


def _is_derived(entity: "Entity", key: str) -> bool:
    """Tell whether a value follows from others: nobody has changed it."""
    field = entity.fields.get(key)
    return field is not None and isinstance(field.type, DerivedType)


def _pair(
    entity: "Entity", key: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[Any]:
    """Return the old and the new value in their JSON forms, or nothing where they are not kept."""
    field = entity.fields.get(key.partition(".")[0])
    if field is None or field.type.sealed:
        return []
    pair = [_plain(before.get(key)), _plain(after.get(key))]
    return pair if all(map(_is_short, pair)) else []


def _is_short(value: Any) -> bool:
    try:
        return len(orjson.dumps(value)) <= LONGEST_VALUE
    except orjson.JSONEncodeError:
        # A plug-in's type may keep what has no JSON form; a write does not fail for that.
        return False


def _plain(value: Any) -> Any:
    """Return a stored value in its JSON form."""
    if isinstance(value, Duration):
        return value.to_json()
    if isinstance(value, JsonText):
        return orjson.Fragment(value.encode())
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(member) for key, member in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(member) for member in value]
    return value
