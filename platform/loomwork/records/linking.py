"""Links to a record that goes or comes back: emptied and put back, with all that follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from loomwork.records.context import later
from loomwork.store.reading.whole_rows import lock_rows
from loomwork.store.system import CLEARED_LINK

if TYPE_CHECKING:
    from loomwork.model.entity import Entity
    from loomwork.records.context import Acting
    from loomwork.records.unit import Unit
    from loomwork.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Linking:
    """The link ``field`` of the records of ``entity``, for one who deletes or restores its target.

    What is emptied or put back counts as a change of the record that has the link.
    """

    entity: "Entity"
    field: str
    transaction: "Transaction"
    unit: "Unit"
    by: "Acting"

    def clear(self, target: UUID) -> None:
        """Empty the link wherever it leads to ``target``, in deleted records too."""
        table = self.by.runtime.tables[self.entity.name]
        found = lock_rows(self.transaction, table, table.columns[self.field] == target)
        if found:
            stamp = self._stamp(found)
            self.transaction.clear_links(table, self.field, target, stamp)
            self._note(found, {**stamp, self.field: None})

    def put_back(self, target: UUID) -> None:
        """Let the link lead to ``target`` again where it was emptied and still is empty."""
        table = self.by.runtime.tables[self.entity.name]
        emptied = sa.select(CLEARED_LINK.c.record).where(
            CLEARED_LINK.c.target == target,
            CLEARED_LINK.c.entity == self.entity.name,
            CLEARED_LINK.c.field == self.field,
        )
        condition = table.columns[self.field].is_(None) & table.columns["id"].in_(emptied)
        found = lock_rows(self.transaction, table, condition)
        stamp = self._stamp(found)
        self.transaction.put_links_back(table, self.field, target, stamp)
        self._note(found, {**stamp, self.field: target})

    def _stamp(self, found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Return who did it and when: after the last change of each of these records."""
        latest = max((record["updated_at"] for record in found), default=None)
        return {"updated_at": later(latest), "updated_by": self.by.actor.user}

    def _note(self, found: Sequence[Mapping[str, Any]], changed: Mapping[str, Any]) -> None:
        for before in found:
            after = {**before, **changed, "version": before["version"] + 1}
            self.unit.touched(self.entity, before, after, self.by)
