"""Publishing: prepare, switch, clean up. A kill at any moment leaves the old or the new revision.

Prepare only adds, beside the running Model, and is journaled step by step. The switch is one short
transaction. What it leaves to be cleaned up, or what a kill left behind, `reconcile` finishes.
"""

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from loomwork.catalog.compile import Compiler
from loomwork.errors import N_, ConflictError, LoomworkError
from loomwork.extension.field_types import field_types
from loomwork.model.whole import Model
from loomwork.publishing import faults
from loomwork.publishing.analysis import require_unblocked
from loomwork.publishing.backfill import Fill, fill_in_chunks
from loomwork.publishing.derived import fill_derived, forget_outdated
from loomwork.publishing.journal import (
    FINISHED,
    RUNNING,
    Header,
    Journal,
    begin,
    plan_text,
)
from loomwork.publishing.plan import CLEAN_UP, PREPARE, Plan, require_confirmed
from loomwork.publishing.planning import Target, Wanted, make_target
from loomwork.publishing.reconcile import abandon, finish, reconcile_locked
from loomwork.publishing.revisions import write_revision
from loomwork.store.engine import Database, take_publish_lock
from loomwork.store.lock import Lock, installer_lock
from loomwork.store.schema.alterations import RepeatedError, add, patiently
from loomwork.store.schema.changes import Step
from loomwork.store.schema.columns import note_columns, use_columns
from loomwork.store.schema.retirement import retire_columns
from loomwork.store.types import MARIADB, POSTGRESQL

AtSwitch = Callable[[Connection, Model], None]
LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What a publish did: the revision it made (None: nothing had changed) and the steps."""

    revision: int | None
    steps: tuple[Step, ...]
    plan: Plan | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to publish. ``wanted`` makes the documents from those in force.

    ``at_switch`` is called inside the transaction that makes the revision the present one.
    ``confirmed`` holds the ids of destructive steps. ``base`` is the revision that the caller has
    seen, if that matters. ``back`` goes to an earlier revision: what has no counterpart there is
    asked for instead of refused.
    """

    wanted: Wanted
    message: str
    author: str
    at_switch: Sequence[AtSwitch] = ()
    confirmed: Collection[str] = ()
    base: int | None = None
    back: bool = False
    compiler: Compiler = field(default_factory=lambda: Compiler(field_types()))


def publish(database: Database, order: Order) -> Installation:
    """Make documents the site's, as one revision.

    Raises DocumentError for documents that have problems, ConflictError where data does not allow
    it, where a destructive step is not confirmed, or where somebody published since ``base``; then
    nothing has changed.
    """
    with installer_lock(database) as lock:
        reconcile_locked(database, lock)
        target = make_target(database, order.compiler, order.wanted, back=order.back)
        _require_base(target, order)
        if target.unchanged:
            require_confirmed((), order.confirmed)
            return Installation(revision=None, steps=(), plan=target.plan)
        require_unblocked(database, target.old, target.new)
        require_confirmed(target.steps, order.confirmed)
        journal = _begin(database, lock, order, target)
        try:
            _prepare(journal, target)
            revision = _switch(journal, order, target)
        except (LoomworkError, DBAPIError) as error:
            _give_up(journal, error)
            raise
        faults.reach("switched")
        _clean_up(journal, target)
    fill_derived(database, target.new.model, target.new.columns)
    return Installation(revision=revision, steps=tuple(target.additions), plan=target.plan)


def plan_publish(database: Database, order: Order) -> Target:
    """Return what `publish` would do, without doing anything."""
    target = make_target(database, order.compiler, order.wanted, back=order.back)
    _require_base(target, order)
    return target


def _require_base(target: Target, order: Order) -> None:
    if order.base is not None and order.base != target.base:
        raise ConflictError(
            N_(
                "Somebody published revision {present} meanwhile; this was made for {base}."
                " Look at the plan again."
            ),
            present=target.base,
            base=order.base,
        )


def _begin(database: Database, lock: Lock, order: Order, target: Target) -> Journal:
    header = Header(
        base=target.base,
        hash=target.new.model.hash,
        message=order.message,
        author=order.author,
    )
    steps = [step for step in target.steps if step.phase in (PREPARE, CLEAN_UP)]
    with database.transaction() as connection:
        journal = begin(database, lock, connection, header, steps)
        note_columns(connection, target.fresh)
    faults.reach("begun")
    return journal


def _prepare(journal: Journal, target: Target) -> None:
    additions = {f"add_{step.kind}:{step.table}.{step.name}": step for step in target.additions}
    work: dict[str, Fill] = {fill.id: fill for fill in target.fills}
    with journal.database.reader.connect() as connection:
        for fill in target.fills:
            fill.require_fitting(connection)
    for noted in journal.steps(PREPARE):
        journal.mark(noted.ordinal, RUNNING)
        faults.reach(f"begun:{noted.step}")
        if noted.step in work:
            fill_in_chunks(journal.database, work[noted.step], journal.guard, faults.reach)
        else:
            step = additions[f"{noted.kind}:{noted.table}.{noted.name}"]
            try:
                add(journal.database, step, journal.guard)
            except RepeatedError as error:
                raise _not_unique(error, target) from error
        faults.reach(f"carried_out:{noted.step}")
        journal.mark(noted.ordinal, FINISHED)
        faults.reach(f"marked:{noted.step}")


def _not_unique(error: RepeatedError, target: Target) -> ConflictError:
    """Return the error of a unique that rows written since the analysis do not allow."""
    for kept in target.new.tables.values():
        member = kept.uniques.get(str(error.context["index"]))
        if member is not None:
            return ConflictError(
                N_(
                    "“{field}” of “{entity}” cannot become unique: some records have equal values"
                    " there. See “loomwork plan”."
                ),
                field=member.label,
                entity=kept.entity.plural,
            )
    return error


def _switch(journal: Journal, order: Order, target: Target) -> int:
    """Put the new revision into force; try again while a long writer keeps us out."""
    database = journal.database

    def work() -> int:
        with database.transaction() as connection, _waiting_shortly(connection, database.name):
            revision = _switch_in(connection, journal, order, target)
            faults.reach("before_commit")
        return revision

    return patiently(work)


@contextmanager
def _waiting_shortly(connection: Connection, engine: str) -> Iterator[None]:
    """Limit how long writers queue behind us while we wait for a long one before us."""
    if engine == POSTGRESQL:
        connection.exec_driver_sql("SET LOCAL lock_timeout = '500ms'")
    elif engine == MARIADB:
        connection.exec_driver_sql("SET SESSION innodb_lock_wait_timeout = 1")
    try:
        yield
    finally:
        if engine == MARIADB and not connection.invalidated:
            connection.exec_driver_sql("SET SESSION innodb_lock_wait_timeout = DEFAULT")


def _switch_in(connection: Connection, journal: Journal, order: Order, target: Target) -> int:
    journal.guard(connection)
    take_publish_lock(connection, journal.database.name)
    faults.reach("locked")
    for fill in target.fills:
        fill.catch_up(connection, journal.started)
    faults.reach("caught_up")
    revision = write_revision(
        connection,
        target.documents,
        message=order.message,
        author=order.author,
        plan=plan_text(target.steps),
    )
    use_columns(connection, target.new.columns, revision)
    retire_columns(connection, target.new.columns, revision)
    forget_outdated(connection, target.new.model)
    for call in order.at_switch:
        call(connection, target.new.model)
    journal.switched(connection, revision)
    return revision


def _give_up(journal: Journal, error: Exception) -> None:
    """Take back what was prepared; what cannot be now, the next start does."""
    try:
        abandon(journal, str(error))
    except (LoomworkError, DBAPIError) as further:
        LOG.warning("What this publish has prepared will be removed later: %s", further)


def _clean_up(journal: Journal, target: Target) -> None:
    """Remove what the new revision has no use for. It is in force already, whatever happens."""
    try:
        finish(journal, target.new)
    except (LoomworkError, DBAPIError) as error:
        LOG.warning("The clean-up of this publish will go on later: %s", error)
