"""What a WSGI server loads: ``loomwork.web.wsgi:app``, with the factory flag."""

from typing import TYPE_CHECKING

from loomwork.publishing.site import Site
from loomwork.store.settings import Settings
from loomwork.web.app import create_app

if TYPE_CHECKING:
    from flask import Flask


def app() -> "Flask":
    """Return the application of the site that the environment names."""
    return create_app(Site.open(Settings.from_environment()))
