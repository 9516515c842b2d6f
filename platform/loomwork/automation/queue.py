"""The job queue: Huey on its own SQLite file in the home folder, or on Redis."""

import logging
from typing import Any

from huey import Huey, RedisHuey, SqliteHuey, crontab

from loomwork.automation.housekeeping import remove_ended_tokens
from loomwork.store.settings import Settings
from loomwork.store.store import Store

logger = logging.getLogger(__name__)


def open_queue(settings: Settings) -> Huey:
    """Return the queue of the site of ``settings``."""
    if settings.redis_url:
        return RedisHuey(f"loomwork:{settings.home.name}", url=settings.redis_url)
    return SqliteHuey("loomwork", filename=str(settings.home / "jobs.db"))


def declare_jobs(queue: Huey, store: Store) -> dict[str, Any]:
    """Register the jobs that the platform does by itself; return them by name."""

    @queue.periodic_task(crontab(minute="7"))  # type: ignore[untyped-decorator]
    def housekeeping() -> None:
        removed = remove_ended_tokens(store)
        if removed:
            logger.info("removed %s tokens that ended long ago", removed)

    return {"housekeeping": housekeeping}


def work(queue: Huey) -> None:
    """Do jobs until the process is told to stop."""
    queue.create_consumer(workers=1, worker_type="thread", check_worker_health=True).run()
