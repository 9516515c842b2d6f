"""A site per module and engine, emptied for each test, and the people who use it."""

from collections.abc import Iterator

import pytest

from loomwork.model.actor import Actor
from loomwork.publishing.site import Site
from tests.documents import workshop
from tests.integration.engines import ENGINES, shared_database
from tests.sites import empty, made_site, person
from tests.trade import trade


@pytest.fixture(scope="module", params=ENGINES)
def shared_site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Yield a site with the test pack, once for each engine."""
    with (
        shared_database(request.param, tmp_path_factory) as (url, home),
        made_site(url, home, workshop()) as site,
    ):
        yield site


@pytest.fixture
def site(shared_site: Site) -> Site:
    """Return the module's site without a single record."""
    empty(shared_site)
    return shared_site


@pytest.fixture
def ann(site: Site) -> Actor:
    """Return a mechanic."""
    return person(site, "ann", "mechanic")


@pytest.fixture
def bob(site: Site) -> Actor:
    """Return another mechanic."""
    return person(site, "bob", "mechanic")


@pytest.fixture
def chief(site: Site) -> Actor:
    """Return a foreman, who may do everything with machines, makers and parts."""
    return person(site, "chief", "foreman")


@pytest.fixture(scope="module", params=ENGINES)
def shared_trading(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Yield a site with the pack of deals, once for each engine."""
    with (
        shared_database(request.param, tmp_path_factory) as (url, home),
        made_site(url, home, trade()) as site,
    ):
        yield site


@pytest.fixture
def trading(shared_trading: Site) -> Site:
    """Return the module's site without a single record."""
    empty(shared_trading)
    return shared_trading


@pytest.fixture
def boss(trading: Site) -> Actor:
    """Return somebody whom no role and no form restricts."""
    return person(trading, "boss", "boss")
