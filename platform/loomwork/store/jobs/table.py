"""Jobs: what is to be done outside the transaction that asks for it, kept until it is done."""

import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Column, Index, Integer, Table
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from loomwork.errors import N_, ConflictError, NotFoundError
from loomwork.store.clock import DatabaseNow
from loomwork.store.identifiers import new_id
from loomwork.store.system import ASCII, BODY, SYSTEM
from loomwork.store.transaction import Transaction
from loomwork.store.types import MARIADB, SQLITE, integer, moment, text, uuid

JOB = Table(
    "lw_job",
    SYSTEM,
    Column("id", uuid(), primary_key=True),
    Column("kind", text(120), nullable=False),
    Column("payload", BODY, nullable=False),
    Column("key", text(120)),
    Column("open_key", text(120)),
    Column("state", ASCII, nullable=False),
    Column("run_at", moment()),
    Column("again", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("max_attempts", Integer, nullable=False),
    Column("fence", integer(), nullable=False),
    Column("lease_owner", text(120)),
    Column("lease_until", moment()),
    Column("error", text(2000)),
    Column("created_at", moment(), nullable=False),
    Column("started_at", moment()),
    Column("ended_at", moment()),
    Index("lw_job_open_key", "open_key", unique=True),
    Index("lw_job_run_at", "run_at", "id"),
    Index("lw_job_lease", "lease_until"),
    Index("lw_job_ended_at", "ended_at"),
)
"""The truth about jobs; what the queue carries are mere wake-ups.

``run_at`` is missing unless the job waits to be claimed, ``lease_until`` unless it runs,
``ended_at`` unless it has ended. ``open_key`` is the key of a job that has not ended. ``fence``
counts the claims: a worker may only end the claim that it made.
"""

WAKE = "jobs.wake"
"""Under which a transaction has what wakes those who do jobs."""
ATTEMPTS = 10
LONGEST_NAME = 120


class JobState(StrEnum):
    """Where a job stands. After ``failed`` it will be tried again, after ``dead`` it will not."""

    WAITING = "waiting"
    RUNNING = "running"
    FAILED = "failed"
    DONE = "done"
    DEAD = "dead"
    CANCELLED = "cancelled"


ENDED = (JobState.DONE, JobState.DEAD, JobState.CANCELLED)


def enqueue(
    transaction: Transaction,
    kind: str,
    payload: Mapping[str, Any],
    *,
    key: str | None = None,
    run_at: datetime | None = None,
    again: bool = False,
    max_attempts: int = ATTEMPTS,
) -> UUID:
    """Put a job into the table; it exists if and only if ``transaction`` commits. Return its id.

    There is one open job of a ``key`` at the most: where there is one already, that one is
    returned. With ``again`` it is done once more if it runs already, since it may have read what
    this transaction changes. ``payload`` is plain JSON; the job runs at ``run_at`` or at once.
    """
    if len(kind) > LONGEST_NAME or len(key or "") > LONGEST_NAME:
        raise ValueError(f"kind and key of a job have at most {LONGEST_NAME} characters")
    values = {
        "id": new_id(),
        "kind": kind,
        "payload": json.dumps(payload, ensure_ascii=False, allow_nan=False),
        "key": key,
        "open_key": key,
        "state": JobState.WAITING.value,
        "run_at": DatabaseNow() if run_at is None else run_at,
        "again": 0,
        "attempts": 0,
        "max_attempts": max_attempts,
        "fence": 0,
        "created_at": DatabaseNow(),
    }
    transaction.connection.execute(_insert(transaction.engine, values, again=again))
    _wake_after(transaction)
    if key is None:
        return values["id"]  # type: ignore[return-value]
    found = sa.select(JOB.c.id).where(JOB.c.open_key == key)
    id_: UUID = transaction.connection.execute(found).scalar_one()
    return id_


def _insert(engine: str, values: Mapping[str, Any], *, again: bool) -> sa.Insert:
    """Return the statement that inserts a job, or locks the open one that has the key."""
    change = {"again": 1 if again else JOB.c.again}
    if engine == MARIADB:
        return mysql.insert(JOB).values(values).on_duplicate_key_update(change)
    insert = sqlite.insert if engine == SQLITE else postgresql.insert
    return (
        insert(JOB).values(values).on_conflict_do_update(index_elements=["open_key"], set_=change)
    )


def _wake_after(transaction: Transaction) -> None:
    wake = transaction.shared.get(WAKE)
    if wake is not None and wake not in transaction.after_commit:
        transaction.after_commit.append(wake)


def retry_job(transaction: Transaction, id_: UUID) -> None:
    """Let a job that failed, or has ended without being done, be tried now, as often as a new one.

    Raises NotFoundError, ConflictError.
    """
    state, key = _locked(transaction, id_)
    if state not in (JobState.FAILED, JobState.DEAD, JobState.CANCELLED):
        raise ConflictError(
            N_("The job is {state}: only one that is failed, dead or cancelled is tried again."),
            state=state,
        )
    values = {
        "state": JobState.WAITING.value,
        "run_at": DatabaseNow(),
        "open_key": JOB.c.key,
        "attempts": 0,
        "ended_at": None,
    }
    try:
        transaction.connection.execute(sa.update(JOB).where(JOB.c.id == id_).values(values))
    except IntegrityError as error:
        raise ConflictError(N_("Another job with the key “{key}” is open."), key=key) from error
    _wake_after(transaction)


def cancel_job(transaction: Transaction, id_: UUID) -> None:
    """End a job that is not done; one that runs cannot keep what it does from now on.

    Raises NotFoundError, ConflictError.
    """
    state, _ = _locked(transaction, id_)
    if state in ENDED:
        raise ConflictError(N_("The job has ended already: it is {state}."), state=state)
    values = {
        "state": JobState.CANCELLED.value,
        "run_at": None,
        "lease_until": None,
        "lease_owner": None,
        "open_key": None,
        "ended_at": DatabaseNow(),
    }
    transaction.connection.execute(sa.update(JOB).where(JOB.c.id == id_).values(values))


def _locked(transaction: Transaction, id_: UUID) -> tuple[str, str | None]:
    """Return a job's state and key, which nobody changes until the transaction ends."""
    statement = sa.select(JOB.c.state, JOB.c.key).where(JOB.c.id == id_).with_for_update()
    row = transaction.connection.execute(statement).first()
    if row is None:
        raise NotFoundError(N_("There is no job {id}."), id=str(id_))
    state, key = row
    return state, key


def remove_ended(transaction: Transaction, done: datetime, dead: datetime, limit: int) -> int:
    """Remove jobs done before ``done``, or ended otherwise before ``dead``; return how many."""
    old = (
        sa.select(JOB.c.id)
        .where(JOB.c.ended_at < sa.case((JOB.c.state == JobState.DONE.value, done), else_=dead))
        .limit(limit)
    )
    ids = transaction.connection.scalars(old).all()
    if ids:
        transaction.connection.execute(sa.delete(JOB).where(JOB.c.id.in_(ids)))
    return len(ids)
