"""Search: the tokens of what was written."""

from collections import defaultdict
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from loomwork.store.search.index import INDEXES, entries, searched_keys

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from loomwork.expressions.context import Record
    from loomwork.records.following.written import Written
    from loomwork.records.runtime import Runtime
    from loomwork.store.search.entry import Entry
    from loomwork.store.transaction import Transaction


def follow(runtime: "Runtime", transaction: "Transaction", written: "Sequence[Written]") -> None:
    """Bring the index to what the records are now; what is in the recycle bin is not in it."""
    put: list[Entry] = []
    gone: dict[str, list[UUID]] = defaultdict(list)
    for one in written:
        keys = runtime.made.get(("searched", one.entity.name), partial(searched_keys, one.entity))
        if not keys or not _matters(one, keys):
            continue
        found = list(entries(one.entity, one.after)) if one.after and _is_live(one.after) else []
        put += [replace(entry, fresh=True) for entry in found] if one.before is None else found
        if not found and _is_live(one.before):
            gone[one.entity.name].append(one.id)
    index = INDEXES[transaction.engine]
    for entity, ids in gone.items():
        index.remove(transaction.connection, entity, ids)
    if put:
        index.put(transaction.connection, put)


def _matters(one: "Written", keys: frozenset[str]) -> bool:
    """Tell whether the record's place in the index may be another than before."""
    return _is_live(one.before) is not _is_live(one.after) or not keys.isdisjoint(one.changed)


def _is_live(row: "Record | None") -> bool:
    return row is not None and row.get("deleted_at") is None
