"""Jobs for derived values: catching up with what was left, and totals that are renewed at times."""

import logging

from loomwork.automation.jobs import Work, job
from loomwork.records.deriving.building import build_missing
from loomwork.records.deriving.renewing import catch_up, renew_due
from loomwork.store.schema.derived import CATCH_UP, RENEW

logger = logging.getLogger(__name__)


@job(CATCH_UP)
def catching_up(work: Work) -> None:
    """Work out what more records follow from than a writer waits for."""
    changed = catch_up(work.site.refresh())
    logger.info("worked out %s derived values that were left to a job", changed)


@job(RENEW)
def renewing(work: Work) -> None:
    """Work out the totals whose hour or day is over, and fill columns that are not complete."""
    runtime = work.site.refresh()
    build_missing(runtime)
    for place, changed in renew_due(runtime).items():
        logger.info("renewed %s: %s values were others", ".".join(place), changed)
