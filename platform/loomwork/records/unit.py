"""What the writers of one transaction have in common: what they read, what is judged at its end."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from loomwork.errors import InvalidError, Problem
from loomwork.expressions.context import Context, Record
from loomwork.records.checks import broken, since
from loomwork.records.context import Acting, acting
from loomwork.records.relations import StoredRelations
from loomwork.records.rules import rules_of

if TYPE_CHECKING:
    from loomwork.model.actor import Actor
    from loomwork.model.entity import Entity
    from loomwork.records.runtime import Runtime
    from loomwork.store.transaction import Transaction

UNIT = "records"


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

    def removed(self, entity: "Entity", id_: UUID) -> None:
        """Note that a record is gone, and that others may have lost their link to it."""
        self._waiting.pop((entity.name, id_), None)
        self._found.clear()
        self.relations.forget_all()

    def settle(self) -> None:
        """Judge what was written so far; InvalidError has every problem."""
        waiting, self._waiting = self._waiting, {}
        problems: list[Problem] = []
        for (name, _), one in waiting.items():
            checks = rules_of(self._runtime, self._runtime.model.entities[name]).checks
            changing = since(one.context, one.before)
            problems += broken(checks.at_commit, one.record, changing, one.accepted)
        if problems:
            raise InvalidError(problems=problems)


def unit_of(runtime: "Runtime", transaction: "Transaction") -> Unit:
    """Return what the writers of ``transaction`` have in common."""
    unit = transaction.shared.get(UNIT)
    if unit is None:
        unit = transaction.shared[UNIT] = Unit(runtime, transaction)
        transaction.before_commit.append(unit.settle)
    found: Unit = unit
    return found
