"""The product as processes: commands that end, and a server that is stopped."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

READY = 60.0
"""Seconds that a server may take to answer on a busy machine."""


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return the environment of a process that works on the site in ``home`` and no other."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LOOMWORK_")}
    return {**kept, "LANG": "C.UTF-8", "LOOMWORK_HOME": str(home), **more}


def command(*arguments: str | os.PathLike[str]) -> list[str]:
    """Return the call of ``loomwork`` with these arguments."""
    return [sys.executable, "-m", "loomwork.cli", *(os.fspath(one) for one in arguments)]


@dataclass(frozen=True, slots=True)
class Served:
    """A running server."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def children(self) -> set[int]:
        """Return the ids of the processes that the server has started."""
        threads = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return {int(pid) for found in threads for pid in found.read_text().split()}

    def request(self, method: str, path: str, token: str = "", **options: object) -> httpx.Response:
        """Return the answer to a request over a connection of its own."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        address = f"http://127.0.0.1:{self.port}{path}"
        return httpx.request(method, address, headers=headers, timeout=30, **options)  # type: ignore[arg-type]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    home: Path, *arguments: str, variables: Mapping[str, str] | None = None
) -> Iterator[Served]:
    """Run ``loomwork serve`` and give it once it answers; stop it at the end."""
    port, log = free_port(), home / "serve.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command("serve", "--port", str(port), *arguments),
            env=environment(home, **(variables or {})),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    served = Served(process, port, log)
    try:
        await_answer(served)
        yield served
    finally:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def await_answer(served: Served) -> None:
    """Return as soon as the server answers; AssertionError with its log if it does not."""
    deadline = time.monotonic() + READY
    while True:
        try:
            if served.request("GET", "/readyz").status_code == 200:
                return
        except httpx.TransportError:
            if served.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(served.log.read_text()) from None
        time.sleep(0.1)


def alive(pid: int) -> bool:
    """Tell whether a process runs; one that has ended and waits to be noticed does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(") ")[2][0] != "Z"


def await_end(pids: set[int], seconds: float) -> set[int]:
    """Return which of the processes still run after ``seconds`` at the most."""
    deadline = time.monotonic() + seconds
    while (left := {pid for pid in pids if alive(pid)}) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left
