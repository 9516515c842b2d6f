"""What has to be tidied now and then: rows that nobody can use any more."""

import logging
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from loomwork.automation.jobs import Work, job
from loomwork.store.jobs.table import remove_ended
from loomwork.store.outbox import last_before, month_of, remove_expired
from loomwork.store.store import Store
from loomwork.store.system import TOKEN

logger = logging.getLogger(__name__)

KIND = "housekeeping"
KEPT = timedelta(days=30)
"""How long a token that has ended stays listed."""
CHANGES_KEPT = timedelta(days=92)
"""How long the change feed reaches back at least; it ends with whole months."""
DONE_KEPT = timedelta(days=7)
DEAD_KEPT = timedelta(days=90)
"""How long jobs stay listed: done ones, and those that were given up or cancelled."""
AT_ONCE = 500
"""How many rows one transaction removes, so that it stays short."""


def remove_ended_tokens(store: Store, now: datetime | None = None) -> int:
    """Remove tokens that ended long ago; return how many there were."""
    before = (now or datetime.now(UTC)) - KEPT
    statement = sa.delete(TOKEN).where(
        sa.or_(TOKEN.c.expires_at < before, TOKEN.c.revoked_at < before)
    )
    return int(store.run(lambda transaction: transaction.connection.execute(statement).rowcount))


def expire_outbox(store: Store, before: datetime) -> int:
    """Remove events of the months before that of ``before``; return how many there were.

    Only numbered ones go: what has no number yet has not been told to anybody.
    """
    last = store.run(lambda transaction: last_before(transaction, month_of(before)))
    total = 0
    while count := store.run(lambda transaction: remove_expired(transaction, last)):
        total += count
    return total


def remove_ended_jobs(store: Store, now: datetime | None = None) -> int:
    """Remove jobs that ended long ago; return how many there were."""
    present = now or datetime.now(UTC)
    done, dead = present - DONE_KEPT, present - DEAD_KEPT
    total = 0
    while count := store.run(lambda transaction: remove_ended(transaction, done, dead, AT_ONCE)):
        total += count
    return total


@job(KIND)
def housekeeping(work: Work) -> None:
    """Tidy up."""
    store = work.site.store
    removed = {
        "tokens": remove_ended_tokens(store),
        "events": expire_outbox(store, datetime.now(UTC) - CHANGES_KEPT),
        "jobs": remove_ended_jobs(store),
        "files": work.site.files.sweep().files,
    }
    for what, count in removed.items():
        if count:
            logger.info("removed %s %s that ended long ago", count, what)
