"""The application factory: one Flask application for one site."""

from datetime import timedelta
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from flask import Flask

from loomwork.web import (
    assets,
    cookie,
    csrf,
    identity,
    language,
    problems,
    rest,
    routing,
    sign_in,
)
from loomwork.web.fab import builder
from loomwork.web.fab.users import Users
from loomwork.web.headers import Headers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from importlib.metadata import EntryPoint

    from loomwork.publishing.site import Site
    from loomwork.store.settings import Settings

SCREENS = "loomwork.screens"
"""The entry point group of packages with pages; each gives a function ``mount(app, site)``."""
LARGEST_BODY = 32 * 1024 * 1024
LARGEST_FORM = 4 * 1024 * 1024


def create_app(site: "Site") -> Flask:
    """Return the application that serves ``site``."""
    app = Flask("loomwork.web", static_folder=None)
    app.config.from_mapping(_configuration(site.settings))
    app.session_interface = cookie.CookieSessions()
    screens = tuple(entry_points(group=SCREENS))
    builder.install(app, site)
    language.install(app, ("loomwork.web", *_packages(screens)))
    identity.install(app, site)
    app.extensions["loomwork.users"] = Users(site)
    problems.install(app)
    csrf.install(app)
    app.register_blueprint(sign_in.routes)
    rest.mount(app, site)
    for screen in screens:
        mount: Callable[[Flask, Any], None] = screen.load()
        mount(app, site)
    assets.install(app)
    routing.require_declarations(app)
    app.wsgi_app = Headers(app.wsgi_app)  # type: ignore[assignment,method-assign]
    return app


def _configuration(settings: "Settings") -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SESSION_COOKIE_NAME": "loomwork_session",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": timedelta(seconds=cookie.IDLE_SECONDS),
        "MAX_CONTENT_LENGTH": LARGEST_BODY,
        "MAX_FORM_MEMORY_SIZE": LARGEST_FORM,
        "APP_NAME": "Loomwork",
        "LANGUAGES": {
            "en": {"flag": "gb", "name": language.NAMES["en"]},
            "zh_CN": {"flag": "cn", "name": language.NAMES["zh_CN"]},
        },
        # Flask-AppBuilder: tables and roles are the installer's to make, screens are ours.
        "AUTH_TYPE": 1,
        "FAB_CREATE_DB": False,
        "FAB_UPDATE_PERMS": False,
        "FAB_ADD_SECURITY_API": False,
        "FAB_ADD_SECURITY_VIEWS": False,
        "FAB_ADD_MENU_API": False,
        "FAB_ADD_OPENAPI_VIEWS": False,
        "RATELIMIT_ENABLED": False,
    }


def _packages(screens: "Iterable[EntryPoint]") -> tuple[str, ...]:
    """Return the packages that hold the screens, without importing them."""
    return tuple(dict.fromkeys(screen.module.partition(".")[0] for screen in screens))
