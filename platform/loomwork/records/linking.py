"""Links to a record that goes or comes back: emptied and put back, with all that follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from loomwork.errors import N_, ConflictError
from loomwork.model.types.links import LinksType
from loomwork.records.context import later
from loomwork.records.unit import unit_of
from loomwork.store.reading.whole_rows import lock_rows
from loomwork.store.schema.sets import remove_value
from loomwork.store.system import CLEARED_LINK

if TYPE_CHECKING:
    from loomwork.model.entity import Entity, Field
    from loomwork.records.context import Acting
    from loomwork.store.schema.tables import EntityTable
    from loomwork.store.transaction import Transaction

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Linking:
    """The ``field`` of the records of ``entity`` by which they link to one of ``to`` that goes.

    What is emptied or put back counts as a change of the record that has the link. Those ``among``
    the ones that go as well keep theirs.
    """

    entity: "Entity"
    field: "Field"
    to: str
    among: frozenset[UUID]
    transaction: "Transaction"
    by: "Acting"

    @property
    def _table(self) -> "EntityTable":
        return self.by.runtime.tables[self.entity.name]

    def clear(self, target: UUID) -> None:
        """Empty the link wherever it leads to ``target``, in deleted records too."""
        found = self._locked(self._table.columns[self.field.name] == target)
        if found:
            ids = [row["id"] for row in found]
            self.transaction.note_cleared(self._table, self.field.name, target, ids)
            self._change(found, dict.fromkeys(self.field.keys))

    def put_back(self, target: UUID) -> None:
        """Let the link lead to ``target`` again where it was emptied and still is empty."""
        table, name = self._table, self.field.name
        emptied = sa.select(CLEARED_LINK.c.record).where(
            CLEARED_LINK.c.target == target,
            CLEARED_LINK.c.entity == self.entity.name,
            CLEARED_LINK.c.field == name,
        )
        found = lock_rows(
            self.transaction,
            table,
            table.columns[name].is_(None) & table.columns["id"].in_(emptied),
        )
        # A reference has the entity beside the id.
        value = {name: target, f"{name}.entity": self.to}
        self._change(found, {key: value[key] for key in self.field.keys})
        self.transaction.forget_cleared(table, name, target)

    def leave(self, target: UUID) -> None:
        """Take ``target``, which goes for good, out of many links, in deleted records too.

        ConflictError where it is all that a field has which needs a value.
        """
        table, name = self._table, self.field.name
        kept = table.sets[name]
        holders = sa.select(kept.table.c.record).where(kept.table.c.value == target)
        found = self._locked(table.columns["id"].in_(holders))
        lonely = sum(row[name] == (target,) for row in found)
        if lonely and self.field.required:
            raise linked_still(lonely, self.entity, self.field)
        remove_value(self.transaction.connection, kept, target)
        rest = {row["id"]: tuple(one for one in row[name] if one != target) for row in found}
        self._change(found, {}, {id_: {name: left or None} for id_, left in rest.items()})

    def _locked(self, condition: sa.ColumnElement[bool]) -> Rows:
        found = lock_rows(self.transaction, self._table, condition)
        return [row for row in found if row["id"] not in self.among]

    def _change(
        self,
        found: Rows,
        values: Mapping[str, Any],
        of_each: Mapping[UUID, Mapping[str, Any]] | None = None,
    ) -> None:
        """Set columns of all the rows ``found``, and note that and what was done to each."""
        if not found:
            return
        unit = unit_of(self.by.runtime, self.transaction)
        latest = max(row["updated_at"] for row in found)
        changed = {**values, "updated_at": later(latest), "updated_by": self.by.actor.user}
        self.transaction.touch(self._table, [row["id"] for row in found], changed)
        for before in found:
            own = (of_each or {}).get(before["id"], {})
            after = {**before, **changed, **own, "version": before["version"] + 1}
            unit.touched(self.entity, before, after, self.by)


def linked_still(count: int, entity: "Entity", field: "Field") -> ConflictError:
    """Return why a record cannot be deleted: ``count`` others have to go on linking to it."""
    return ConflictError(
        N_("{count} records of “{entity}” link to this one by “{field}”."),
        count=count,
        entity=entity.plural,
        field=field.label,
    )


def with_hidden(
    by: "Acting", entity: "Entity", given: Mapping[str, Any], present: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what is ``given`` with the deleted records that links led to at ``present``.

    Nobody sees those, so that nobody can mean to take them away; with a restored record its links
    are there again.
    """
    made = dict(given)
    for name in given:
        type_ = entity.fields[name].type if name in entity.leading else None
        if not isinstance(type_, LinksType) or present[name] is None:
            continue
        gone = [id_ for id_ in present[name] if id_ not in (given[name] or ())]
        hidden = set(gone) - _live(by, type_.to, gone) if gone else set()
        shown = tuple(id_ for id_ in present[name] if id_ not in hidden)
        if hidden and shown == (given[name] or ()):
            made[name] = present[name]
        elif hidden:
            made[name] = (*(given[name] or ()), *(id_ for id_ in gone if id_ in hidden))
    return made


def _live(by: "Acting", entity: str, ids: Sequence[UUID]) -> set[UUID]:
    """Return which of the records ``ids`` are not deleted."""
    by.relations.prefetch(entity, ids)
    return {id_ for id_ in ids if by.relations.linked(entity, id_) is not None}
