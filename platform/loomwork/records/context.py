"""What expressions over records see beside the record: who acts, when, and the records around."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from loomwork.expressions.context import NOTHING, Context, Record
from loomwork.records.relations import StoredRelations, below

if TYPE_CHECKING:
    from loomwork.model.actor import Actor
    from loomwork.records.runtime import Runtime
    from loomwork.store.reading.fetching import Rows
    from loomwork.store.reading.query import Plan
    from loomwork.store.transaction import Transaction

NEXT = timedelta(microseconds=1)
"""The least time between two moments that the engines tell apart."""
USER = "user"
MANAGER = "manager"
"""The field of a user that makes `user.reports`; the pack ``base`` brings it."""


def context_of(
    runtime: "Runtime",
    actor: "Actor",
    transaction: "Transaction | None" = None,
    *,
    relations: StoredRelations | None = None,
    roots: Mapping[str, Record | None] = NOTHING,
) -> Context:
    """Return the context in which ``actor`` acts now; nothing is read before it is asked for.

    With a ``transaction`` the records around are read inside it. All that is asked of one context
    is asked at one moment.
    """
    if relations is None:
        relations = StoredRelations(runtime, transaction)
    given = Given(runtime, actor, transaction, relations)
    return Context(given=given, roots=roots, relations=relations, zone=runtime.zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """Somebody about to write, or to ask what he could write.

    ``fetch`` reads: inside the transaction where there is one, which then is ``holding`` what it
    relies on; ``found`` are the records by entity and id that are known to be there.
    """

    runtime: "Runtime"
    actor: "Actor"
    relations: StoredRelations
    context: Context
    fetch: "Callable[[Plan, Mapping[str, Any]], Rows]"
    holding: bool
    found: set[tuple[str, UUID]]


def acting(
    runtime: "Runtime",
    actor: "Actor",
    transaction: "Transaction | None" = None,
    relations: StoredRelations | None = None,
    found: set[tuple[str, UUID]] | None = None,
) -> Acting:
    """Return ``actor`` with his context; ``relations`` and ``found`` may be shared with others."""
    if relations is None:
        relations = StoredRelations(runtime, transaction)
    context = context_of(runtime, actor, transaction, relations=relations)
    return Acting(
        runtime=runtime,
        actor=actor,
        relations=relations,
        context=context,
        fetch=runtime.store.fetch if transaction is None else transaction.fetch,
        holding=transaction is not None,
        found=set() if found is None else found,
    )


def clock() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


def later(than: datetime | None = None) -> datetime:
    """Return the present moment, or the one right after ``than`` where the clock has gone back."""
    now = clock()
    return now if than is None else max(now, than + NEXT)


class Given(Mapping[str, Any]):
    """The values of `Given` nodes, each found out when it is first asked for."""

    __slots__ = ("_actor", "_known", "_relations", "_runtime", "_transaction")

    def __init__(
        self,
        runtime: "Runtime",
        actor: "Actor",
        transaction: "Transaction | None",
        relations: StoredRelations,
    ) -> None:
        self._runtime = runtime
        self._actor = actor
        self._transaction = transaction
        self._relations = relations
        self._known: dict[str, Any] = {"user.id": actor.user}

    def __getitem__(self, name: str) -> Any:
        known = self._known
        if name not in known:
            known[name] = self._find(name)
        return known[name]

    def get(self, name: str, default: Any = None) -> Any:
        """Return the value of ``name``; there is no name without one, though it may be missing."""
        found = self[name]
        return default if found is None else found

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str)

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def _find(self, name: str) -> Any:
        if name in SIMPLE:
            return SIMPLE[name](self)
        root, _, rest = name.partition(".")
        if root == "settings":
            return self._runtime.setting(rest)
        return self._of_user(rest.split("."))

    def now(self) -> datetime:
        """Return the moment of this context."""
        return clock()

    def today(self) -> date:
        """Return the day on which that moment is at the site."""
        moment: datetime = self["now"]
        return moment.astimezone(self._runtime.zone).date()

    def team(self) -> UUID | None:
        """Return the user's team."""
        return self._actor.team

    def teams(self) -> frozenset[UUID]:
        """Return the teams that the user belongs to."""
        return frozenset(() if self._actor.team is None else (self._actor.team,))

    def roles(self) -> frozenset[str]:
        """Return the names of the user's roles."""
        return self._actor.roles

    def reports(self) -> frozenset[UUID]:
        """Return who reports to the user, to those, and so on."""
        user, link = self._actor.user, self._runtime.model.entities[USER].links.get(MANAGER)
        if user is None or link is None or link.to != USER:
            return frozenset()
        found: frozenset[UUID] = self._once(
            "reports", lambda: below(self._runtime, self._transaction, USER, MANAGER, user)
        )
        return found

    def _of_user(self, path: list[str]) -> Any:
        """Follow ``path`` from the user's own record."""
        user = self._actor.user
        if user is None:
            return None
        record = self._once("record", lambda: self._relations.linked(USER, user))
        entity = USER
        for step in path[:-1]:
            target = record.get(step) if record is not None else None
            if target is None:
                return None
            entity = self._runtime.model.entities[entity].links[step].to
            record = self._relations.linked(entity, target)
        return record.get(path[-1]) if record is not None else None

    def _once(self, what: str, find: Callable[[], Any]) -> Any:
        """Return what ``find`` gives, once for all contexts while no user changes."""
        if self._actor.generation is None:
            return find()
        key = (what, self._actor.user, self._actor.generation)
        return self._runtime.people.get(key, find)


SIMPLE: Mapping[str, Callable[[Given], Any]] = {
    "user.team": Given.team,
    "user.teams": Given.teams,
    "user.roles": Given.roles,
    "user.reports": Given.reports,
    "now": Given.now,
    "today": Given.today,
}
