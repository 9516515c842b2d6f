"""Sites that a test may change as it likes: a fresh one for each test and engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from loomwork.publishing.site import Site
from tests.sites import made_site


@pytest.fixture
def site(database_url: str, tmp_path: Path) -> Iterator[Site]:
    """Yield a site with ``base`` alone, once for each engine."""
    with made_site(database_url, tmp_path) as made:
        yield made
