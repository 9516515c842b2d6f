"""Jobs on the command line: listed, done, tried again, cancelled."""

import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from loomwork.store.engine import connect
from loomwork.store.jobs.table import JOB, enqueue
from loomwork.store.store import Store
from tests.integration.cli.conftest import Shell
from tests.processes import serving
from tests.sites import settings_of

TIDY = "housekeeping"


def put(home: Path, kind: str = TIDY, **values: Any) -> str:
    """Put a job into the site's table, with ``values`` set afterwards; return its id."""
    database = connect(settings_of(f"sqlite:///{home / 'loomwork.db'}", home).database_url)
    id_ = Store(database).run(lambda transaction: enqueue(transaction, kind, {}))
    with database.transaction() as connection:
        connection.execute(sa.update(JOB).where(JOB.c.id == id_).values({"attempts": 0, **values}))
    database.dispose()
    return str(id_)


def states(shell: Shell) -> dict[str, str]:
    return {job["kind"]: job["state"] for job in shell.ok("jobs", "list")["jobs"]}


def test_there_are_no_jobs_at_first(shell: Shell) -> None:
    ended = shell.run("jobs", "list")
    assert (ended.code, ended.out) == (0, "There are no jobs.\n")
    assert shell.run("jobs", "run-once").out == "Nothing is due.\n"


def test_what_is_due_is_done_in_the_command_itself(shell: Shell) -> None:
    id_ = put(shell.home)
    assert id_ in shell.run("jobs", "list").out
    assert shell.ok("jobs", "run-once") == {"attempts": {"done": 1}}
    assert states(shell) == {TIDY: "done"}
    assert shell.ok("jobs", "list", "--state", "waiting")["jobs"] == []
    assert len(shell.ok("jobs", "list", "--state", "waiting", "--state", "done")["jobs"]) == 1


def test_a_kind_that_is_not_known_here_is_named(shell: Shell) -> None:
    put(shell.home, "from tomorrow")
    assert shell.ok("jobs", "run-once") == {"attempts": {}}
    ended = shell.run("jobs", "list")
    assert "This program does not know these kinds, so they wait: from tomorrow." in ended.out
    assert shell.ok("jobs", "list")["unknown_kinds"] == ["from tomorrow"]
    assert states(shell) == {"from tomorrow": "waiting"}


def test_a_dead_job_is_tried_again(shell: Shell) -> None:
    dead = put(shell.home, state="dead", run_at=None, error="ValueError: first line\nsecond")
    listed = shell.run("jobs", "list").out
    assert "first line" in listed
    assert "second" not in listed
    assert shell.run("jobs", "retry", dead).out == "It waits.\n"
    shell.ok("jobs", "run-once")
    assert states(shell) == {TIDY: "done"}
    ended = shell.run("jobs", "retry", dead)
    assert (ended.code, ended.out) == (1, "")
    assert "The job is done" in ended.err


def test_a_cancelled_job_is_not_done(shell: Shell) -> None:
    id_ = put(shell.home)
    assert shell.ok("jobs", "cancel", id_) == {"id": id_, "state": "cancelled"}
    assert shell.ok("jobs", "run-once") == {"attempts": {}}
    assert shell.run("jobs", "cancel", id_).code == 1


@pytest.mark.parametrize("verb", ["retry", "cancel"])
def test_a_job_that_does_not_exist_is_a_sentence(shell: Shell, verb: str) -> None:
    nowhere = str(uuid4())
    ended = shell.run("jobs", verb, nowhere, LANG="zh_CN.UTF-8")
    assert (ended.code, ended.out) == (1, "")
    assert nowhere in ended.err
    assert shell.run("jobs", verb, "seven").code == 2


@pytest.mark.xdist_group("served")
def test_a_server_does_the_jobs_that_nobody_woke_it_for(shell: Shell) -> None:
    with serving(shell.home, "--workers", "1") as served:
        put(shell.home)
        put(shell.home, "from tomorrow")
        await_state(shell, "done")
        log = served.log.read_text()
    assert "Traceback" not in log
    assert states(shell) == {TIDY: "done", "from tomorrow": "waiting"}


def await_state(shell: Shell, state: str) -> None:
    deadline = time.monotonic() + 30
    while states(shell).get(TIDY) != state and time.monotonic() < deadline:
        time.sleep(0.2)
