"""Leases on jobs: claimed by one worker, kept while it lives, ended only by who still holds it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from loomwork.errors import N_, ConflictError
from loomwork.store.clock import DatabaseNow, database_time
from loomwork.store.jobs.table import JOB, JobState
from loomwork.store.transaction import Transaction

LEASE = timedelta(seconds=60)
"""How long a worker is believed to live without a sign of it."""
FIRST_PAUSE = 5.0
LONGEST_PAUSE = 3_600.0
"""Seconds before a job is tried again; twice as many each time."""
LONGEST_ERROR = 2_000

_jitter = random.SystemRandom()


class LeaseLostError(ConflictError):
    """The job is not this worker's any more: it was cancelled, or taken for lost."""

    text = N_("This job is not this worker's any more.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A job that one worker has: the ``attempt`` counts from 1, the ``fence`` is the claim's."""

    id: UUID
    kind: str
    payload: str
    attempt: int
    max_attempts: int
    fence: int

    @property
    def held(self) -> sa.ColumnElement[bool]:
        """Return the condition that the claim still stands."""
        return sa.and_(
            JOB.c.id == self.id,
            JOB.c.fence == self.fence,
            JOB.c.state == JobState.RUNNING.value,
        )


NO_LEASE: dict[str, Any] = {"lease_owner": None, "lease_until": None}


def claim(
    transaction: Transaction, kinds: Sequence[str], owner: str, lease: timedelta = LEASE
) -> Claim | None:
    """Claim the job that has been due for the longest time; None where none of ``kinds`` is."""
    connection = transaction.connection
    now = database_time(connection)
    row = connection.execute(
        sa.select(
            JOB.c.id, JOB.c.kind, JOB.c.payload, JOB.c.attempts, JOB.c.max_attempts, JOB.c.fence
        )
        .where(JOB.c.run_at <= now, JOB.c.kind.in_(kinds))
        .order_by(JOB.c.run_at, JOB.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if row is None:
        return None
    values = {
        "state": JobState.RUNNING.value,
        "run_at": None,
        "again": 0,
        "attempts": row.attempts + 1,
        "fence": row.fence + 1,
        "lease_owner": owner,
        "lease_until": now + lease,
        "started_at": now,
    }
    connection.execute(sa.update(JOB).where(JOB.c.id == row.id).values(values))
    return Claim(
        id=row.id,
        kind=row.kind,
        payload=row.payload,
        attempt=row.attempts + 1,
        max_attempts=row.max_attempts,
        fence=row.fence + 1,
    )


def extend(transaction: Transaction, held: Claim, lease: timedelta = LEASE) -> bool:
    """Tell that the worker lives; False where the job is not its own any more."""
    until = database_time(transaction.connection) + lease
    return _set(transaction, held, {"lease_until": until})


def hold(transaction: Transaction, held: Claim) -> None:
    """Keep the job from being taken until the transaction ends; LeaseLostError where it was."""
    statement = sa.select(JOB.c.id).where(held.held).with_for_update()
    if transaction.connection.execute(statement).first() is None:
        raise LeaseLostError()


def finish(transaction: Transaction, held: Claim) -> None:
    """Note that the job is done, or is to be done once more where that was asked meanwhile.

    Raises LeaseLostError.
    """
    once_more = JOB.c.again == 1
    values = {
        **NO_LEASE,
        "state": sa.case((once_more, JobState.WAITING.value), else_=JobState.DONE.value),
        "run_at": sa.case((once_more, DatabaseNow()), else_=None),
        "open_key": sa.case((once_more, JOB.c.open_key), else_=None),
        "attempts": sa.case((once_more, 0), else_=JOB.c.attempts),
        "ended_at": sa.case((once_more, None), else_=DatabaseNow()),
        "error": None,
    }
    if not _set(transaction, held, values):
        raise LeaseLostError()


def fail(transaction: Transaction, held: Claim, reason: str) -> bool:
    """Note that an attempt has failed, and when the next one is; False where none is left.

    Raises LeaseLostError.
    """
    again = held.attempt < held.max_attempts
    if not _set(transaction, held, after_failure(transaction, held.attempt, reason, again=again)):
        raise LeaseLostError()
    return again


def release(transaction: Transaction, held: Claim) -> bool:
    """Give the job back untouched, for another worker; False where it was not its own any more."""
    values = {
        **NO_LEASE,
        "state": JobState.WAITING.value,
        "run_at": DatabaseNow(),
        "attempts": held.attempt - 1,
    }
    return _set(transaction, held, values)


def after_failure(
    transaction: Transaction, attempt: int, reason: str, *, again: bool
) -> dict[str, Any]:
    """Return the values of a job whose ``attempt`` has failed, to be tried ``again`` or not."""
    values = {**NO_LEASE, "error": reason[:LONGEST_ERROR] or None}
    if not again:
        ended = {"state": JobState.DEAD.value, "run_at": None, "open_key": None}
        return {**values, **ended, "ended_at": DatabaseNow()}
    at = database_time(transaction.connection) + timedelta(seconds=pause(attempt))
    return {**values, "state": JobState.FAILED.value, "run_at": at}


def pause(attempt: int) -> float:
    """Return the seconds before the next attempt: doubled each time, of which half is by chance.

    Without chance, jobs that failed together would come back together.
    """
    longest: float = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(attempt - 1, 20))
    return longest * _jitter.uniform(0.5, 1.0)


def _set(transaction: Transaction, held: Claim, values: dict[str, Any]) -> bool:
    statement = sa.update(JOB).where(held.held).values(values)
    return transaction.connection.execute(statement).rowcount == 1
