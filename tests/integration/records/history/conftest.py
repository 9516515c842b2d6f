"""An office on each engine, emptied for each test, and who works there."""

from collections.abc import Iterator

import pytest

from loomwork.model.actor import Actor
from loomwork.publishing.site import Site
from tests.integration.engines import ENGINES, shared_database
from tests.office import forget, office
from tests.sites import empty, made_site, person


@pytest.fixture(scope="module", params=ENGINES)
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    with (
        shared_database(request.param, tmp_path_factory) as (url, home),
        made_site(url, home, office()) as made,
    ):
        yield made


@pytest.fixture
def site(shared: Site) -> Site:
    empty(shared)
    forget(shared)
    return shared


@pytest.fixture
def head(site: Site) -> Actor:
    return person(site, "head", "head")


@pytest.fixture
def clerk(site: Site) -> Actor:
    return person(site, "clerk", "clerk")
