"""The one way to read and write records: for REST, screens, imports and the command line."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.exc import ProgrammingError

from loomwork.errors import ActorMovedError, LoomworkError, NotFoundError
from loomwork.model.actor import Actor
from loomwork.records.context import acting, context_of
from loomwork.records.deriving.lagging import mark_stale
from loomwork.records.drafts.drafting import Drafting
from loomwork.records.drafts.effects import Effects, Question, effects
from loomwork.records.drafts.sealing import show_sealed
from loomwork.records.files import show_files
from loomwork.records.lists.changes import Changes, read_changes
from loomwork.records.lists.history import HistoryPage, HistoryQuery, history_page
from loomwork.records.lists.listing import (
    ListQuery,
    Page,
    page,
    prepare,
    single_plan,
    single_values,
)
from loomwork.records.lists.looking_back import require_history, require_versions
from loomwork.records.lists.searching import prepare_search
from loomwork.records.rules.compiled import rules_of
from loomwork.records.rules.judging import mark, plain
from loomwork.records.runtime import Runtime, Runtimes
from loomwork.records.writing import MANAGED, Writer
from loomwork.store.reading.query import GENERATIONS, Plan, Record
from loomwork.store.reading.shape import Shape
from loomwork.store.store import Store
from loomwork.store.transaction import Generation, Transaction

Result = TypeVar("Result")


class _RevisionMoved(Exception):  # noqa: N818 -- a signal, not an error
    """The Runtime in use is not the database's any more."""


class Records:
    """Reads and writes of every entity, always on behalf of an actor.

    Values are Python's: str, int, Decimal, date, aware datetime in UTC, bool; a link is
    ``{"id": UUID, "title": str}``, without the title where the actor may not read the record.
    """

    def __init__(self, runtimes: Runtimes, store: Store, key: bytes) -> None:
        self._runtimes = runtimes
        self._store = store
        self._key = key

    def page(self, actor: Actor, entity: str, query: ListQuery) -> Page:
        """Return one page of the records that ``actor`` may read and that fit ``query``."""

        def work(runtime: Runtime) -> Page:
            definition = runtime.entity(entity)
            rights = runtime.policy.rights(actor)
            prepared = prepare(runtime, definition, actor, rights, query, self._key)
            records = self._fetch(runtime, actor, prepared.plan, prepared.values)
            count = None
            if query.count:
                counting = runtime.count_plan(prepared.shape)
                rows = self._store.fetch(counting, prepared.values)
                count = int(rows[0][0])
            show_files(runtime, definition, records)
            show_sealed(runtime, definition, records)
            return page(prepared, records, query.limit, self._key, count)

        return self._under_current_revision(work)

    def read(
        self, actor: Actor, entity: str, id_: UUID, *, as_of: datetime | None = None
    ) -> Record:
        """Return a record; NotFoundError if there is none that ``actor`` may read.

        With ``as_of`` it is as it was at that moment, for whoever may read it today.
        """

        def work(runtime: Runtime) -> Record:
            definition = runtime.entity(entity)
            rights = runtime.policy.rights(actor)
            if as_of is not None:
                require_versions(definition)
            plan = single_plan(runtime, definition, rights, as_of=as_of is not None)
            context = context_of(runtime, actor)
            records = self._fetch(runtime, actor, plan, single_values(context, id_, as_of))
            if not records:
                raise NotFoundError()
            rules = rules_of(runtime, definition)
            if rules.marks:
                mark(definition, rules, records[0], context)
            if as_of is None:
                mark_stale(runtime, definition, records[0])
            show_files(runtime, definition, records)
            show_sealed(runtime, definition, records)
            return records[0]

        return self._under_current_revision(work)

    def changes(
        self,
        actor: Actor,
        *,
        after: str | None = None,
        entity: str | None = None,
        limit: int = 100,
    ) -> Changes:
        """Return a page of the change feed as `read_changes` does."""

        def work(runtime: Runtime) -> Changes:
            self._compare(runtime, actor, self._store.generation())
            return read_changes(runtime, actor, self._key, after=after, entity=entity, limit=limit)

        return self._under_current_revision(work)

    def search(
        self,
        actor: Actor,
        search: str,
        entities: Sequence[str] | None = None,
        limit: int = 20,
    ) -> list[Record]:
        """Return the best hits, as ``entity``, ``id`` and ``title``, over what ``actor`` may read.

        Raises NotFoundError for an unknown entity; InvalidError for what is too long.
        """

        def work(runtime: Runtime) -> list[Record]:
            rights = runtime.policy.rights(actor)
            found = prepare_search(runtime, actor, rights, search, entities, limit)
            if found is None:
                self._compare(runtime, actor, self._store.generation())
                return []
            return self._fetch(runtime, actor, found.plan, found.values)

        return self._under_current_revision(work)

    def history(
        self, actor: Actor, entity: str, id_: UUID, *, limit: int = 50, cursor: str | None = None
    ) -> HistoryPage:
        """Return changes of a record that ``actor`` may read, the newest first."""

        def work(runtime: Runtime) -> HistoryPage:
            definition = runtime.entity(entity)
            rows = runtime.policy.rights(actor).rule(entity, "read").node
            shape = Shape(entity=entity, fields=("id",), rows=rows, single=True)
            values = single_values(context_of(runtime, actor), id_)
            if not self._fetch(runtime, actor, runtime.plan(shape), values):
                raise NotFoundError()
            require_history(definition)
            query = HistoryQuery(id=id_, limit=limit, cursor=cursor)
            return history_page(runtime, actor, definition, query, self._key)

        return self._under_current_revision(work)

    def create(
        self,
        actor: Actor,
        entity: str,
        payload: object,
        *,
        at: datetime | None = None,
        accepted: frozenset[str] = frozenset(),
        transaction: Transaction | None = None,
    ) -> Record:
        """Create a record from JSON-like input and return it.

        Raises InvalidError with a pointer per field, ForbiddenError. ``transaction`` joins one that
        is running; ``at`` is the time of creation, if not now; ``accepted`` names the warnings that
        do not keep the record from being written.
        """
        return self._write(actor, entity, lambda w: w.create(payload, at=at), transaction, accepted)

    def update(
        self,
        actor: Actor,
        entity: str,
        id_: UUID,
        payload: object,
        *,
        version: int | None = None,
        accepted: frozenset[str] = frozenset(),
        transaction: Transaction | None = None,
    ) -> Record:
        """Change the given fields of a record and return it.

        Raises StaleVersionError unless the record is still at ``version``, if that is given;
        InvalidError, ForbiddenError, NotFoundError. ``accepted`` as in `create`.
        """
        return self._write(
            actor, entity, lambda w: w.update(id_, payload, version=version), transaction, accepted
        )

    def delete(self, actor: Actor, entity: str, id_: UUID, *, version: int | None = None) -> None:
        """Delete a record; ConflictError says which records still link to it."""
        self._write(actor, entity, lambda w: w.delete(id_, version=version))

    def restore(self, actor: Actor, entity: str, id_: UUID) -> Record:
        """Bring a deleted record back and return it."""
        return self._write(actor, entity, lambda w: w.restore(id_))

    def effects(self, actor: Actor, entity: str, id_: UUID | None, question: Question) -> Effects:
        """Return what the conditions say of a record with the values that somebody has typed.

        ``id_`` is None for a new record. Raises NotFoundError; ForbiddenError for values of what
        ``actor`` may not write; InvalidError for values that are no object of fields.
        """

        def work(runtime: Runtime) -> Effects:
            definition = runtime.entity(entity)
            drafting = Drafting(acting(runtime, actor), definition)
            if id_ is None:
                drafting.require("create")
                self._compare(runtime, actor, self._store.generation())
                return effects(drafting, question, None)
            shape = Shape(
                entity=entity,
                fields=definition.keys,
                rows=drafting.rights.rule(entity, "read").node,
                single=True,
            )
            values = single_values(drafting.by.context, id_)
            records = self._fetch(runtime, actor, runtime.plan(shape), values)
            if not records:
                raise NotFoundError()
            if question.values:
                drafting.require("update", records[0])
            return effects(drafting, question, records[0])

        return self._under_current_revision(work)

    def allowed(self, actor: Actor, entity: str) -> frozenset[str]:
        """Return the operations that ``actor`` may do on at least some records."""
        runtime = self._runtimes.current()
        return runtime.policy.rights(actor).allowed(entity) - MANAGED.get(entity, frozenset())

    def allowed_on(self, actor: Actor, entity: str, record: Mapping[str, Any]) -> frozenset[str]:
        """Return the operations that ``actor`` may do on this record."""
        runtime = self._runtimes.current()
        rights, context = runtime.policy.rights(actor), context_of(runtime, actor)
        values = plain(record)
        return frozenset(
            operation
            for operation in self.allowed(actor, entity)
            if rights.rule(entity, operation).holds(values, context)
        )

    def write(
        self,
        actor: Actor,
        work: Callable[[Callable[[str], Writer]], Result],
        *,
        accepted: frozenset[str] = frozenset(),
    ) -> Result:
        """Return what ``work`` gives; it gets a Writer per entity, all in one transaction.

        Checks at the end of a transaction see what all of them have written.
        """

        def use(runtime: Runtime, transaction: Transaction) -> Result:
            return work(
                lambda name: Writer(runtime, transaction, actor, runtime.entity(name), accepted)
            )

        return self._transact(actor, use)

    def _write(
        self,
        actor: Actor,
        entity: str,
        use: Callable[[Writer], Result],
        transaction: Transaction | None = None,
        accepted: frozenset[str] = frozenset(),
    ) -> Result:
        def work(runtime: Runtime, running: Transaction) -> Result:
            writer = Writer(runtime, running, actor, runtime.entity(entity), accepted)
            done = use(writer)
            if running.joined:
                # Nobody here sees the end of that transaction.
                writer.unit.settle()
            return done

        if transaction is not None:
            return work(self._runtimes.current(), transaction)
        return self._transact(actor, work)

    def _transact(self, actor: Actor, work: Callable[[Runtime, Transaction], Result]) -> Result:
        def attempt(runtime: Runtime) -> Result:
            def use(transaction: Transaction) -> Result:
                self._compare(runtime, actor, transaction.generation())
                return work(runtime, transaction)

            return self._store.run(use)

        return self._under_current_revision(attempt)

    def _fetch(
        self, runtime: Runtime, actor: Actor, plan: Plan, values: Mapping[str, Any]
    ) -> list[Record]:
        rows = self._store.fetch(plan, values)
        # Without a row, the generation did not come along.
        generation = Generation(*rows[0][:GENERATIONS]) if rows else self._store.generation()
        self._compare(runtime, actor, generation)
        return [plan.decode(row) for row in rows]

    def _compare(self, runtime: Runtime, actor: Actor, generation: Generation) -> None:
        if generation.metadata != runtime.revision:
            raise _RevisionMoved
        if actor.generation is not None and generation.access != actor.generation:
            raise ActorMovedError()

    def _under_current_revision(self, work: Callable[[Runtime], Result]) -> Result:
        """Do ``work``; repeat it when the Model it began with turns out not to be the present one.

        An error may come from an old Model too, such as an entity that it does not know yet, or a
        column that it reads and that has been purged.
        """
        runtime = self._runtimes.current()
        while True:
            try:
                return work(runtime)
            except _RevisionMoved:
                runtime = self._runtimes.refresh()
            except ActorMovedError:
                raise
            except (LoomworkError, ProgrammingError):
                present = self._runtimes.refresh()
                if present.revision == runtime.revision:
                    raise
                runtime = present
