"""Jobs as they stand: listed, counted, and whether one of them is due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from loomwork.store.clock import DatabaseNow, database_time
from loomwork.store.jobs.table import JOB, JobState


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job as it is listed."""

    id: UUID
    kind: str
    key: str | None
    state: str
    attempts: int
    max_attempts: int
    run_at: datetime | None
    lease_owner: str | None
    lease_until: datetime | None
    error: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


LISTED = tuple(JOB.c[name] for name in Job.__dataclass_fields__)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFigures:
    """How many jobs are in each state; ``overdue`` and ``leased`` are ages in seconds.

    ``overdue`` is for how long the oldest job that could be claimed has been waiting, ``leased``
    for how long the oldest running one has been at it. ``kinds`` counts what is due by kind.
    """

    states: Mapping[str, int]
    overdue: float
    leased: float
    kinds: Mapping[str, int]


def list_jobs(connection: Connection, states: Sequence[str] = (), limit: int = 100) -> list[Job]:
    """Return the newest jobs, of all states or of these."""
    statement = sa.select(*LISTED).order_by(JOB.c.id.desc()).limit(limit)
    if states:
        statement = statement.where(JOB.c.state.in_(states))
    return [Job(**row) for row in connection.execute(statement).mappings()]


def has_due(connection: Connection, kinds: Sequence[str]) -> bool:
    """Tell whether a job of these kinds waits to be claimed now."""
    statement = sa.select(JOB.c.id).where(JOB.c.run_at <= DatabaseNow(), JOB.c.kind.in_(kinds))
    return connection.execute(statement.limit(1)).first() is not None


def unknown_kinds(connection: Connection, known: Sequence[str]) -> frozenset[str]:
    """Return the kinds of due jobs that are not among the ``known`` ones."""
    statement = (
        sa.select(JOB.c.kind)
        .where(JOB.c.run_at <= DatabaseNow(), JOB.c.kind.not_in(known))
        .distinct()
    )
    return frozenset(connection.scalars(statement))


def job_figures(connection: Connection) -> JobFigures:
    """Return how the jobs stand, for those who watch over the site."""
    states = connection.execute(sa.select(JOB.c.state, sa.func.count()).group_by(JOB.c.state)).all()
    now = database_time(connection)
    oldest, begun = connection.execute(
        sa.select(
            sa.select(sa.func.min(JOB.c.run_at)).scalar_subquery(),
            sa.select(sa.func.min(JOB.c.started_at))
            .where(JOB.c.lease_until.is_not(None))
            .scalar_subquery(),
        )
    ).one()
    due = connection.execute(
        sa.select(JOB.c.kind, sa.func.count()).where(JOB.c.run_at <= now).group_by(JOB.c.kind)
    ).all()
    return JobFigures(
        states={state.value: 0 for state in JobState} | dict(states),
        overdue=0.0 if oldest is None else max(0.0, (now - oldest).total_seconds()),
        leased=0.0 if begun is None else max(0.0, (now - begun).total_seconds()),
        kinds=dict(due),
    )
