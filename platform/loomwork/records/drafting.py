"""A record as it is about to be: what was given, what follows from it, where its links lead."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from loomwork.errors import N_, ForbiddenError, InvalidError, Problem
from loomwork.expressions.lift import parameters
from loomwork.expressions.tree import FALSE, TRUE, Node
from loomwork.records.filling import compute_defaults, fill
from loomwork.records.payload import Payload, with_defaults
from loomwork.records.rules import rules_of
from loomwork.store.identifiers import new_id
from loomwork.store.shape import Shape

if TYPE_CHECKING:
    from loomwork.model.entity import Entity
    from loomwork.records.context import Acting


class Drafting:
    """Makes drafts of one entity's records for one actor; nothing is written here.

    Inside a transaction what a draft links to is held until its end.
    """

    def __init__(self, by: "Acting", entity: "Entity") -> None:
        self.by = by
        self.entity = entity
        self.rules = rules_of(by.runtime, entity)
        self.rights = by.runtime.policy.rights(by.actor)

    def payload(self) -> Payload:
        """Return what reads the inputs that the actor may give."""
        internal = self.by.actor.internal
        return self.by.runtime.made.get(
            ("payload", self.entity.name, internal),
            lambda: Payload(self.entity, internal=internal),
        )

    def require(self, operation: str, record: Mapping[str, Any] | None = None) -> None:
        """Refuse what the actor may not do with ``record``, or may do with none at all."""
        rule = self.rights.rule(self.entity.name, operation)
        allowed = rule.node != FALSE if record is None else rule.holds(record, self.by.context)
        if not allowed:
            raise ForbiddenError()

    def new(self, given: Mapping[str, Any], at: datetime | None = None) -> dict[str, Any]:
        """Return the whole row of a new record, before anything follows from what is ``given``."""
        now, actor = at or datetime.now(UTC), self.by.actor
        values: dict[str, Any] = dict.fromkeys(self.entity.fields)
        values |= with_defaults(self.entity, given)
        if self.entity.ownership == "user" and "owner" not in given:
            values["owner"] = actor.user
        if self.entity.ownership != "none" and "team" not in given:
            values["team"] = actor.team
        values |= {
            "id": given.get("id") or new_id(),
            "created_at": now,
            "created_by": actor.user,
            "updated_at": now,
            "updated_by": actor.user,
            "version": 1,
        }
        return values

    def blank(self) -> dict[str, Any]:
        """Return what a new record begins with."""
        values = self.new({})
        self.bring(values, {}, (), new=True)
        return values

    def bring(
        self,
        values: dict[str, Any],
        given: Mapping[str, Any],
        changed: Iterable[str],
        *,
        new: bool,
    ) -> frozenset[str]:
        """Set in ``values`` what computed defaults and links bring; return those fields."""
        rules = self.rules.values
        if not rules.fills and not (new and rules.defaults):
            return frozenset()
        brought: set[str] = set()
        if new:
            compute_defaults(self.entity, rules, values, given, self.by.context)
            brought |= rules.defaults.keys() - given.keys()
        start = brought.union(changed)
        brought |= fill(self.entity, rules, values, given, start, self.by.context, new=new)
        self.check_links(values, brought & self.entity.links.keys(), readable=False)
        return frozenset(brought)

    def check_links(
        self, values: Mapping[str, Any], names: Iterable[str], *, readable: bool = True
    ) -> None:
        """Refuse links to records that are not there or that the actor may not read.

        What the metadata itself brings has to be there, ``readable`` or not.
        """
        problems = [
            Problem(code="no_such_record", text=N_("There is no such record."), pointer=f"/{name}")
            for name in names
            if not self._found(values.get(name), self.entity.links[name].to, readable=readable)
        ]
        if problems:
            raise InvalidError(problems=problems)

    def _found(self, target: Any, to: str, *, readable: bool) -> bool:
        by = self.by
        own = {"user": by.actor.user, "team": by.actor.team}.get(to)
        if target is None or target == own:
            return True
        if not readable and (to, target) in by.found:
            return True
        rows: Node = self.rights.rule(to, "read").node if readable else TRUE
        shape = Shape(entity=to, fields=("id",), rows=rows, single=True, held=by.holding)
        known = by.fetch(by.runtime.plan(shape), {"id": target, **parameters((), by.context)})
        if known:
            by.found.add((to, target))
        return bool(known)
