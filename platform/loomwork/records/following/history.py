"""History: each version of a record, as it was and who made it so.

A version begins with the moment that the record's own ``updated_at`` names, so that the end of the
one before is known without being looked for.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from loomwork.records.context import later
from loomwork.store.history import (
    ACTOR,
    AGENT,
    EVENT,
    FROM,
    REQUEST,
    SOURCE,
    TO,
    HistoryTable,
    write_versions,
)
from loomwork.store.transaction import stored

if TYPE_CHECKING:
    from datetime import datetime

    from loomwork.records.following.written import Written
    from loomwork.records.runtime import Runtime
    from loomwork.store.transaction import Transaction

BASELINE = "baseline"
"""The event of a version that was there before its entity kept a history."""


def history_of(runtime: "Runtime", entity: str) -> HistoryTable:
    """Return the history of an entity that keeps one."""
    history = runtime.tables[entity].history
    if history is None:
        raise TypeError(f"{entity} keeps no history")
    return history


def follow(runtime: "Runtime", transaction: "Transaction", written: "Sequence[Written]") -> None:
    """Write the versions that begin, and those that end, with one statement for each entity."""
    by_entity: dict[str, list[dict[str, Any]]] = {}
    for one in written:
        if one.entity.history and _has_moved(one):
            by_entity.setdefault(one.entity.name, []).extend(_versions(one))
    for name, versions in by_entity.items():
        history, table = history_of(runtime, name), runtime.tables[name]
        for version in versions if history.shadows else ():
            shown = stored(table, version)
            version.update((key, shown.get(key)) for key in history.shadows)
        write_versions(transaction.connection, transaction.engine, history, versions)


def _has_moved(one: "Written") -> bool:
    """Tell whether there is another version: derived values change without one."""
    if one.before is None or one.after is None:
        return True
    return bool(one.before["version"] != one.after["version"])


def _versions(one: "Written") -> Iterator[dict[str, Any]]:
    before, after = one.before, one.after
    began = _beginning(one)
    if before is not None:
        # Who made it is written only where nothing of it is there yet.
        yield {
            **before,
            FROM: before["updated_at"],
            TO: began,
            EVENT: BASELINE,
            ACTOR: before["updated_by"],
        }
    actor = one.by.actor
    made = {
        FROM: began,
        EVENT: one.event,
        ACTOR: actor.user,
        AGENT: None if actor.user is not None else actor.name,
        SOURCE: actor.source or None,
        REQUEST: actor.request or None,
    }
    if after is not None:
        yield {**after, **made, TO: None}
    elif before is not None:
        # It holds for no time at all, and says who removed the record.
        yield {**before, **made, TO: began}


def _beginning(one: "Written") -> "datetime":
    """Return the moment from which the new version holds."""
    if one.after is not None:
        at: datetime = one.after["updated_at"]
        return at
    return later(one.before["updated_at"] if one.before is not None else None)
