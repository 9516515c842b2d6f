"""Flask-AppBuilder without its screens, its menu, its token formats and its work per request."""

from typing import TYPE_CHECKING, Any

from flask import Flask
from flask_appbuilder import AppBuilder
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_jwt_extended import JWTManager
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager

from loomwork.web.fab.sessions import Sessions
from loomwork.web.language import current_locale

if TYPE_CHECKING:
    from loomwork.publishing.site import Site


class Accounts(SecurityManager):
    """The security manager: accounts, roles and the ways to sign in.

    Signing in, tokens and rate limits are ours, so its managers of these exist for the code that
    refers to them, but none hangs on the application.
    """

    def create_login_manager(self, app: Flask) -> LoginManager:
        """Return a login manager that reads our session, without hooks on every request."""
        manager = LoginManager()
        manager.session_protection = None
        manager.user_loader(self.load_user)
        app.login_manager = manager  # type: ignore[attr-defined]
        return manager

    def create_jwt_manager(self, app: Flask) -> JWTManager:
        """Return a manager that serves no application: we have one kind of token, our own."""
        del app
        return JWTManager()

    def create_limiter(self, app: Flask) -> Limiter:
        """Return a limiter that serves no application."""
        del app
        return Limiter(get_remote_address, enabled=False)

    @staticmethod
    def before_request() -> None:
        """Load no user: `loomwork.web.identity` knows who acts."""

    def security_cleanup(self, baseviews: Any, menus: Any) -> None:
        """Keep all permissions: this would delete those of views that it does not know."""
        del baseviews, menus


class Foundation(AppBuilder):
    """The application builder, with neither pages nor static files of its own."""

    def _add_admin_views(self) -> None:
        """Add no views."""

    def _add_global_static(self) -> None:
        """Serve no files."""

    def _add_global_filters(self) -> None:
        """Add no template filters."""


def install(app: Flask, site: "Site") -> None:
    """Set Flask-AppBuilder up on ``app`` over the site's database."""
    session = Sessions(site).scoped()
    foundation = Foundation(security_manager_class=Accounts, update_perms=False)
    with app.app_context():
        foundation.init_app(app, session)
    app.before_request_funcs[None].remove(foundation.sm.before_request)
    app.extensions["babel"].locale_selector = current_locale

    @app.teardown_appcontext
    def _give_back(_: BaseException | None) -> None:
        if session.registry.has():
            session.remove()
