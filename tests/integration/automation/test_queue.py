"""The queue carries wake-ups only: with or without it, jobs are done."""

import logging
import threading
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from loomwork.automation.jobs import JobKind, Work
from loomwork.automation.queue import Waker, declare_jobs, open_queue
from loomwork.automation.worker import Worker
from loomwork.publishing.site import Site
from loomwork.store.jobs.overview import list_jobs
from loomwork.store.jobs.table import enqueue
from loomwork.store.settings import Settings
from tests.sites import KEY, settings_of

SOON = 20.0
NOWHERE = "redis://127.0.0.1:1/0"


def on_redis(url: str, home: Path) -> Settings:
    """Return settings whose queue is in Redis, under a name that no other test has."""
    folder = home / f"site-{uuid4().hex[:8]}"
    database = settings_of(f"sqlite:///{home / 'site.db'}", home).database_url
    return Settings(home=folder, database_url=database, secret_key=KEY, redis_url=url)


def in_file(home: Path) -> Settings:
    return settings_of(f"sqlite:///{home / 'site.db'}", home)


def carried(settings: Settings, rung: list[str]) -> Any:
    """Return the worker's end of a queue, whose wake-ups add to ``rung``."""
    queue: Any = open_queue(settings)
    nowhere: Any = None
    declare_jobs(queue, nowhere, lambda: rung.append("rung"))
    return queue


def deliver(queue: Any) -> None:
    """Do what a consumer does with the next message."""
    task = queue.dequeue()
    assert task is not None
    queue.execute(task)


@pytest.fixture(params=["file", "redis"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Return settings with each kind of queue."""
    if request.param == "file":
        return in_file(tmp_path)
    return on_redis(request.getfixturevalue("redis_url"), tmp_path)


def test_a_wake_up_of_one_process_rings_in_another(settings: Settings) -> None:
    rung: list[str] = []
    queue = carried(settings, rung)
    waker = Waker(settings)
    waker()
    waker()
    deliver(queue)
    deliver(queue)
    assert rung == ["rung", "rung"]
    queue.flush()


def test_whoever_writes_does_not_wait_for_a_queue_that_is_away(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    now = [0.0]
    waker = Waker(on_redis(NOWHERE, tmp_path), lambda: now[0])
    with caplog.at_level(logging.WARNING):
        for _ in range(50):
            waker()
        assert len(caplog.records) == 1
        now[0] = 31.0
        waker()
        assert len(caplog.records) == 2


def test_a_job_is_done_though_the_queue_is_away(site: Site, tmp_path: Path) -> None:
    done = threading.Event()

    def run(work: Work) -> None:
        del work
        done.set()

    site.store.wake = Waker(on_redis(NOWHERE, tmp_path))
    worker = Worker(site, {"note": JobKind(name="note", run=run)}, every=0.1)
    with worker.working():
        site.store.run(lambda transaction: enqueue(transaction, "note", {}))
        assert done.wait(SOON)


def test_a_job_is_done_though_its_wake_up_was_emptied_out(site: Site, tmp_path: Path) -> None:
    settings = in_file(tmp_path)
    site.store.wake = Waker(settings)
    site.store.run(lambda transaction: enqueue(transaction, "note", {}))
    assert len(open_queue(settings)) == 1
    for file in tmp_path.glob("jobs.db*"):
        file.unlink()
    assert len(open_queue(settings)) == 0
    done: list[object] = []
    tally = Worker(site, {"note": JobKind(name="note", run=done.append)}).do_all()
    assert (tally, len(done)) == ({"done": 1}, 1)
    with site.database.reader.connect() as connection:
        assert [job.state for job in list_jobs(connection)] == ["done"]
