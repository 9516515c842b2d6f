"""Writing: each use case inside one transaction, from the input to the record as it then reads."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from loomwork.errors import (
    N_,
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    Problem,
    StaleVersionError,
)
from loomwork.expressions.lift import parameters
from loomwork.expressions.tree import TRUE, Node
from loomwork.model.actor import Actor
from loomwork.model.entity import Entity
from loomwork.records.listing import single_shape, single_values
from loomwork.records.payload import Payload, require_all, with_defaults
from loomwork.records.runtime import Runtime
from loomwork.store.identifiers import new_id
from loomwork.store.query import Record
from loomwork.store.shape import Shape
from loomwork.store.transaction import Transaction, bump_access

if TYPE_CHECKING:
    from loomwork.access.policy import Rights

MANAGED = {"user": frozenset({"create", "delete"})}
"""What only the platform itself does: a user's record lives and dies with his account."""
ASSIGNED = ("owner", "team")


class Writer:
    """The write use cases of one actor on one entity, under one Runtime and in one transaction."""

    def __init__(
        self, runtime: Runtime, transaction: Transaction, actor: Actor, entity: Entity
    ) -> None:
        self.runtime = runtime
        self.transaction = transaction
        self.actor = actor
        self.entity = entity
        self.rights: Rights = runtime.policy.rights(actor)
        self.table = runtime.tables[entity.name]

    def create(self, payload: object, *, at: datetime | None = None) -> Record:
        """Insert a record and return it. ``at``: when it came into being, if not now."""
        require_unmanaged(self.actor, self.entity, "create")
        values = self.prepare_new(self._payload().read(payload, new=True), at=at)
        self._check_links(values, self.entity.links)
        self.transaction.insert(self.table, values)
        return self.read(values["id"])

    def prepare_new(
        self, given: Mapping[str, Any], *, at: datetime | None = None
    ) -> dict[str, Any]:
        """Return the whole row of a new record that the actor may create; links are not checked."""
        values = self._new_values(given, at)
        require_all(self.entity, values)
        self._require_create(values)
        return values

    def _new_values(self, given: Mapping[str, Any], at: datetime | None) -> dict[str, Any]:
        now = at or datetime.now(UTC)
        values: dict[str, Any] = dict.fromkeys(self.entity.fields)
        values |= with_defaults(self.entity, given)
        if self.entity.ownership == "user" and "owner" not in given:
            values["owner"] = self.actor.user
        if self.entity.ownership != "none" and "team" not in given:
            values["team"] = self.actor.team
        values |= {
            "id": given.get("id") or new_id(),
            "created_at": now,
            "created_by": self.actor.user,
            "updated_at": now,
            "updated_by": self.actor.user,
            "version": 1,
        }
        return values

    def _require_create(self, values: Mapping[str, Any]) -> None:
        if not self.rights.rule(self.entity.name, "create").holds(values, self.actor.user):
            raise ForbiddenError()
        mine = {"owner": self.actor.user, "team": self.actor.team}
        if any(values[name] != mine[name] for name in ASSIGNED if self._assigns(name)):
            # To give a record to nobody is to give it away, too.
            self._require_assign(values)

    def _assigns(self, name: str) -> bool:
        field = self.entity.fields.get(name)
        return field is not None and field.system

    def _require_assign(self, record: Mapping[str, Any]) -> None:
        if not self.rights.rule(self.entity.name, "assign").holds(record, self.actor.user):
            raise ForbiddenError(N_("No role of yours lets you give this record to others."))

    def update(self, id_: UUID, payload: object, *, version: int | None = None) -> Record:
        """Change fields of a record and return it; StaleVersionError if it is not ``version``."""
        self.change(id_, self._payload().read(payload), version=version)
        return self.read(id_)

    def change(self, id_: UUID, given: Mapping[str, Any], *, version: int | None = None) -> bool:
        """Set parsed values of a record; tell whether anything was different."""
        present = self._present(id_, version)
        self._require("update", present)
        changes = {name: value for name, value in given.items() if present[name] != value}
        if any(name in changes for name in ASSIGNED if self._assigns(name)):
            self._require_assign(present)
        values = {**present, **changes}
        require_all(self.entity, values)
        self._check_links(values, [name for name in self.entity.links if name in changes])
        if changes:
            self.transaction.update(self.table, id_, {**changes, **self._stamp(present)})
        if changes and self.entity.name == "user":
            # Every worker keeps actors, which hold some of these fields.
            bump_access(self.transaction.connection)
        return bool(changes)

    def delete(self, id_: UUID, *, version: int | None = None) -> None:
        """Delete a record: into the recycle bin where the entity has one, else for good."""
        require_unmanaged(self.actor, self.entity, "delete")
        present = self._present(id_, version)
        self._require("delete", present)
        self._release_links(id_)
        if self.entity.recycle:
            gone = {"deleted_at": datetime.now(UTC), "live": None}
            self.transaction.update(self.table, id_, {**gone, **self._stamp(present)})
        else:
            self.transaction.delete(self.table, id_)

    def restore(self, id_: UUID) -> Record:
        """Bring a record back from the recycle bin, with the links that its deletion emptied.

        Whoever may delete a record may do so.
        """
        present = self._present(id_, None, deleted=True)
        self._require("delete", present)
        self._require_live_links(present)
        back = {"deleted_at": None, "live": 1, **self._stamp(present)}
        self.transaction.update(self.table, id_, back)
        for entity, field in self.runtime.model.referrers[self.entity.name]:
            if entity.links[field.name].on_delete == "clear":
                table = self.runtime.tables[entity.name]
                self.transaction.put_links_back(table, field.name, id_, self._touch())
        return self.read(id_)

    def read(self, id_: UUID) -> Record:
        """Return the record as the actor sees it, after the changes of this transaction.

        What was just written is shown also where the actor may not read it from now on.
        """
        shape = single_shape(self.runtime, self.entity, self.rights, deleted=False)
        plan = self.runtime.plan(replace(shape, rows=TRUE))
        rows = self.transaction.fetch(plan, single_values(self.actor, id_))
        return plan.decode(rows[0])

    def _payload(self) -> Payload:
        internal = self.actor.internal
        return self.runtime.made.get(
            ("payload", self.entity.name, internal),
            lambda: Payload(self.entity, internal=internal),
        )

    def _touch(self) -> dict[str, Any]:
        return {"updated_at": datetime.now(UTC), "updated_by": self.actor.user}

    def _stamp(self, present: Mapping[str, Any]) -> dict[str, Any]:
        return {**self._touch(), "version": present["version"] + 1}

    def _present(self, id_: UUID, version: int | None, *, deleted: bool = False) -> dict[str, Any]:
        """Return the stored row, locked, with links as plain ids."""
        shape = Shape(
            entity=self.entity.name,
            fields=tuple(self.entity.fields),
            rows=self.rights.rule(self.entity.name, "read").node,
            single=True,
            deleted=deleted,
            locked=True,
        )
        plan = self.runtime.plan(shape)
        rows = self.transaction.fetch(plan, single_values(self.actor, id_))
        if not rows:
            raise NotFoundError()
        record = plan.decode(rows[0])
        if version is not None and record["version"] != version:
            raise StaleVersionError()
        return record

    def _require(self, operation: str, record: Mapping[str, Any]) -> None:
        if not self.rights.rule(self.entity.name, operation).holds(record, self.actor.user):
            raise ForbiddenError()

    def _check_links(self, values: Mapping[str, Any], names: Iterable[str]) -> None:
        """Refuse links to records that are not there or that the actor may not read."""
        problems: list[Problem] = []
        for name in names:
            target, to = values.get(name), self.entity.links[name].to
            own = {"user": self.actor.user, "team": self.actor.team}.get(to)
            if target is None or target == own:
                continue
            readable: Node = self.rights.rule(to, "read").node
            shape = Shape(entity=to, fields=("id",), rows=readable, single=True, held=True)
            plan = self.runtime.plan(shape)
            values_ = {"id": target, **parameters((), self.actor.user)}
            if not self.transaction.fetch(plan, values_):
                text = N_("There is no such record.")
                problems.append(Problem(code="no_such_record", text=text, pointer=f"/{name}"))
        if problems:
            raise InvalidError(problems=problems)

    def _require_live_links(self, record: Mapping[str, Any]) -> None:
        """Refuse a record whose links lead to deleted ones, which its actor may not even read."""
        for name, link in self.entity.links.items():
            if record[name] is None or not self.runtime.model.entities[link.to].recycle:
                continue
            plan = self.runtime.plan(Shape(entity=link.to, fields=("id",), single=True))
            if not self.transaction.fetch(plan, {"id": record[name]}):
                raise ConflictError(
                    N_("“{field}” names a record that is deleted: restore that one first."),
                    field=self.entity.fields[name].label,
                )

    def _release_links(self, id_: UUID) -> None:
        """Carry out ``on_delete`` for the links to a record that is about to go."""
        for_good = not self.entity.recycle
        for entity, field in self.runtime.model.referrers[self.entity.name]:
            table, link = self.runtime.tables[entity.name], entity.links[field.name]
            if link.on_delete == "clear":
                self.transaction.clear_links(table, field.name, id_, self._touch())
            elif count := self.transaction.count_links(table, field.name, id_, deleted=for_good):
                raise ConflictError(
                    N_("{count} records of “{entity}” link to this one by “{field}”."),
                    count=count,
                    entity=entity.plural,
                    field=field.label,
                )


def require_unmanaged(actor: Actor, entity: Entity, operation: str) -> None:
    """Refuse what only the platform itself may do with an entity."""
    if operation in MANAGED.get(entity.name, ()) and not actor.internal:
        raise ForbiddenError(N_("Users are added and disabled with their accounts."))
