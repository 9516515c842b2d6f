"""What tests of jobs do again and again: put them in, claim them, do them, look at them."""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from loomwork.automation import leases
from loomwork.automation.jobs import JobKind, Work
from loomwork.automation.leases import Claim, claim
from loomwork.automation.worker import Worker
from loomwork.publishing.site import Site
from loomwork.store.jobs.overview import Job, list_jobs
from loomwork.store.jobs.table import JOB, enqueue
from loomwork.store.transaction import Transaction

GONE = timedelta(seconds=-1)
"""The lease of a worker that has been killed."""
SOON = 20.0


def put(site: Site, kind: str = "note", /, **options: Any) -> UUID:
    payload = options.pop("payload", {})
    return site.store.run(lambda transaction: enqueue(transaction, kind, payload, **options))


def jobs(site: Site) -> list[Job]:
    with site.database.reader.connect() as connection:
        return list_jobs(connection)


def states(site: Site) -> list[str]:
    return [job.state for job in jobs(site)]


def claimed(site: Site, *, lease: timedelta = leases.LEASE, kind: str = "note") -> Claim:
    found = site.store.run(lambda transaction: claim(transaction, (kind,), "test", lease))
    assert found is not None
    return found


def kinds(run: Callable[[Work], None]) -> Mapping[str, JobKind]:
    return {"note": JobKind(name="note", run=run)}


def nothing(work: Work) -> None:
    del work


def waiting_for(go: threading.Event) -> Callable[[Work], None]:
    def run(work: Work) -> None:
        del work
        go.wait(SOON)

    return run


def do_all(site: Site, run: Callable[[Work], None]) -> Mapping[str, int]:
    return Worker(site, kinds(run)).do_all()


def make_due(site: Site) -> None:
    """Let every job that waits for its next attempt be due at once."""
    with site.database.transaction() as connection:
        past = datetime(2020, 1, 1, tzinfo=UTC)
        connection.execute(sa.update(JOB).where(JOB.c.run_at.is_not(None)).values(run_at=past))


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SOON
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert holds()


def put_another(transaction: Transaction) -> None:
    enqueue(transaction, "other", {})
