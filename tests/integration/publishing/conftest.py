"""Sites that a test may change as it likes: a fresh one for each test and engine."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from loomwork.publishing.site import Site
from tests.integration.publishing.breaking import Open
from tests.integration.publishing.stored import stored
from tests.sites import made_site


@pytest.fixture
def site(database_url: str, tmp_path: Path) -> Iterator[Site]:
    """Yield a site with ``base`` alone, once for each engine."""
    with made_site(database_url, tmp_path) as made:
        yield made


@pytest.fixture
def keep(database_url: str) -> Iterator[Open]:
    """Return what opens an empty database with the tables of a Model."""
    with ExitStack() as stack:
        yield lambda model: stack.enter_context(stored(database_url, model))
