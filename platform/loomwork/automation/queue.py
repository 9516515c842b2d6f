"""The job queue: Huey on its own SQLite file in the home folder, or on Redis."""

import logging
import signal
from typing import Any
from urllib.parse import urlsplit

from huey import Huey, RedisHuey, SqliteHuey, crontab
from huey.consumer import Consumer

from loomwork.automation.housekeeping import remove_ended_tokens
from loomwork.automation.log import speak_briefly
from loomwork.errors import N_, UnavailableError
from loomwork.store.settings import Settings
from loomwork.store.store import Store

logger = logging.getLogger(__name__)

ANSWER_WITHIN = 5
"""Seconds that Redis may take to accept a connection, and to answer where nothing has to wait."""


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


def declare_jobs(queue: Huey, store: Store) -> dict[str, Any]:
    """Register the jobs that the platform does by itself; return them by name."""

    @queue.periodic_task(crontab(minute="7"))  # type: ignore[untyped-decorator]
    def housekeeping() -> None:
        removed = remove_ended_tokens(store)
        if removed:
            logger.info("removed %s tokens that ended long ago", removed)

    return {"housekeeping": housekeeping}


class _Consumer(Consumer):  # type: ignore[misc]  # Huey has no types
    def start(self) -> None:
        super().start()
        # Whoever started this process may have held Ctrl-C back until it is known how to end well.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def work(queue: Huey) -> None:
    """Do jobs until the process is told to stop."""
    speak_briefly()
    _Consumer(queue, workers=1, worker_type="thread", check_worker_health=True).run()
