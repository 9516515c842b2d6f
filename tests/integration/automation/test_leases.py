"""Leases: one worker at a time, whatever becomes of it, and none that ends what it has lost."""

import threading
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from loomwork.automation import leases
from loomwork.automation.jobs import Work
from loomwork.automation.leases import LeaseLostError, extend, finish, hold, release
from loomwork.automation.sweeper import sweep
from loomwork.automation.worker import Worker
from loomwork.errors import ConflictError, NotFoundError
from loomwork.publishing.site import Site
from loomwork.store.clock import database_time
from loomwork.store.jobs.table import JOB, cancel_job, retry_job
from tests.integration.automation.doing import (
    GONE,
    SOON,
    claimed,
    do_all,
    jobs,
    kinds,
    nothing,
    put,
    put_another,
    states,
    wait_until,
    waiting_for,
)


def test_many_workers_at_once_never_get_the_same_job(site: Site) -> None:
    made = {put(site) for _ in range(40)}
    done: list[UUID] = []
    gate = threading.Barrier(8)

    def work() -> None:
        gate.wait()
        while site_worker().do_one():
            continue

    def site_worker() -> Worker:
        return Worker(site, kinds(lambda one: done.append(one.id)))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SOON)
    wait_until(lambda: len(done) >= 40)
    assert sorted(done) == sorted(made)
    assert set(states(site)) == {"done"}


def test_a_killed_worker_s_job_is_given_to_another_when_its_lease_has_ended(site: Site) -> None:
    put(site)
    claimed(site)
    assert sweep(site.store) == 0
    assert do_all(site, print) == {}
    with site.database.transaction() as connection:
        past = database_time(connection) - timedelta(seconds=1)
        connection.execute(sa.update(JOB).values(lease_until=past))
    attempts: list[int] = []
    assert do_all(site, lambda work: attempts.append(work.attempt)) == {"done": 1}
    assert attempts == [2]


def test_a_worker_that_lost_its_lease_cannot_end_the_job_nor_write(site: Site) -> None:
    put(site)
    slow = claimed(site, lease=GONE)
    assert sweep(site.store) == 1
    quick = claimed(site)
    for late in (finish, hold, partial(leases.fail, reason="late")):
        with pytest.raises(LeaseLostError):
            site.store.run(partial(late, held=slow))
    assert not site.store.run(lambda transaction: extend(transaction, slow))
    assert not site.store.run(lambda transaction: release(transaction, slow))
    assert states(site) == ["running"]
    site.store.run(lambda transaction: finish(transaction, quick))
    assert states(site) == ["done"]


def test_a_job_that_kills_its_workers_is_given_up(site: Site) -> None:
    put(site, max_attempts=2)
    for _ in range(2):
        claimed(site, lease=GONE)
        sweep(site.store)
    (job,) = jobs(site)
    assert (job.state, job.error) == (
        "dead",
        "the worker ended, or did not answer any more, while it was at this job",
    )


def test_a_lease_from_a_clock_that_went_back_since_does_not_last_for_ever(site: Site) -> None:
    put(site)
    claimed(site, lease=timedelta(days=400))
    assert sweep(site.store) == 0
    (job,) = jobs(site)
    assert job.lease_until is not None
    assert job.lease_until < datetime.now(UTC) + 2 * leases.LEASE


def test_leases_go_by_the_database_s_clock(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    put(site)
    held = claimed(site)
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert site.store.run(lambda transaction: extend(transaction, held))
    assert sweep(site.store) == 0
    (job,) = jobs(site)
    assert job.lease_until is not None
    with site.database.reader.connect() as connection:
        left = job.lease_until - database_time(connection)
    assert timedelta(0) < left <= leases.LEASE


def test_a_cancelled_job_keeps_nothing_of_what_it_was_at(site: Site) -> None:
    def run(work: Work) -> None:
        site.store.run(lambda transaction: cancel_job(transaction, work.id))
        work.finish(put_another)

    put(site)
    assert do_all(site, run) == {"lost": 1}
    assert states(site) == ["cancelled"]


def test_a_dead_job_is_tried_again_when_somebody_says_so(site: Site) -> None:
    def run(work: Work) -> None:
        if work.attempt == 1 and not told:
            told.append("once")
            raise ValueError("once")

    told: list[str] = []
    id_ = put(site, max_attempts=1, key="k")
    do_all(site, run)
    assert states(site) == ["dead"]
    site.store.run(lambda transaction: retry_job(transaction, id_))
    assert put(site, key="k") == id_
    assert do_all(site, run) == {"done": 1}
    with pytest.raises(ConflictError):
        site.store.run(lambda transaction: retry_job(transaction, id_))
    with pytest.raises(ConflictError):
        site.store.run(lambda transaction: cancel_job(transaction, id_))
    with pytest.raises(NotFoundError):
        site.store.run(lambda transaction: cancel_job(transaction, uuid4()))


def test_a_job_whose_key_another_one_has_by_now_is_not_tried_again(site: Site) -> None:
    first = put(site, key="k")
    site.store.run(lambda transaction: cancel_job(transaction, first))
    put(site, key="k")
    with pytest.raises(ConflictError):
        site.store.run(lambda transaction: retry_job(transaction, first))
    assert sorted(states(site)) == ["cancelled", "waiting"]


def test_a_worker_finds_jobs_that_nobody_woke_it_for(site: Site) -> None:
    worker = Worker(site, kinds(nothing), every=0.1)
    with worker.working():
        put(site)
        wait_until(lambda: states(site) == ["done"])


def test_a_long_job_keeps_its_lease_while_its_worker_lives(site: Site) -> None:
    go = threading.Event()
    worker = Worker(site, kinds(waiting_for(go)), lease=timedelta(seconds=0.6), every=0.1)
    put(site)
    with worker.working():
        wait_until(lambda: states(site) == ["running"])
        time.sleep(1.5)
        assert (states(site), jobs(site)[0].attempts) == (["running"], 1)
        go.set()
        wait_until(lambda: states(site) == ["done"])


def test_a_job_that_takes_longer_than_a_worker_lives_is_given_back_when_it_stops(
    site: Site,
) -> None:
    go = threading.Event()
    worker = Worker(site, kinds(waiting_for(go)), every=0.1)
    put(site)
    with worker.working(patience=0.1):
        wait_until(lambda: states(site) == ["running"])
    (job,) = jobs(site)
    assert (job.state, job.attempts, job.lease_owner) == ("waiting", 0, None)
    go.set()
    assert do_all(site, nothing) == {"done": 1}


def test_a_job_that_asks_between_its_steps_stops_at_once_with_its_worker(site: Site) -> None:
    def run(work: Work) -> None:
        while True:
            work.go_on()
            time.sleep(0.01)

    worker = Worker(site, kinds(run), every=0.1)
    put(site)
    with worker.working():
        wait_until(lambda: states(site) == ["running"])
        began = time.monotonic()
    assert time.monotonic() - began < SOON / 10
    (job,) = jobs(site)
    assert (job.state, job.attempts) == ("waiting", 0)
    assert worker.tally == {"released": 1}
