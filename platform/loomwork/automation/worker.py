"""A worker: claims due jobs, does them, tells that it lives, and gives back what it cannot end."""

import json
import logging
import os
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from loomwork.automation.jobs import JobKind, JobSite, Work, WorkStoppedError
from loomwork.automation.leases import (
    LEASE,
    Claim,
    LeaseLostError,
    claim,
    extend,
    fail,
    finish,
    release,
)
from loomwork.automation.sweeper import sweep
from loomwork.errors import LoomworkError
from loomwork.store.engine import translated
from loomwork.store.identifiers import new_id
from loomwork.store.jobs.overview import has_due, unknown_kinds
from loomwork.store.outbox import number_committed

if TYPE_CHECKING:
    from uuid import UUID

logger = logging.getLogger(__name__)

EVERY = 2.0
"""Seconds between two looks at what no wake-up has told: due jobs, lost ones, new events."""
RUNNERS = 2
"""How many jobs a worker does at once, so that a long one does not hold up all others."""
PATIENCE = 6.0
"""Seconds that running jobs get when the worker is to stop."""
OUTAGE = (LoomworkError, SQLAlchemyError)
"""What the database raises where it is away or too busy."""


@dataclass(frozen=True, slots=True)
class _Running:
    claim: Claim
    ending: threading.Event = field(default_factory=threading.Event)


class Worker:
    """Does the jobs of one site in threads of this process. ``tally`` counts how attempts ended."""

    def __init__(
        self,
        site: JobSite,
        kinds: Mapping[str, JobKind],
        *,
        lease: timedelta = LEASE,
        every: float = EVERY,
        runners: int = RUNNERS,
    ) -> None:
        self.tally: Counter[str] = Counter()
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{str(new_id())[-6:]}"[:120]
        self._site = site
        self._store = site.store
        self._kinds = dict(kinds)
        self._lease = lease
        self._every = every
        self._runners = runners
        self._running: dict[UUID, _Running] = {}
        self._ring = threading.Event()
        self._stopping = threading.Event()
        self._reported: set[str] = set()

    def ring(self) -> None:
        """Let the worker look for due jobs now."""
        self._ring.set()

    @contextmanager
    def working(self, patience: float = PATIENCE) -> Iterator[None]:
        """Do jobs meanwhile; at the end give back those that take longer than ``patience``."""
        runners = [self._thread(self._run) for _ in range(self._runners)]
        self._thread(lambda: self._repeat(self._look_around, self._every))
        self._beating()
        try:
            yield
        finally:
            self._stop(runners, patience)

    def do_all(self) -> Mapping[str, int]:
        """Do what is due until nothing is; return how many attempts ended in which way."""
        self._beating()
        try:
            self._look_around()
            while self.do_one():
                continue
        finally:
            self._stopping.set()
        return dict(self.tally)

    def do_one(self) -> bool:
        """Claim a due job and do it; False where there is none."""
        kinds = tuple(self._kinds)
        with translated(), self._store.database.reader.connect() as connection:
            if not has_due(connection, kinds):
                return False
        claimed = self._store.run(lambda t: claim(t, kinds, self.owner, self._lease))
        if claimed is None:
            return False
        running = self._running[claimed.id] = _Running(claimed)
        try:
            outcome = self._attempt(running)
        finally:
            self._running.pop(claimed.id, None)
        self.tally[outcome] += 1
        return True

    def _attempt(self, running: _Running) -> str:
        """Do a job once; return how that ended."""
        held = running.claim
        try:
            self._site.refresh()
            work = Work(self._site, held, json.loads(held.payload), running.ending)
            self._kinds[held.kind].run(work)
            if not work.done:
                self._store.run(lambda t: finish(t, held))
        except WorkStoppedError:
            self._store.run(lambda t: release(t, held))
            return "released"
        except LeaseLostError:
            logger.warning("job %s (%s) is not this worker's any more", held.id, held.kind)
            return "lost"
        except Exception as error:  # noqa: BLE001 -- whatever a job raises is the job's failure
            return self._failed(held, error)
        return "done"

    def _failed(self, held: Claim, error: Exception) -> str:
        logger.warning(
            "job %s (%s) failed at attempt %s", held.id, held.kind, held.attempt, exc_info=error
        )
        reason = f"{type(error).__name__}: {error}"
        try:
            again = self._store.run(lambda t: fail(t, held, reason))
        except LeaseLostError:
            return "lost"
        return "failed" if again else "dead"

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._ring.wait(self._every)
            self._ring.clear()
            with self._outages_told():
                while not self._stopping.is_set() and self.do_one():
                    # Another runner may find the next one.
                    self._ring.set()

    def _look_around(self) -> None:
        """Number new events, let lost jobs be claimed again, ring where something is due."""
        number_committed(self._store)
        sweep(self._store, self._lease)
        with translated(), self._store.database.reader.connect() as connection:
            due = has_due(connection, tuple(self._kinds))
            unknown = unknown_kinds(connection, tuple(self._kinds)) - self._reported
        if due:
            self.ring()
        for kind in sorted(unknown):
            self._reported.add(kind)
            logger.warning("jobs of the kind %s wait: this program does not know it", kind)

    def _beating(self) -> None:
        self._thread(lambda: self._repeat(self._beat, self._lease.total_seconds() / 3))

    def _beat(self) -> None:
        """Tell of every running job that its worker lives."""
        for running in list(self._running.values()):
            if not self._store.run(partial(extend, held=running.claim, lease=self._lease)):
                running.ending.set()

    def _repeat(self, do: Callable[[], None], every: float) -> None:
        while not self._stopping.wait(every):
            with self._outages_told():
                do()

    @contextmanager
    def _outages_told(self) -> Iterator[None]:
        """Tell that the database is away, or of a mistake; what is to be done is done later."""
        try:
            yield
        except OUTAGE as error:
            logger.warning("jobs wait for the database: %s", error)
            self._stopping.wait(self._every)
        except Exception:
            # A thread that dies would do nothing any more, and nobody would notice.
            logger.exception("a mistake of the worker for jobs")
            self._stopping.wait(self._every)

    def _stop(self, runners: list[threading.Thread], patience: float) -> None:
        self._stopping.set()
        self._ring.set()
        for running in list(self._running.values()):
            running.ending.set()
        deadline = time.monotonic() + patience
        for runner in runners:
            runner.join(max(0.0, deadline - time.monotonic()))
        for running in list(self._running.values()):
            # Without the database the lease ends by itself.
            with suppress(*OUTAGE):
                self._store.run(partial(release, held=running.claim))

    def _thread(self, target: Callable[[], None]) -> threading.Thread:
        thread = threading.Thread(target=target, daemon=True, name="jobs")
        thread.start()
        return thread
