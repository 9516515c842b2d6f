"""What a transaction has written of one record."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from loomwork.expressions.context import Record
    from loomwork.model.entity import Entity
    from loomwork.records.context import Acting
    from loomwork.records.runtime import Runtime
    from loomwork.store.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One record as a transaction found it and as it leaves it, both as whole stored rows.

    ``before`` is None of a new record, ``after`` of one that is gone for good. A record in the
    recycle bin has ``deleted_at``.
    """

    entity: "Entity"
    id: UUID
    before: "Record | None"
    after: "Record | None"
    by: "Acting"

    @property
    def event(self) -> str:
        """Return ``created``, ``updated``, ``deleted`` (recycle bin or for good), ``restored``."""
        if self.before is None:
            return "created"
        if self.after is None:
            return "deleted"
        was, is_ = self.before.get("deleted_at"), self.after.get("deleted_at")
        if was is None and is_ is not None:
            return "deleted"
        return "restored" if was is not None and is_ is None else "updated"

    @property
    def changed(self) -> frozenset[str]:
        """Return the keys of the row whose values differ."""
        before, after = self.before or {}, self.after or {}
        return frozenset(
            key for key in before.keys() | after.keys() if before.get(key) != after.get(key)
        )


Follower: TypeAlias = "Callable[[Runtime, Transaction, Sequence[Written]], None]"
"""Does what follows from the records written since the last call; may be called repeatedly.

Calls come at the end of the transaction, and earlier where what was written has to stand by
itself: after each chunk or row of an import, and in a transaction that somebody else ends.
"""
