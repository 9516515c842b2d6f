"""The REST API, under ``/api/v1``, and the addresses that tell whether the site is well."""

from typing import TYPE_CHECKING

from flask import Flask

from loomwork.web.rest import (
    changes,
    expressions,
    files,
    health,
    history,
    metadata,
    records,
    search,
)

if TYPE_CHECKING:
    from loomwork.publishing.site import Site


def mount(app: Flask, site: "Site") -> None:
    """Register the API on ``app``."""
    del site
    app.register_blueprint(health.routes)
    app.register_blueprint(records.routes)
    app.register_blueprint(changes.routes)
    app.register_blueprint(history.routes)
    app.register_blueprint(metadata.routes)
    app.register_blueprint(expressions.routes)
    app.register_blueprint(files.routes)
    app.register_blueprint(search.routes)
