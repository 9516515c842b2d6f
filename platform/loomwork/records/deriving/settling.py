"""What follows from the writes of a transaction, carried through all that depends on them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from loomwork.records.deriving.computing import Computing
from loomwork.records.deriving.finding import Finder, pages
from loomwork.records.deriving.plan import Kept, Place, Plan, Read, plan_of
from loomwork.records.following import searching
from loomwork.records.following.written import Written
from loomwork.store.jobs.table import enqueue
from loomwork.store.reading.derived_values import kept_value
from loomwork.store.reading.whole_rows import lock_rows
from loomwork.store.schema.derived import CATCH_UP, note_stale

if TYPE_CHECKING:
    from loomwork.expressions.context import Record
    from loomwork.expressions.dependencies import Way
    from loomwork.records.context import Acting
    from loomwork.store.transaction import Transaction

MOST_AT_ONCE = 1_000
"""Dependants that are worked out in the transaction itself; more are left to a job."""
BEFORE: Final = object()
"""Stands for what a derived field was, which nobody asks by now."""
WHOLE = ("created", "deleted", "restored")
"""Events with which everything about a record counts as changed."""


class Settling:
    """The changes of one transaction as far as kept values follow from them."""

    def __init__(self, transaction: "Transaction", by: "Acting") -> None:
        self._plan: Plan = plan_of(by.runtime)
        self._transaction = transaction
        self._by = by
        self._finder = Finder(by.runtime, transaction.connection)
        self._computing = Computing(by.runtime, transaction, by.context)
        self._changed: dict[Place, set[UUID]] = {}
        self._rows: dict[str, dict[UUID, list[Record]]] = {}
        self._searched: dict[str, dict[UUID, str]] = {}
        self._written: dict[tuple[str, UUID], Written] = {}
        self._found: dict[tuple[str, Way, frozenset[UUID]], tuple[set[UUID], bool]] = {}

    def note(self, written: "Iterable[Written]") -> None:
        """Take in what was written."""
        for one in written:
            name = one.entity.name
            self._written[name, one.id] = one
            if name not in self._plan.sources and name not in self._plan.of:
                continue
            whole = one.event in WHOLE
            versions = [row for row in (one.before, one.after) if row is not None]
            self._rows.setdefault(name, {})[one.id] = versions
            for field in one.entity.keys if whole else one.changed:
                self._changed.setdefault((name, field), set()).add(one.id)

    def note_changed(self, place: Place, ids: Iterable[UUID]) -> None:
        """Take in records of which the field at ``place`` has changed."""
        self._changed.setdefault(place, set()).update(ids)

    def note_searched(self, one: Kept, ids: Iterable[UUID]) -> None:
        """Take in records of which a field has changed that they are found by."""
        others = {id_ for id_ in ids if (one.entity.name, id_) not in self._written}
        self._searched.setdefault(one.entity.name, {}).update(dict.fromkeys(others, one.field.name))

    def carry_through(self) -> None:
        """Work out every value that follows from what was noted, in the order of the plan."""
        self._carry_through()
        found = [one for name, ids in self._searched.items() for one in self._found_by(name, ids)]
        if found:
            searching.follow(self._by.runtime, self._transaction, found)

    def _found_by(self, name: str, ids: dict[UUID, str]) -> Iterator[Written]:
        """Yield records that are found by other words now, as the search index is told of them."""
        table = self._by.runtime.tables[name]
        for page in pages(sorted(ids)):
            for row in lock_rows(self._transaction, table, table.columns["id"].in_(page)):
                before = {**row, ids[row["id"]]: BEFORE}
                entity = self._by.runtime.model.entities[name]
                yield Written(entity=entity, id=row["id"], before=before, after=row, by=self._by)

    def _carry_through(self) -> None:
        for group in self._plan.order:
            due: set[UUID] = set()
            for one in group:
                if one.live:
                    due |= self._due(one)
            if not due:
                continue
            live = tuple(one for one in group if one.live)
            moved = self._computing.renew(live, due)
            for one in live:
                self._take(one, moved[one.field.name])

    def _take(self, one: Kept, moved: "dict[UUID, Any] | Any") -> None:
        if not moved:
            return
        self.note_changed(one.place, moved)
        self._by.relations.forget(one.entity.name)
        if one.field.search:
            self.note_searched(one, moved)
        for id_, value in moved.items():
            written = self._written.get((one.entity.name, id_))
            if written is not None and isinstance(written.after, dict):
                # Those that come after us keep and tell what the record is by now.
                written.after[one.field.name] = value

    def _due(self, one: Kept) -> set[UUID]:
        """Return the records whose value of ``one`` may be another by now."""
        found: set[UUID] = set()
        for read in one.reads:
            ids = self._changed.get((read.entity, read.field))
            if not ids:
                continue
            if not read.way:
                found |= self._own(one, ids)
                continue
            few, complete = self._few(one, read, ids)
            found |= few
            if not complete:
                self._leave(one, read, ids)
        return found

    def _own(self, one: Kept, ids: set[UUID]) -> set[UUID]:
        """Return those of ``ids`` that do not have the value which their own fields make."""
        if one.gathers:
            return ids
        return {id_ for id_ in ids if not self._is_right(one, id_)}

    def _is_right(self, one: Kept, id_: UUID) -> bool:
        written = self._written.get((one.entity.name, id_))
        if written is None or written.after is None:
            return written is not None
        value = one.derived.value(written.after, self._by.context)
        return bool(kept_value(one.field.type, value) == written.after.get(one.field.name))

    def _few(self, one: Kept, read: Read, ids: set[UUID]) -> tuple[set[UUID], bool]:
        """Return the dependants, and whether these are all."""
        key = (one.entity.name, read.way, frozenset(ids))
        if key in self._found:
            return self._found[key]
        self._found[key] = self._looked_for(one, read, ids)
        return self._found[key]

    def _looked_for(self, one: Kept, read: Read, ids: set[UUID]) -> tuple[set[UUID], bool]:
        found: set[UUID] = set()
        rows = self._rows.get(read.entity, {})
        for page in self._finder.dependants(one.entity.name, read.way, sorted(ids), rows):
            found.update(page)
            if len(found) > MOST_AT_ONCE:
                return set(), False
        return found, True

    def _leave(self, one: Kept, read: Read, ids: Sequence[UUID] | set[UUID]) -> None:
        """Leave the dependants to a job: too many to let the writer wait for them."""
        note_stale(self._transaction.connection, one.place, read.entity, sorted(ids))
        enqueue(self._transaction, CATCH_UP, {}, key=CATCH_UP, again=True)


def pages_of(finder: Finder, one: Kept, source: str, ids: Sequence[UUID]) -> Iterator[list[UUID]]:
    """Yield all records whose value of ``one`` follows from the records ``ids`` of ``source``."""
    for way in sorted({read.way for read in one.reads if read.entity == source}, key=repr):
        yield from finder.dependants(one.entity.name, way, ids, {})
