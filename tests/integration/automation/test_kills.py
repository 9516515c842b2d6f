"""Workers are killed at any moment, and every job's effect is there exactly once."""

import random
import time
from collections import Counter
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from loomwork.publishing.site import Site
from loomwork.store.jobs.overview import job_figures
from loomwork.store.jobs.table import JobState, enqueue
from loomwork.store.transaction import Transaction
from tests.integration.automation.killed_workers import (
    EFFECT,
    KINDS,
    STEPS,
    kill,
    start_worker,
    workers,
)

WORKERS = 3
SOON = 60.0


@pytest.fixture
def counted(site: Site) -> Iterator[Site]:
    """Yield the site with an empty table of effects."""
    EFFECT.create(site.database.writer)
    yield site
    EFFECT.drop(site.database.writer)


def put_jobs(site: Site, count: int) -> None:
    names = sorted(KINDS)

    def work(transaction: Transaction) -> None:
        for number in range(count):
            kind = names[number % len(names)]
            key = f"job {number}"
            enqueue(transaction, kind, {"number": number}, key=key, max_attempts=100_000)

    site.store.run(work)


def left(site: Site) -> int:
    with site.database.reader.connect() as connection:
        states = job_figures(connection).states
    return sum(states.values()) - states[JobState.DONE]


def effects(site: Site) -> Counter[tuple[int, int]]:
    with site.database.reader.connect() as connection:
        return Counter(
            (number, step) for number, step in connection.execute(sa.select(EFFECT)).all()
        )


def run_under_fire(site: Site, seed: int, *, count: int, kills: int) -> None:
    chance = random.Random(seed)
    put_jobs(site, count)
    with workers(site.settings, WORKERS) as running:
        for _ in range(kills):
            time.sleep(chance.uniform(0.02, 0.25))
            victim = chance.randrange(WORKERS)
            kill(running[victim])
            running[victim] = start_worker(site.settings)
        deadline = time.monotonic() + SOON
        while left(site) and time.monotonic() < deadline:
            time.sleep(0.05)
    assert left(site) == 0
    wanted = {(number, step) for number in range(count) for step in range(STEPS)}
    assert effects(site) == Counter(wanted)


def test_every_job_is_done_once_though_workers_are_killed(counted: Site) -> None:
    run_under_fire(counted, 4, count=30, kills=8)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(5))
def test_every_job_is_done_once_though_many_workers_are_killed(counted: Site, seed: int) -> None:
    run_under_fire(counted, seed, count=400, kills=150)
