"""Proof that a request which changes something comes from one of our own pages."""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING

from flask import request, session

from loomwork.errors import N_, ForbiddenError

if TYPE_CHECKING:
    from flask import Flask

KEY = "csrf"
FIELD = "csrf_token"
HEADER = "X-CSRFToken"
LENGTH = 24
SAFE = frozenset(("GET", "HEAD", "OPTIONS"))
EXEMPT: set[str] = set()
"""Endpoints that neither read the session nor act in its name."""


class ForeignRequestError(ForbiddenError):
    """The request did not prove that it comes from a page of ours."""

    code = "csrf"
    text = N_("This page is out of date. Reload it and try again.")


def install(app: "Flask") -> None:
    """Let ``app`` refuse unproven changes, and give templates ``csrf_token()``."""
    app.before_request(protect)
    app.jinja_env.globals["csrf_token"] = csrf_token


def csrf_token() -> str:
    """Return the token for this session.

    It is masked anew each time: a compressed page that also holds text of an attacker's choice
    would otherwise give it away bit by bit.
    """
    secret = session.get(KEY)
    if secret is None:
        secret = session[KEY] = secrets.token_urlsafe(LENGTH)
    raw = urlsafe_b64decode(secret)
    mask = secrets.token_bytes(LENGTH)
    return urlsafe_b64encode(mask + _mixed(mask, raw)).decode()


def protect() -> None:
    """Raise ForeignRequestError where a change in the session's name lacks its token.

    A request with an Authorization header never acts by the session, see `identity`.
    """
    if request.method in SAFE or "HTTP_AUTHORIZATION" in request.environ:
        return
    if request.endpoint is None or request.endpoint in EXEMPT:
        return
    if not session and request.path.startswith("/api/"):
        return
    given = request.headers.get(HEADER) or request.form.get(FIELD, "")
    if not _matches(given, session.get(KEY, "")):
        raise ForeignRequestError


def _matches(given: str, secret: str) -> bool:
    try:
        raw = urlsafe_b64decode(given.encode("ascii"))
    except (ValueError, UnicodeEncodeError):
        return False
    if len(raw) != 2 * LENGTH or not secret:
        return False
    return secrets.compare_digest(_mixed(raw[:LENGTH], raw[LENGTH:]), urlsafe_b64decode(secret))


def _mixed(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))
