"""Put the screens into an application."""

from flask import Flask
from jinja2 import ChoiceLoader, PrefixLoader
from werkzeug.exceptions import HTTPException

from loomwork.errors import LoomworkError
from loomwork.publishing.site import Site
from loomwork_ui.pages import account, errors, lists, records
from loomwork_ui.pages.blueprint import routes
from loomwork_ui.prepared import Preparations
from loomwork_ui.request import EXTENSION
from loomwork_ui.shell import Shell
from loomwork_ui.widgets.registry import plugged_templates, registry

PAGES = (account, lists, records)
"""Imported for the routes that they register."""


routes.register_error_handler(LoomworkError, errors.known)
routes.register_error_handler(HTTPException, errors.of_http)
routes.register_error_handler(Exception, errors.unexpected)


def mount(app: Flask, site: Site) -> None:
    """Register the screens' routes, templates, error pages and static files."""
    del site
    app.extensions[EXTENSION] = Preparations()
    app.context_processor(_shell)
    app.register_blueprint(routes)
    # Asked for now, so that a broken plug-in is told where the server starts.
    registry()
    plugged = PrefixLoader(plugged_templates())
    app.jinja_env.loader = ChoiceLoader((app.jinja_env.loader or plugged, plugged))


def _shell() -> dict[str, Shell]:
    return {"shell": Shell()}
