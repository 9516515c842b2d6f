"""Purging: dropping columns and tables that no revision in force uses, each confirmed by its id."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from loomwork.publishing.journal import SWITCHED, Header, begin
from loomwork.publishing.plan import CLEAN_UP, SAMPLES, PlannedStep, require_confirmed
from loomwork.publishing.reconcile import finish, reconcile_locked
from loomwork.publishing.revisions import newest_revision
from loomwork.store.engine import Database, translated
from loomwork.store.lock import installer_lock
from loomwork.store.schema.changes import Drop, has_column
from loomwork.store.schema.columns import ColumnMap
from loomwork.store.schema.kept import drops_of_column, drops_of_entity
from loomwork.store.schema.retirement import Retired, retired_columns
from loomwork.store.types import uuid


@dataclass(frozen=True, slots=True, kw_only=True)
class Purgeable:
    """Something that can be purged: the step to confirm, and all that goes with it."""

    step: PlannedStep
    drops: tuple[Drop, ...]


def purgeable(
    database: Database,
    columns: ColumnMap,
    entities: Collection[str],
    *,
    older_than: timedelta | None = None,
) -> list[Purgeable]:
    """Return what is out of use where a Model has these ``columns`` and ``entities`` in force.

    ``older_than`` leaves out what went out of use more recently.
    """
    with translated(), database.reader.connect() as connection:
        retired = [one for one in retired_columns(connection, columns) if _is_old(one, older_than)]
        return list(_purgeables(connection, retired, entities))


def _is_old(one: Retired, older_than: timedelta | None) -> bool:
    if older_than is None:
        return True
    return one.since is not None and one.since <= datetime.now(UTC) - older_than


def _purgeables(
    connection: Connection, retired: list[Retired], entities: Collection[str]
) -> list[Purgeable]:
    found: dict[str, Purgeable] = {}
    for entity in dict.fromkeys(one.entity for one in retired):
        mine = [one for one in retired if one.entity == entity]
        if entity not in entities:
            step = _counted(connection, _step("table", entity, entity, entity), None)
            found[step.id] = Purgeable(step=step, drops=drops_of_entity(entity, mine))
            continue
        for one in mine:
            kind, table = ("table", one.column) if one.many else ("column", entity)
            step = _step(kind, entity, table, one.column)
            if step.id not in found:
                step = _counted(connection, step, None if one.many else one.column)
                found[step.id] = Purgeable(step=step, drops=drops_of_column(one))
    return list(found.values())


def _step(kind: str, entity: str, table: str, name: str) -> PlannedStep:
    place = table if kind == "table" else f"{table}.{name}"
    return PlannedStep(
        id=f"drop_{kind}:{place}",
        kind=f"drop_{kind}",
        phase=CLEAN_UP,
        entity=entity,
        table=table,
        name=name,
        destructive=True,
    )


def _counted(connection: Connection, step: PlannedStep, column: str | None) -> PlannedStep:
    """Return the step with how many records have something there."""
    if column is not None and not has_column(connection, step.table, column):
        return replace(step, rows=0)
    if not sa.inspect(connection).has_table(step.table):
        return replace(step, rows=0)
    names = {one["name"] for one in sa.inspect(connection).get_columns(step.table)}
    key = "id" if "id" in names else "record"
    id_: sa.ColumnClause[object] = sa.column(key, uuid())
    rows = sa.select(id_).select_from(sa.table(step.table)).distinct()
    if column is not None:
        rows = rows.where(sa.column(column).is_not(None))
    count = connection.execute(sa.select(sa.func.count()).select_from(rows.subquery())).scalar_one()
    ids = connection.execute(rows.order_by(id_).limit(SAMPLES)).scalars()
    return replace(step, rows=count, sample_ids=tuple(str(one) for one in ids))


def purge(
    database: Database,
    columns: ColumnMap,
    entities: Collection[str],
    *,
    confirmed: Collection[str],
    author: str,
) -> list[PlannedStep]:
    """Drop what is confirmed and return it. ConflictError for an id that is not to be purged."""
    with installer_lock(database) as lock:
        reconcile_locked(database, lock)
        found = purgeable(database, columns, entities)
        wanted = [one for one in found if one.step.id in confirmed]
        require_confirmed([one.step for one in wanted], confirmed)
        if not wanted:
            return []
        with database.transaction() as connection:
            header = Header(
                base=newest_revision(connection),
                hash="",
                message="Purge " + ", ".join(one.step.id for one in wanted),
                author=author,
                state=SWITCHED,
            )
            steps = [step for one in wanted for step in _journaled(one)]
            journal = begin(database, lock, connection, header, steps)
        finish(journal)
    return [one.step for one in wanted]


def _journaled(one: Purgeable) -> list[PlannedStep]:
    """Return a step for each drop; the one of the id comes last and takes it out of the map."""
    main = [
        drop for drop in one.drops if (drop.table, drop.name) == (one.step.table, one.step.name)
    ]
    others = [drop for drop in one.drops if drop not in main]
    return [
        *(_step(drop.kind, one.step.entity, drop.table, drop.name) for drop in others),
        one.step,
    ]
