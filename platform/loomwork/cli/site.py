"""The site that a command works on."""

from collections.abc import Iterator
from contextlib import contextmanager

from loomwork.publishing.site import Site
from loomwork.store.settings import Settings


@contextmanager
def opened_site() -> Iterator[Site]:
    """Open the site that the environment names, and close it at the end."""
    site = Site.open(Settings.from_environment())
    try:
        yield site
    finally:
        site.close()
