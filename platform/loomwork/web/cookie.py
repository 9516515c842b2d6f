"""The browser's session: a signed cookie that says who signed in, when, and with which password."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from flask import request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

if TYPE_CHECKING:
    from flask import Flask, Request, Response

    from loomwork.web.fab.directory import Principal

USER = "user"
ACCOUNT = "_user_id"
"""The key under which Flask-Login, and so Flask-AppBuilder's own screens, look for the account."""
FINGERPRINT = "password"
SINCE = "since"
RENEWED = "renewed"

IDLE_SECONDS = 12 * 3600
"""A session ends when it has not been used for so long."""
LONGEST_SECONDS = 7 * 24 * 3600
"""A session ends after this time in any case."""
RENEWAL_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Pass:
    """What a session claims: the user's record and the password's fingerprint at sign-in."""

    user: UUID
    fingerprint: str


class CookieSessions(SecureCookieSessionInterface):
    """Flask's signed cookies, left alone where a request does not need them."""

    def open_session(self, app: "Flask", request: "Request") -> SecureCookieSession | None:
        """Read the session; a request with an Authorization header has none."""
        if "HTTP_AUTHORIZATION" in request.environ or "HTTP_COOKIE" not in request.environ:
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: "Flask", session: SessionMixin, response: "Response") -> None:
        """Send the cookie where the session has changed."""
        if session.modified:
            super().save_session(app, session, response)

    def get_cookie_secure(self, app: "Flask") -> bool:
        """Tell whether the cookie is for HTTPS only: where that is configured, or in use."""
        return bool(app.config["SESSION_COOKIE_SECURE"]) or request.is_secure


def begin(principal: "Principal") -> None:
    """Start a new session for one who has just proved who they are."""
    session.clear()
    session.permanent = True
    now = int(time.time())
    session[ACCOUNT] = str(principal.account)
    session[USER] = str(principal.actor.user)
    session[FINGERPRINT] = principal.fingerprint
    session[SINCE] = session[RENEWED] = now


def end() -> None:
    """Forget everything that the browser's session holds."""
    session.clear()


def read() -> Pass | None:
    """Return what the session claims, or None where nobody is signed in by it."""
    user = session.get(USER)
    if user is None or time.time() - session.get(SINCE, 0) > LONGEST_SECONDS:
        return None
    return Pass(UUID(user), session.get(FINGERPRINT, ""))


def renew() -> None:
    """Let a session in use live on; the cookie is sent again every ten minutes at most."""
    now = int(time.time())
    if now - session.get(RENEWED, 0) > RENEWAL_SECONDS:
        session[RENEWED] = now


def plain(response: "Response", name: str, value: str, *, seconds: int) -> None:
    """Set a cookie that holds a preference and no secret."""
    response.set_cookie(
        name, value, max_age=seconds, httponly=True, samesite="Lax", secure=request.is_secure
    )
