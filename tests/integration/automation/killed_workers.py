"""Worker processes that a test kills at any moment, and jobs whose effects can be counted."""

import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import sqlalchemy as sa

from loomwork.automation import leases
from loomwork.automation.jobs import JobKind, Work
from loomwork.automation.worker import Worker
from loomwork.publishing.site import Site
from loomwork.store.settings import Settings
from loomwork.store.transaction import Transaction

STEPS = 3
LEASE = timedelta(seconds=0.6)
PAUSES = random.SystemRandom()

# Nothing here keeps an effect from being there twice, except that jobs are not done twice.
EFFECT = sa.Table(
    "effect",
    sa.MetaData(),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("step", sa.Integer, nullable=False),
)


def _add(number: int, step: int, transaction: Transaction) -> None:
    transaction.connection.execute(sa.insert(EFFECT).values(number=number, step=step))


def _add_once(number: int, step: int, transaction: Transaction) -> None:
    """Do a step unless an earlier attempt did it; the job's lease keeps others out meanwhile."""
    known = sa.select(EFFECT.c.step).where(EFFECT.c.number == number, EFFECT.c.step == step)
    if transaction.connection.execute(known).first() is None:
        _add(number, step, transaction)


def _pause() -> None:
    time.sleep(PAUSES.uniform(0, 0.03))


def at_once(work: Work) -> None:
    """Do all steps in the transaction that ends the job."""
    _pause()

    def do(transaction: Transaction) -> None:
        for step in range(STEPS):
            _add(work.payload["number"], step, transaction)
        _pause()

    work.finish(do)


def by_steps(work: Work) -> None:
    """Do each step in a transaction of its own."""
    for step in range(STEPS):
        _pause()
        work.write(partial(_add_once, work.payload["number"], step))


def with_failures(work: Work) -> None:
    """Fail now and then, before or after the effect."""
    if PAUSES.random() < 0.3:
        raise ValueError("before")
    at_once(work)
    if PAUSES.random() < 0.3:
        raise ValueError("after the end, which stands")


KINDS = {
    run.__name__: JobKind(name=run.__name__, run=run) for run in (at_once, by_steps, with_failures)
}


def _work(settings: Settings) -> None:
    leases.FIRST_PAUSE = 0.01
    leases.LONGEST_PAUSE = 0.1
    site = Site.open(settings)
    with Worker(site, KINDS, lease=LEASE, every=0.05).working():
        while True:
            time.sleep(1)


def start_worker(settings: Settings) -> int:
    """Start a worker in a process of its own; return its id."""
    pid = os.fork()
    if pid == 0:
        try:
            _work(settings)
        except BaseException:  # noqa: BLE001 -- whatever it is, this process is a copy and must end
            traceback.print_exc(file=sys.stderr)
        finally:
            os._exit(1)
    return pid


def kill(pid: int) -> None:
    """Kill a process without a chance to tidy up."""
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


@contextmanager
def workers(settings: Settings, count: int) -> Iterator[list[int]]:
    """Give the ids of running workers, which may be replaced; kill them all at the end."""
    running = [start_worker(settings) for _ in range(count)]
    try:
        yield running
    finally:
        for pid in running:
            kill(pid)
