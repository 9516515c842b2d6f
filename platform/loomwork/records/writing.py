"""Writing: each use case inside one transaction, from the input to the record as it then reads."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from loomwork.errors import (
    N_,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    StaleVersionError,
)
from loomwork.expressions.tree import FALSE, TRUE
from loomwork.model.actor import Actor
from loomwork.model.entity import Entity
from loomwork.records.context import later
from loomwork.records.drafts.drafting import Drafting
from loomwork.records.drafts.numbering import Numbering
from loomwork.records.drafts.payload import require_all
from loomwork.records.drafts.sealing import show_sealed
from loomwork.records.files import show_files
from loomwork.records.lines import together
from loomwork.records.linking import with_hidden
from loomwork.records.lists.listing import single_shape, single_values
from loomwork.records.rules.checks import require_warnings
from loomwork.records.rules.hierarchy import require_tree
from loomwork.records.rules.judging import Draft, judge, mark
from loomwork.records.runtime import Runtime
from loomwork.records.unit import unit_of
from loomwork.store.reading.query import Record
from loomwork.store.reading.shape import Shape
from loomwork.store.transaction import Transaction, bump_access

if TYPE_CHECKING:
    from loomwork.access.policy import Rights
    from loomwork.records.rules.compiled import EntityRules

MANAGED = {"user": frozenset({"create", "delete"})}
"""What only the platform itself does: a user's record lives and dies with his account."""
ASSIGNED = ("owner", "team")


class Writer:
    """The write use cases of one actor on one entity, under one Runtime and in one transaction."""

    def __init__(
        self,
        runtime: Runtime,
        transaction: Transaction,
        actor: Actor,
        entity: Entity,
        accepted: frozenset[str] = frozenset(),
    ) -> None:
        self.runtime = runtime
        self.transaction = transaction
        self.actor = actor
        self.entity = entity
        self.accepted = accepted
        self.table = runtime.tables[entity.name]
        self.unit = unit_of(runtime, transaction)
        self.acting = self.unit.acting(actor)
        self.context = self.acting.context
        self.drafting = Drafting(self.acting, entity)
        self.rights: Rights = self.drafting.rights
        self.rules: EntityRules = self.drafting.rules
        self.numbering = Numbering(runtime=runtime, transaction=transaction, entity=entity)
        if accepted:
            require_warnings(self.rules.checks, accepted)

    def create(self, payload: object, *, at: datetime | None = None) -> Record:
        """Insert a record and return it. ``at``: when it came into being, if not now."""
        require_unmanaged(self.actor, self.entity, "create")
        given = self._read_new(payload)
        self.drafting.require("create")
        values = self.drafting.new(given, at)
        if self._given_away(values, frozenset()):
            self._require_assign(None)
        self._hold_counted(values)
        self.drafting.check_links(values, self.entity.leading)
        self._admit(values, given)
        self.complete([values])
        self.transaction.insert(self.table, values)
        self.written(values)
        return self.read(values["id"])

    def _read_new(self, payload: object) -> dict[str, Any]:
        try:
            return self.drafting.payload().read(payload, new=True)
        except InvalidError as error:
            raise self.drafting.with_links(error, payload, {}) from error

    def prepare_new(
        self, given: Mapping[str, Any], *, at: datetime | None = None
    ) -> dict[str, Any]:
        """Return the whole row of a new record that the actor may create.

        Whether the links that are given lead to what the actor may read is not checked.
        """
        values = self.drafting.new(given, at)
        self._hold_counted(values)
        self._admit(values, given)
        return values

    def complete(self, rows: Sequence[dict[str, Any]]) -> None:
        """Give new records that are about to be inserted what has to come last: their numbers."""
        fields = self.numbering.number_gapless(rows)
        for values in rows if fields else ():
            self.drafting.derive(values, {**values, **dict.fromkeys(fields)})

    def _hold_counted(self, *records: Mapping[str, Any]) -> None:
        """Let others wait who add to what the checks of these records count."""
        for name in self.rules.counted:
            ids = {record[name] for record in records} - {None}
            self.unit.relations.hold(self.entity.links[name].to, ids)

    def written(self, record: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> None:
        """Note that ``record`` has just been written; ``before`` is what it was, unless new."""
        self.unit.written(self.entity, record, before, self.acting, self.accepted)

    def _admit(self, values: dict[str, Any], given: Mapping[str, Any]) -> None:
        """Complete a new record; refuse it if the actor may not create it, or by its rules."""
        brought = self.drafting.bring(values, given, given, None).fitting()
        self.numbering.number(values)
        self.drafting.derive(values, None)
        self._require_create(values, brought)
        if self.rules.plain:
            require_all(self.entity, values)
            return
        before = self.drafting.blank() if self.rules.locks else values
        touched = frozenset(name for name in given if before.get(name) != values[name])
        self._judge(values, before, given=touched, changed=frozenset(values), new=True)

    def _judge(
        self,
        values: Mapping[str, Any],
        before: Mapping[str, Any],
        *,
        given: frozenset[str],
        changed: frozenset[str],
        new: bool,
    ) -> None:
        draft = Draft(
            entity=self.entity,
            values=values,
            before=before,
            given=given,
            changed=changed,
            new=new,
        )
        judge(draft, self.rules, self.acting, self.accepted)

    def _require_create(self, values: Mapping[str, Any], brought: frozenset[str]) -> None:
        self.drafting.require("create", values)
        if self._given_away(values, brought):
            self._require_assign(values)

    def _given_away(self, values: Mapping[str, Any], brought: frozenset[str]) -> bool:
        """Tell whether a new record is another's by what the caller says, or nobody's."""
        mine = {"owner": self.actor.user, "team": self.actor.team}
        return any(values[name] != mine[name] for name in self._assigned - brought)

    @property
    def _assigned(self) -> frozenset[str]:
        """Return the fields that say whose the record is."""
        fields = self.entity.fields
        return frozenset(name for name in ASSIGNED if name in fields and fields[name].system)

    def _require_assign(self, record: Mapping[str, Any] | None) -> None:
        """Refuse to give ``record`` to others; without it, if the actor never may."""
        rule = self.rights.rule(self.entity.name, "assign")
        if rule.node == FALSE or not (record is None or rule.holds(record, self.context)):
            raise ForbiddenError(N_("No role of yours lets you give this record to others."))

    def update(self, id_: UUID, payload: object, *, version: int | None = None) -> Record:
        """Change fields of a record and return it; StaleVersionError if it is not ``version``."""
        try:
            given = self.drafting.payload().read(payload)
        except InvalidError as error:
            present = self._present(id_, version)
            self.drafting.require("update", present)
            raise self.drafting.with_links(error, payload, present) from error
        self.change(id_, given, version=version)
        return self.read(id_)

    def change(self, id_: UUID, given: Mapping[str, Any], *, version: int | None = None) -> bool:
        """Set parsed values of a record; tell whether anything was different."""
        present = self._present(id_, version)
        self.drafting.require("update", present)
        given = self.drafting.composed(given, present)
        given = with_hidden(self.acting, self.entity, given, present)
        changes = {name: value for name, value in given.items() if present[name] != value}
        if not self._assigned.isdisjoint(changes):
            self._require_assign(present)
        values = {**present, **changes}
        if changes:
            self._hold_counted(present, values)
        self.drafting.check_links(values, changes.keys() & self.entity.leading, present)
        self.drafting.bring(values, given, changes, present).fitting()
        self.drafting.derive(values, present)
        moved = {name for name, value in values.items() if present[name] != value}
        if self.entity.hierarchy in moved:
            require_tree(self.acting, self.entity, id_, values[self.entity.hierarchy])
        if self.rules.plain:
            require_all(self.entity, values)
        else:
            self._judge(
                values, present, given=frozenset(changes), changed=frozenset(moved), new=False
            )
        if not moved:
            return False
        stamped = {**{name: values[name] for name in moved}, **self._stamp(present)}
        self.transaction.update(self.table, id_, stamped)
        self.written({**values, **stamped}, present)
        if self.entity.name == "user":
            # Every worker keeps actors, which hold some of these fields.
            bump_access(self.transaction.connection)
        return True

    def delete(self, id_: UUID, *, version: int | None = None) -> None:
        """Delete a record: into the recycle bin where the entity has one, else for good."""
        require_unmanaged(self.actor, self.entity, "delete")
        present = self._present(id_, version)
        self.drafting.require("delete", present)
        together(self.acting, self.transaction, self.entity, present).remove()

    def restore(self, id_: UUID) -> Record:
        """Bring a record back from the recycle bin, with the links that its deletion emptied.

        Whoever may delete a record may do so.
        """
        present = self._present(id_, None, deleted=True)
        self.drafting.require("delete", present)
        together(self.acting, self.transaction, self.entity, present).revive()
        if self.entity.hierarchy:
            # What once lay below it may have come to lie above it.
            require_tree(self.acting, self.entity, id_, present[self.entity.hierarchy])
        return self.read(id_)

    def read(self, id_: UUID) -> Record:
        """Return the record as the actor sees it, after the changes of this transaction.

        What was just written is shown also where the actor may not read it from now on.
        """
        shape = single_shape(self.runtime, self.entity, self.rights, deleted=False)
        plan = self.runtime.plan(replace(shape, rows=TRUE))
        rows = self.transaction.fetch(plan, single_values(self.context, id_))
        record = plan.decode(rows[0])
        if self.rules.marks:
            mark(self.entity, self.rules, record, self.context)
        show_files(self.runtime, self.entity, [record], self.transaction)
        show_sealed(self.runtime, self.entity, [record])
        return record

    def _stamp(self, present: Mapping[str, Any]) -> dict[str, Any]:
        at = later(present["updated_at"])
        return {
            "updated_at": at,
            "updated_by": self.actor.user,
            "version": present["version"] + 1,
        }

    def _present(self, id_: UUID, version: int | None, *, deleted: bool = False) -> dict[str, Any]:
        """Return the stored row, locked, with links as plain ids."""
        shape = Shape(
            entity=self.entity.name,
            fields=self.entity.row_keys,
            rows=self.rights.rule(self.entity.name, "read").node,
            single=True,
            deleted=deleted,
            locked=True,
        )
        plan = self.runtime.plan(shape)
        rows = self.transaction.fetch(plan, single_values(self.context, id_))
        if not rows:
            raise NotFoundError()
        record = plan.decode(rows[0])
        if version is not None and record["version"] != version:
            raise StaleVersionError()
        return record


def require_unmanaged(actor: Actor, entity: Entity, operation: str) -> None:
    """Refuse what only the platform itself may do with an entity."""
    if operation in MANAGED.get(entity.name, ()) and not actor.internal:
        raise ForbiddenError(N_("Users are added and disabled with their accounts."))
