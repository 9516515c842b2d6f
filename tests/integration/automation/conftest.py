"""A site per module and engine, whose jobs are emptied for each test."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from loomwork.publishing.site import Site
from loomwork.store.jobs.table import JOB
from tests.integration.engines import ENGINES, shared_database
from tests.sites import made_site


@pytest.fixture(scope="module", params=ENGINES)
def shared_site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Yield a site with ``base`` alone, once for each engine."""
    with (
        shared_database(request.param, tmp_path_factory) as (url, home),
        made_site(url, home) as site,
    ):
        yield site


@pytest.fixture
def site(shared_site: Site) -> Site:
    """Return the module's site without a single job, and without a queue to wake anybody."""
    with shared_site.database.transaction() as connection:
        connection.execute(sa.delete(JOB))
    shared_site.store.wake = None
    return shared_site
