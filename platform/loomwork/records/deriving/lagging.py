"""Saying of a record which of its values may be old: a job has not come to them yet."""

from typing import TYPE_CHECKING, Any

from loomwork.records.deriving.plan import plan_of
from loomwork.store.schema.derived import stale_fields

if TYPE_CHECKING:
    from loomwork.model.entity import Entity
    from loomwork.records.runtime import Runtime
    from loomwork.store.reading.query import Record

STALE = "stale"
"""Beside the fields of a record that is read alone: the names of those that wait."""


def mark_stale(runtime: "Runtime", entity: "Entity", record: "Record") -> None:
    """Add to ``record`` which of its fields wait, if there are any.

    Nothing is asked where one change never concerns more records than a writer works out himself.
    """
    if not _may_wait(runtime, entity):
        return
    with runtime.store.database.reader.connect() as connection:
        found = stale_fields(connection)
    names = waiting_of(runtime, entity, found)
    if names:
        record[STALE] = names


def waiting_of(runtime: "Runtime", entity: "Entity", stale: Any) -> list[str]:
    """Return the fields of ``entity`` that wait, or that follow from such fields."""
    waiting = set(stale)
    for group in plan_of(runtime).order:
        for one in group:
            if any((read.entity, read.field) in waiting for read in one.reads):
                waiting.add(one.place)
    return sorted(field for name, field in waiting if name == entity.name)


def _may_wait(runtime: "Runtime", entity: "Entity") -> bool:
    return runtime.made.get(("may wait", entity.name), lambda: _Answer(runtime, entity)).found


class _Answer:
    """Whether any field of an entity may wait; an object, since a cache keeps no falsehood."""

    __slots__ = ("found",)

    def __init__(self, runtime: "Runtime", entity: "Entity") -> None:
        lagging = {one.place for one in plan_of(runtime).kept.values() if one.fans_out}
        self.found = bool(waiting_of(runtime, entity, lagging))
