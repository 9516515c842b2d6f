"""Serving: started, stopped, killed; nothing is left behind, and what dies comes back."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.cli.conftest import Shell
from tests.processes import (
    Served,
    alive,
    await_answer,
    await_end,
    command,
    environment,
    serving,
)

SOON = 8.0
"""Seconds within which everything has to be over."""

pytestmark = pytest.mark.xdist_group("served")


def everything(served: Served) -> set[int]:
    """Return the ids of the server, its two processes and the worker for jobs."""
    found = {served.process.pid, *served.children()}
    assert len(found) == 4
    return found


def jobs_of(served: Served) -> set[int]:
    """Return the ids of the processes that do jobs."""
    return {
        child
        for child in served.children()
        if Path(f"/proc/{child}/cmdline").read_bytes().endswith(b"\0worker\0")
    }


def await_newcomer(find: Callable[[], set[int]], gone: int, count: int) -> set[int]:
    """Return what ``find`` gives as soon as there are ``count`` again, without the one gone."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        found = {process for process in find() if alive(process)}
        if len(found) == count and gone not in found:
            return found
        time.sleep(0.1)
    return set()


def wait_for(file: Path) -> None:
    deadline = time.monotonic() + 30
    while not file.exists() and time.monotonic() < deadline:
        time.sleep(0.1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_told_to_stop_ends_well_with_all_it_started(
    shell: Shell, number: signal.Signals
) -> None:
    with serving(shell.home) as served:
        processes = everything(served)
        served.process.send_signal(number)
        assert served.process.wait(timeout=SOON) == 0
        assert await_end(processes, 1) == set()
    log = served.log.read_text()
    assert f"http://127.0.0.1:{served.port}" in log
    assert "Traceback" not in log


def test_nothing_outlives_a_server_that_is_killed(shell: Shell) -> None:
    with serving(shell.home) as served:
        processes = everything(served)
        served.process.kill()
        served.process.wait()
        assert await_end(processes, SOON) == set()


def test_ctrl_c_in_a_terminal_reaches_the_whole_group_and_ends_well(shell: Shell) -> None:
    with serving(shell.home) as served:
        processes = everything(served)
        os.killpg(served.process.pid, signal.SIGINT)
        assert served.process.wait(timeout=SOON) == 0
        assert await_end(processes, 1) == set()
    assert "Traceback" not in served.log.read_text()


def test_server_and_jobs_are_one_process_group(shell: Shell) -> None:
    with serving(shell.home) as served:
        groups = {os.getpgid(process) for process in everything(served)}
    assert groups == {served.process.pid}


def test_a_server_without_jobs_starts_no_worker(shell: Shell) -> None:
    with serving(shell.home, "--no-jobs", "--workers", "1") as served:
        assert len(served.children()) == 1
        assert served.request("GET", "/healthz").json() == {"status": "ok"}
        started = time.monotonic()
        served.process.terminate()
        assert served.process.wait(timeout=SOON) == 0
        assert time.monotonic() - started < SOON


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_of_its_own_ends_well(shell: Shell, number: signal.Signals) -> None:
    process = subprocess.Popen(
        command("worker"), env=environment(shell.home), stderr=subprocess.PIPE
    )
    wait_for(shell.home / "jobs.db")
    time.sleep(1)
    process.send_signal(number)
    _, told = process.communicate(timeout=SOON)
    assert process.returncode == 0
    assert b"Traceback" not in told


def test_a_process_that_is_killed_is_replaced_as_often_as_it_happens(shell: Shell) -> None:
    with serving(shell.home, "--no-jobs") as served:
        for _ in range(3):
            victim = min(served.children())
            os.kill(victim, signal.SIGKILL)
            assert await_newcomer(served.children, victim, 2)
            await_answer(served)
        processes = {served.process.pid, *served.children()}
        served.process.terminate()
        assert served.process.wait(timeout=SOON) == 0
        assert await_end(processes, 1) == set()


def test_both_processes_killed_at_once_are_replaced(shell: Shell) -> None:
    with serving(shell.home, "--no-jobs") as served:
        first, second = served.children()
        os.kill(first, signal.SIGKILL)
        os.kill(second, signal.SIGKILL)
        left = await_newcomer(served.children, first, 2)
        assert left
        assert second not in left
        await_answer(served)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_process_for_jobs_comes_back_and_still_ends_with_the_server(
    shell: Shell, number: signal.Signals
) -> None:
    with serving(shell.home, "--workers", "1") as served:
        (victim,) = jobs_of(served)
        os.kill(victim, signal.SIGKILL)
        newcomer = await_newcomer(lambda: jobs_of(served), victim, 1)
        assert newcomer
        os.killpg(served.process.pid, number)
        assert served.process.wait(timeout=SOON) == 0
        assert await_end(newcomer, 1) == set()
    log = served.log.read_text()
    assert log.count("jobs") == 1
    assert "Traceback" not in log
