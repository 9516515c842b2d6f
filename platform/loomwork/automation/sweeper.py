"""The sweeper: jobs whose worker is gone are given to another one."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from loomwork.automation.leases import LEASE, NO_LEASE, after_failure
from loomwork.store.clock import database_time
from loomwork.store.jobs.table import JOB, JobState
from loomwork.store.store import Store
from loomwork.store.transaction import Transaction

AT_ONCE = 100
LOST = "the worker ended, or did not answer any more, while it was at this job"


def sweep(store: Store, lease: timedelta = LEASE) -> int:
    """Let jobs whose lease has ended be claimed again; return how many there were.

    A job that was lost at its last attempt is dead: perhaps it is what its workers die of.
    """
    with store.database.reader.connect() as connection:
        if not _is_needed(connection, lease):
            return 0
    return store.run(lambda transaction: _sweep(transaction, lease))


def _is_needed(connection: Connection, lease: timedelta) -> bool:
    now = database_time(connection)
    odd = sa.or_(JOB.c.lease_until < now, JOB.c.lease_until > now + lease)
    return connection.execute(sa.select(JOB.c.id).where(odd).limit(1)).first() is not None


def _sweep(transaction: Transaction, lease: timedelta) -> int:
    connection = transaction.connection
    now = database_time(connection)
    _shorten(connection, now + lease)
    rows = connection.execute(
        sa.select(JOB.c.id, JOB.c.attempts, JOB.c.max_attempts)
        .where(JOB.c.lease_until < now)
        .order_by(JOB.c.lease_until)
        .limit(AT_ONCE)
        # A worker that is just writing its result holds its job.
        .with_for_update(skip_locked=True)
    ).all()
    for id_, attempts, most in rows:
        if attempts < most:
            values = {**NO_LEASE, "state": JobState.WAITING.value, "run_at": now, "error": LOST}
        else:
            values = after_failure(transaction, attempts, LOST, again=False)
        connection.execute(sa.update(JOB).where(JOB.c.id == id_).values(values))
    return len(rows)


def _shorten(connection: Connection, longest: datetime) -> None:
    """Cut leases that reach further than any can: the database's clock has gone back."""
    held = (
        sa.select(JOB.c.id)
        .where(JOB.c.lease_until > longest)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    ids = connection.scalars(held).all()
    if ids:
        connection.execute(sa.update(JOB).where(JOB.c.id.in_(ids)).values(lease_until=longest))
