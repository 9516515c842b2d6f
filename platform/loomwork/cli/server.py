"""The web server: Granian, with more patience for processes that die."""

import time
from typing import Any

from granian.server import MPServer

SPAN = 60.0
MOST = 10
"""So many processes may die within so many seconds; then something is wrong with all of them."""
PAUSE = 1.0
"""Seconds before the next one is replaced where several have died."""


class Server(MPServer):
    """A server whose processes are replaced when they die.

    Granian ends as soon as one dies twice within seconds, which a hard-pressed machine can do to a
    process that is well.
    """

    def __init__(self, target: str, **options: Any) -> None:
        super().__init__(target, respawn_failed_workers=True, **options)
        self._deaths: list[float] = []

    def _respawn_workers(
        self, workers: list[int], spawn_target: Any, target_loader: Any, delay: float = 0
    ) -> None:
        """Replace processes, after a pause where others have died lately."""
        now = time.monotonic()
        self._deaths = [at for at in self._deaths if now - at < SPAN]
        if self._deaths:
            time.sleep(PAUSE)
        self._deaths += [now] * len(workers)
        super()._respawn_workers(workers, spawn_target, target_loader, delay)
        if len(self._deaths) <= MOST:
            # What Granian goes by when it tells that they die too fast.
            self.respawned_wrks.clear()
