"""The worker for jobs as a process beside the server: started again where it dies."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from loomwork.cli.output import say
from loomwork.errors import N_

PATIENCE = 10
"""Seconds that the worker gets to finish what it is at."""
SHORTEST = 1.0
LONGEST = 60.0
"""Seconds before the worker is started again; twice as many each time, until it has lived long."""


@contextmanager
def jobs_beside(ending: Callable[[], bool]) -> Iterator[None]:
    """Keep the worker for jobs running meanwhile, unless ``ending`` tells that all is to end."""
    keeper = _Keeper(ending)
    try:
        yield
    finally:
        keeper.stop()


class _Keeper:
    def __init__(self, ending: Callable[[], bool]) -> None:
        self._ending = ending
        self._stopping = threading.Event()
        self._turn = threading.Lock()
        self._process = _started()
        self._thread = threading.Thread(target=self._keep, daemon=True, name="jobs")
        self._thread.start()

    def stop(self) -> None:
        with self._turn:
            self._stopping.set()
            self._process.terminate()
        self._thread.join(PATIENCE)
        if self._thread.is_alive():
            self._process.kill()
            self._thread.join()

    def _keep(self) -> None:
        pause = SHORTEST
        while True:
            began = time.monotonic()
            self._process.wait()
            if time.monotonic() - began > LONGEST:
                pause = SHORTEST
            if self._stopping.wait(pause) or self._ending():
                return
            say(N_("The process for jobs had ended; it is started again."))
            with self._turn:
                if self._stopping.is_set():
                    return
                # Without memory for a process there may be some after the next pause.
                with suppress(OSError):
                    self._process = _started()
            pause = min(pause * 2, LONGEST)


def _started() -> subprocess.Popen[bytes]:
    # One process group with the server, so Ctrl-C reaches both. The new process inherits that it
    # is held back, until the consumer of jobs knows how to end well.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return subprocess.Popen([sys.executable, "-m", "loomwork.cli", "worker"])
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
