"""Servers under measurement: started, awaited, stopped; their CPU time and memory from /proc."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE = 60.0
PARENT, USER, SYSTEM, CHILDREN_USER, CHILDREN_SYSTEM = 1, 11, 12, 13, 14
"""Places in /proc/PID/stat behind the name, which stands in parentheses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that runs; ``seconds`` is how long it took from its start to its first answer."""

    process: subprocess.Popen[bytes]
    port: int
    seconds: float

    def cpu(self) -> float:
        """Return the seconds of CPU time, user and system, that its whole tree has used."""
        return sum(_cpu(pid) for pid in _tree(self.process.pid))

    def memory(self) -> float:
        """Return the resident megabytes of its largest process, which is the worker."""
        return max(_resident(pid) for pid in _tree(self.process.pid))


@contextmanager
def running(
    command: Sequence[str], port: int, environment: Mapping[str, str], path: str
) -> Iterator[Server]:
    """Start a server, wait until ``path`` is answered, and stop it at the end."""
    begin = time.perf_counter()
    process = subprocess.Popen(
        command,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _await(process, port, path)
        yield Server(process=process, port=port, seconds=time.perf_counter() - begin)
    finally:
        # Nothing in a bench is worth a graceful end; the whole session is its own group.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def free_port() -> int:
    """Return a port of the loopback address that nothing uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await(process: subprocess.Popen[bytes], port: int, path: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        with suppress(OSError, HTTPException):
            connection.request("GET", path)
            status = connection.getresponse().status
            if status == 200:
                return
            if status == 500:
                break
        connection.close()
        time.sleep(0.02)
    raise RuntimeError(f"{process.args!r} does not answer (exit code {process.poll()})")


def _tree(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                children.setdefault(int(_stat(int(folder.name))[PARENT]), []).append(
                    int(folder.name)
                )
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()


def _cpu(pid: int) -> float:
    stat = _stat(pid)
    ticks = sum(int(stat[place]) for place in (USER, SYSTEM, CHILDREN_USER, CHILDREN_SYSTEM))
    return ticks / TICKS


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    line = next((line for line in status.splitlines() if line.startswith("VmRSS:")), "VmRSS: 0 kB")
    return int(line.split()[1]) / 1024
