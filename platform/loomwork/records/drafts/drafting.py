"""A record as it is about to be: what was given, what follows from it, where its links lead."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from loomwork.errors import N_, ForbiddenError, InvalidError, Problem
from loomwork.expressions.lift import parameters
from loomwork.expressions.tree import FALSE, TRUE, Node
from loomwork.records.context import later
from loomwork.records.deriving.drafts import derive, work_out
from loomwork.records.drafts.composing import SiteWorld, compose
from loomwork.records.drafts.filling import Filling
from loomwork.records.drafts.payload import Payload, read_tolerantly, with_defaults
from loomwork.records.rules.compiled import rules_of
from loomwork.store.identifiers import new_id
from loomwork.store.reading.shape import Shape

if TYPE_CHECKING:
    from loomwork.model.entity import Entity
    from loomwork.records.context import Acting


NO_SUCH_RECORD = N_("There is no such record.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """The fields that were set by themselves, and what is wrong with what should have been set."""

    fields: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()

    def fitting(self) -> frozenset[str]:
        """Return the fields; InvalidError where anything did not fit."""
        if self.problems:
            raise InvalidError(problems=self.problems)
        return self.fields


class Drafting:
    """Makes drafts of one entity's records for one actor; nothing is written here.

    Inside a transaction what a draft links to is held until its end.
    """

    def __init__(self, by: "Acting", entity: "Entity") -> None:
        self.by = by
        self.entity = entity
        self.rules = rules_of(by.runtime, entity)
        self.rights = by.runtime.policy.rights(by.actor)
        self._world = SiteWorld(by, entity)

    def composed(
        self, given: Mapping[str, Any], present: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return what is ``given``, with the main values of the fields with parts worked out."""
        fields = [field for field in self.rules.composed if field.name in given]
        return {**given, **compose(self._world, fields, given, present)} if fields else dict(given)

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
        now, actor = at or later(), self.by.actor
        values: dict[str, Any] = dict.fromkeys(self.entity.keys)
        values |= self.composed(with_defaults(self.entity, given))
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
        """Return what a new record begins with; a default that does not fit it is missing."""
        values = self.new({})
        self.bring(values, {}, (), None)
        return values

    def bring(
        self,
        values: dict[str, Any],
        given: Mapping[str, Any],
        changed: Iterable[str],
        before: Mapping[str, Any] | None,
    ) -> Brought:
        """Set in ``values`` what computed defaults and links bring.

        ``before`` is the stored record, None for a new one. What does not fit is left out.
        """
        rules, new = self.rules.values, before is None
        if not rules.fills and not (new and rules.defaults):
            return Brought()
        filling = Filling(
            entity=self.entity,
            rules=rules,
            locks=self.rules.conditions.readonly,
            context=self.by.context,
            values=values,
            given=given,
            before=before,
        )
        if new:
            filling.compute_defaults()
        filling.follow(filling.fields.union(changed))
        self._compose_brought(values, filling, before)
        lost = self._misled(values, filling.fields & self.entity.leading, readable=False)
        for problem in lost:
            values |= self.entity.fields[problem.pointer.split("/")[1]].spread(None)
        return Brought(fields=frozenset(filling.fields), problems=(*filling.problems, *lost))

    def _compose_brought(
        self, values: dict[str, Any], filling: Filling, before: Mapping[str, Any] | None
    ) -> None:
        fields = [field for field in self.rules.composed if field.name in filling.fields]
        for field in fields:
            try:
                values |= compose(self._world, [field], values, before)
            except InvalidError as error:
                filling.problems += error.problems
                values |= dict.fromkeys(field.keys)

    def derive(self, values: dict[str, Any], before: Mapping[str, Any] | None) -> None:
        """Set in ``values`` the derived fields that are kept with the record."""
        derive(self.by, self.entity, values, before)

    def work_out(self, values: dict[str, Any], before: Mapping[str, Any] | None) -> frozenset[str]:
        """Set all derived fields in ``values`` for somebody to look at; return which these are."""
        self.derive(values, before)
        return work_out(self.by, self.entity, values, before)

    def check_links(
        self,
        values: Mapping[str, Any],
        names: Iterable[str],
        present: Mapping[str, Any] | None = None,
    ) -> None:
        """Refuse links to records that are not there or that the actor may not read.

        Where the record linked ``present`` already, it may stay.
        """
        problems = self._misled(values, names, present)
        if problems:
            raise InvalidError(problems=problems)

    def with_links(
        self, error: InvalidError, data: object, present: Mapping[str, Any]
    ) -> InvalidError:
        """Return ``error``, why ``data`` cannot be read, with what is wrong with its links too."""
        if not isinstance(data, Mapping):
            return error
        values, _ = read_tolerantly(self.payload(), data)
        moved = [
            name
            for name in self.entity.leading
            if values.get(name) not in (None, present.get(name))
        ]
        return InvalidError(problems=[*error.problems, *self._misled(values, moved, present)])

    def _misled(
        self,
        values: Mapping[str, Any],
        names: Iterable[str],
        present: Mapping[str, Any] | None = None,
        *,
        readable: bool = True,
    ) -> list[Problem]:
        """Return a problem for each link that leads nowhere.

        What the metadata itself brings has to be there, ``readable`` or not.
        """
        problems: list[Problem] = []
        for name in names:
            member = self.entity.fields[name]
            known = {id_ for _, _, id_ in member.leads(present)} if present else ()
            problems += [
                Problem(code="no_such_record", text=NO_SUCH_RECORD, pointer=place)
                for place, to, id_ in member.leads(values)
                if id_ not in known and not self._found(id_, to, readable=readable)
            ]
        return problems

    def _found(self, target: Any, to: str, *, readable: bool) -> bool:
        by = self.by
        own = {"user": by.actor.user, "team": by.actor.team}.get(to)
        if target == own:
            return True
        if to not in by.runtime.tables:
            return False
        if not readable and (to, target) in by.found:
            return True
        rows: Node = self.rights.rule(to, "read").node if readable else TRUE
        shape = Shape(entity=to, fields=("id",), rows=rows, single=True, held=by.holding)
        known = by.fetch(by.runtime.plan(shape), {"id": target, **parameters((), by.context)})
        if known:
            by.found.add((to, target))
        return bool(known)
