"""Jobs: there as soon as the transaction commits, done once, tried again, given up in the end."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from loomwork.automation.jobs import Work
from loomwork.automation.leases import finish
from loomwork.automation.worker import Worker
from loomwork.errors import ConflictError
from loomwork.publishing.site import Site
from loomwork.store.jobs.overview import job_figures
from loomwork.store.jobs.table import JOB, enqueue
from tests.integration.automation.doing import (
    claimed,
    do_all,
    jobs,
    kinds,
    make_due,
    nothing,
    put,
    put_another,
    states,
)


def test_a_job_gets_its_payload_and_is_done(site: Site) -> None:
    put(site, payload={"name": "苏州", "numbers": [1, None]})
    got: list[Any] = []
    assert do_all(site, lambda work: got.append((work.payload, work.attempt))) == {"done": 1}
    assert got == [({"name": "苏州", "numbers": [1, None]}, 1)]
    (job,) = jobs(site)
    assert (job.state, job.attempts, job.run_at, job.lease_until) == ("done", 1, None, None)
    assert do_all(site, got.append) == {}


def test_a_job_of_a_transaction_that_fails_never_was(site: Site) -> None:
    def work(transaction: Any) -> None:
        enqueue(transaction, "note", {})
        raise ConflictError

    with pytest.raises(ConflictError):
        site.store.run(work)
    assert jobs(site) == []


def test_workers_are_woken_once_and_only_after_the_commit(site: Site) -> None:
    woken: list[list[str]] = []
    site.store.wake = lambda: woken.append(states(site))

    def work(transaction: Any) -> None:
        enqueue(transaction, "note", {})
        enqueue(transaction, "note", {})
        assert woken == []

    site.store.run(work)
    assert woken == [["waiting", "waiting"]]


def test_a_job_for_later_waits_for_its_time(site: Site) -> None:
    put(site, run_at=datetime.now(UTC) + timedelta(hours=1))
    assert do_all(site, print) == {}
    assert states(site) == ["waiting"]


def test_the_one_that_waits_for_the_longest_time_comes_first(site: Site) -> None:
    now = datetime.now(UTC)
    for minutes in (1, 3, 2):
        put(site, run_at=now - timedelta(minutes=minutes), payload={"minutes": minutes})
    order: list[int] = []
    do_all(site, lambda work: order.append(work.payload["minutes"]))
    assert order == [3, 2, 1]


def test_a_key_stands_for_one_open_job(site: Site) -> None:
    first = put(site, key="invoice 7", payload={"turn": 1})
    assert put(site, key="invoice 7", payload={"turn": 2}) == first
    held = claimed(site)
    assert put(site, key="invoice 7") == first
    site.store.run(lambda transaction: finish(transaction, held))
    assert put(site, key="invoice 7") != first
    assert sorted(states(site)) == ["done", "waiting"]


def test_a_job_that_runs_is_done_once_more_where_that_is_asked(site: Site) -> None:
    turns: list[int] = []

    def run(work: Work) -> None:
        turns.append(work.attempt)
        if len(turns) == 1:
            put(site, key="sums", again=True)

    put(site, key="sums")
    assert do_all(site, run) == {"done": 2}
    assert states(site) == ["done"]


def test_a_failure_is_tried_again_later_and_given_up_at_last(site: Site) -> None:
    def run(work: Work) -> None:
        raise ValueError(f"attempt {work.attempt} 失败")

    put(site, max_attempts=3)
    assert do_all(site, run) == {"failed": 1}
    (job,) = jobs(site)
    assert job.run_at is not None
    assert job.run_at > datetime.now(UTC)
    assert (job.state, job.error) == ("failed", "ValueError: attempt 1 失败")
    for outcome in ("failed", "dead"):
        make_due(site)
        assert do_all(site, run) == {outcome: 1}
    make_due(site)
    assert do_all(site, run) == {}
    assert states(site) == ["dead"]


def test_a_failure_writes_nothing(site: Site) -> None:
    def run(work: Work) -> None:
        def do(transaction: Any) -> None:
            enqueue(transaction, "other", {})
            raise ValueError("too late")

        work.finish(do)

    put(site)
    do_all(site, run)
    assert states(site) == ["failed"]


def test_what_a_job_finishes_with_is_kept_with_its_end(site: Site) -> None:
    put(site)
    do_all(site, lambda work: work.finish(put_another))
    assert sorted((job.kind, job.state) for job in jobs(site)) == [
        ("note", "done"),
        ("other", "waiting"),
    ]


def test_a_payload_that_nobody_can_read_is_given_up(site: Site) -> None:
    id_ = put(site, max_attempts=1)
    with site.database.transaction() as connection:
        connection.execute(sa.update(JOB).where(JOB.c.id == id_).values(payload="{broken"))
    assert do_all(site, print) == {"dead": 1}


def test_a_kind_that_this_program_does_not_know_waits_and_is_reported(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    put(site, "from tomorrow")
    put(site)
    worker = Worker(site, kinds(nothing))
    assert worker.do_all() == {"done": 1}
    assert {job.kind: job.state for job in jobs(site)} == {
        "from tomorrow": "waiting",
        "note": "done",
    }
    assert "from tomorrow" in caplog.text
    with site.database.reader.connect() as connection:
        assert job_figures(connection).kinds == {"from tomorrow": 1}


def test_the_figures_tell_how_jobs_stand(site: Site) -> None:
    with site.database.reader.connect() as connection:
        empty = job_figures(connection)
    assert (set(empty.states.values()), empty.overdue, empty.leased) == ({0}, 0.0, 0.0)
    put(site, run_at=datetime.now(UTC) - timedelta(minutes=5))
    put(site, "other")
    claimed(site, kind="other")
    with site.database.reader.connect() as connection:
        figures = job_figures(connection)
    assert (figures.states["waiting"], figures.states["running"]) == (1, 1)
    assert 299 < figures.overdue < 400
    assert figures.kinds == {"note": 1}
