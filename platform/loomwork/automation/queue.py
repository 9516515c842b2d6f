"""The job queue: Huey on its own SQLite file in the home folder, or on Redis."""

import logging
import signal
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from huey import Huey, RedisHuey, SqliteHuey, crontab
from huey.consumer import Consumer

from loomwork.automation.housekeeping import KIND
from loomwork.automation.log import speak_briefly
from loomwork.errors import N_, UnavailableError
from loomwork.store.jobs.table import enqueue
from loomwork.store.schema.derived import RENEW
from loomwork.store.settings import Settings
from loomwork.store.store import Store

logger = logging.getLogger(__name__)

ANSWER_WITHIN = 5
"""Seconds that Redis may take to accept a connection, and to answer where nothing has to wait."""
SILENCE = 30.0
"""Seconds without wake-ups after one that could not be sent."""
LONGEST_POLL = 0.5
"""Seconds between two looks into a queue that cannot ring, which a file cannot."""


def open_queue(settings: Settings) -> Huey:
    """Return the queue of the site of ``settings``."""
    if settings.redis_url:
        return _on_redis(settings)
    return SqliteHuey("loomwork", filename=str(settings.home / "jobs.db"))


def require_queue(settings: Settings) -> None:
    """Raise UnavailableError unless the site's queue answers."""
    if not settings.redis_url:
        return
    storage = _on_redis(settings).storage
    # Only now is it sure to be installed.
    from redis.exceptions import RedisError

    try:
        storage.conn.ping()
    except (RedisError, OSError) as error:
        raise UnavailableError(
            N_("Redis does not answer at {address}: {reason}"),
            address=_shown(settings.redis_url),
            reason=str(error) or type(error).__name__,
        ) from error
    finally:
        storage.close()


def _on_redis(settings: Settings) -> Huey:
    try:
        from redis import ConnectionPool

        pool = ConnectionPool.from_url(
            settings.redis_url,
            socket_connect_timeout=ANSWER_WITHIN,
            socket_timeout=ANSWER_WITHIN,
        )
        return RedisHuey(f"loomwork:{settings.home.name}", connection_pool=pool)
    except ImportError as error:
        raise UnavailableError(
            N_("The driver {driver} is not installed: add the extra “{extra}” of loomwork."),
            driver="redis",
            extra="redis",
        ) from error
    except ValueError as error:
        raise UnavailableError(N_("LOOMWORK_REDIS_URL is not an address of Redis.")) from error


def _shown(url: str) -> str:
    """Return the address without name, password and what may stand for one."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def declare_jobs(queue: Huey, store: Store, ring: Callable[[], None]) -> dict[str, Any]:
    """Register what the queue can carry; return it by name. ``ring`` is called by a wake-up."""

    @queue.task(name="wake")  # type: ignore[untyped-decorator]
    def wake() -> None:
        ring()

    @queue.periodic_task(crontab(minute="7"), name="housekeeping")  # type: ignore[untyped-decorator]
    def tidy() -> None:
        for kind in (KIND, RENEW):
            store.run(partial(enqueue, kind=kind, payload={}, key=kind))

    return {"wake": wake, KIND: tidy}


class Waker:
    """Wakes the workers of a site through its queue.

    Nobody waits for a queue that is away: the workers look around by themselves now and then.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._turn = threading.Lock()
        self._wake: Callable[[], object] | None = None
        self._silent_until = 0.0

    def __call__(self) -> None:
        """Send a wake-up; it is no mistake where that cannot be done."""
        if self._clock() < self._silent_until:
            return
        try:
            with self._turn:
                if self._wake is None:
                    self._wake = _wake_of(open_queue(self._settings))
            self._wake()
        except Exception as error:  # noqa: BLE001 -- what was to be told is committed already
            self._silent_until = self._clock() + SILENCE
            logger.warning("the job queue does not answer: %s", error)


def _wake_of(queue: Huey) -> Callable[[], object]:
    @queue.task(name="wake")  # type: ignore[untyped-decorator]
    def wake() -> None:
        """Do nothing here: the worker's function of this name is called."""

    sender: Callable[[], object] = wake
    return sender


class _Consumer(Consumer):  # type: ignore[misc]  # Huey has no types
    def start(self) -> None:
        super().start()
        # Whoever started this process may have held Ctrl-C back until it is known how to end well.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def work(queue: Huey) -> None:
    """Do jobs until the process is told to stop."""
    speak_briefly()
    _Consumer(
        queue, workers=1, worker_type="thread", max_delay=LONGEST_POLL, check_worker_health=True
    ).run()
