"""What the queue's consumer says: mistakes in full, a queue that is away in one line."""

import logging
import time
from collections.abc import Callable
from typing import TextIO

QUEUES = frozenset({"redis", "sqlite3"})
"""The packages whose errors mean that the queue cannot be reached; Redis may not be installed."""
OUTAGE_EVERY = 60.0
"""Seconds between two lines about a queue that is away."""


class Outages(logging.Filter):
    """Lets through a line a minute while the queue is away; Huey tries many times in that span."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._said: float | None = None

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether the record is worth a line, and make one line of an outage."""
        error = record.exc_info[1] if record.exc_info else None
        if error is None or type(error).__module__.partition(".")[0] not in QUEUES:
            return True
        record.msg, record.args = "the job queue does not answer: %s", (error,)
        record.exc_info = record.exc_text = None
        now = self._clock()
        if self._said is not None and now - self._said < OUTAGE_EVERY:
            return False
        self._said = now
        return True


def speak_briefly(stream: TextIO | None = None) -> None:
    """Let Huey write to ``stream`` (standard error) what matters, outages in brief."""
    handler = logging.StreamHandler(stream)
    handler.setLevel(logging.WARNING)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    handler.addFilter(Outages())
    logger = logging.getLogger("huey")
    logger.handlers[:] = [handler]
    logger.propagate = False
