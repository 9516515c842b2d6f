"""What the writers of one transaction have in common: what they read, what is judged at its end."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from loomwork.errors import InvalidError, Problem
from loomwork.expressions.context import Context, Record
from loomwork.records.context import Acting, acting
from loomwork.records.following import announcing, attaching, deriving, history, searching
from loomwork.records.following.written import Follower, Written
from loomwork.records.relations import StoredRelations
from loomwork.records.rules.checks import broken, since
from loomwork.records.rules.compiled import rules_of

if TYPE_CHECKING:
    from loomwork.model.actor import Actor
    from loomwork.model.entity import Entity
    from loomwork.records.runtime import Runtime
    from loomwork.store.transaction import Transaction

UNIT = "records"
FOLLOWERS: tuple[Follower, ...] = (
    attaching.follow,
    history.follow,
    searching.follow,
    announcing.follow,
)
"""What follows from writes, in this order, when a transaction is about to end.

Before all of them the derived values are kept current, which the checks look at, too.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    """A record whose checks are open; ``before`` is what it was, None of a new one."""

    record: Record
    before: Record | None
    context: Context
    accepted: frozenset[str]


class Unit:
    """The records written in one transaction so far."""

    def __init__(self, runtime: "Runtime", transaction: "Transaction") -> None:
        self._runtime = runtime
        self._transaction = transaction
        self.relations = StoredRelations(runtime, transaction)
        self._found: set[tuple[str, UUID]] = set()
        self._waiting: dict[tuple[str, UUID], _Open] = {}
        self._written: dict[tuple[str, UUID], Written] = {}

    def acting(self, actor: "Actor") -> Acting:
        """Return ``actor`` as one who writes in this transaction."""
        return acting(self._runtime, actor, self._transaction, self.relations, self._found)

    def written(
        self,
        entity: "Entity",
        record: Record,
        before: Record | None,
        by: Acting,
        accepted: frozenset[str],
    ) -> None:
        """Note a record as it now is, whose checks at the end of the transaction are still open.

        Of several changes to one record the checks see the first state and the last.
        """
        self.relations.forget(entity.name)
        self._note(entity, record["id"], before, record, by)
        if not rules_of(self._runtime, entity).checks.at_commit:
            return
        key = entity.name, record["id"]
        earlier = self._waiting.get(key)
        self._waiting[key] = _Open(
            record=record,
            before=before if earlier is None else earlier.before,
            context=by.context,
            accepted=accepted,
        )

    def touched(self, entity: "Entity", before: Record, after: Record, by: Acting) -> None:
        """Note a record that was changed because of another one, whose own rules are not asked."""
        self.relations.forget(entity.name)
        self._note(entity, after["id"], before, after, by)

    def removed(self, entity: "Entity", before: Record, after: Record | None, by: Acting) -> None:
        """Note that a record is gone, and that others may have lost their link to it.

        ``after`` is its row in the recycle bin, None where it is gone for good.
        """
        self._waiting.pop((entity.name, before["id"]), None)
        self._note(entity, before["id"], before, after, by)
        self._found.clear()
        self.relations.forget_all()

    def _note(
        self, entity: "Entity", id_: UUID, before: Record | None, after: Record | None, by: Acting
    ) -> None:
        key = entity.name, id_
        earlier = self._written.get(key)
        if earlier is not None:
            before = earlier.before
        if before is None and after is None:
            self._written.pop(key, None)
            return
        self._written[key] = Written(entity=entity, id=id_, before=before, after=after, by=by)

    def settle(self) -> None:
        """Judge what was written so far and do what follows; InvalidError has every problem."""
        waiting, self._waiting = self._waiting, {}
        written, self._written = self._written, {}
        done = tuple(written.values())
        if done:
            deriving.follow(self._runtime, self._transaction, done)
        problems: list[Problem] = []
        for (name, _), one in waiting.items():
            checks = rules_of(self._runtime, self._runtime.model.entities[name]).checks
            changing = since(one.context, one.before)
            problems += broken(checks.at_commit, one.record, changing, one.accepted)
        if problems:
            raise InvalidError(problems=problems)
        if done:
            for follow in FOLLOWERS:
                follow(self._runtime, self._transaction, done)


def unit_of(runtime: "Runtime", transaction: "Transaction") -> Unit:
    """Return what the writers of ``transaction`` have in common."""
    unit = transaction.shared.get(UNIT)
    if unit is None:
        unit = transaction.shared[UNIT] = Unit(runtime, transaction)
        transaction.before_commit.append(unit.settle)
    found: Unit = unit
    return found
