"""Ending with the process that started this one, even where that one was killed."""

import os
import signal
import threading
import time

VARIABLE = "LOOMWORK_SERVER"
"""The environment variable in which `serve` gives its process id to those it starts."""
EVERY = 1.0
PATIENCE = 10.0
"""Seconds that are left for ending in good order."""


def follow_server() -> None:
    """End this process soon after the server that started it, if one did."""
    server = os.environ.get(VARIABLE, "")
    if server.isdigit():
        threading.Thread(target=_watch, args=(int(server),), daemon=True, name="parent").start()


def _watch(server: int) -> None:
    while os.getppid() == server:
        time.sleep(EVERY)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE)
    os._exit(1)
