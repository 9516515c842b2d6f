"""Signing in and out: the form for people, a token for programs."""

from typing import TYPE_CHECKING, Any

import orjson
from flask import Response, current_app, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from loomwork.errors import N_, BadRequestError, InvalidError, Problem, SignInRequiredError
from loomwork.model.actor import Actor
from loomwork.web import cookie, csrf
from loomwork.web.identity import (
    current_identity,
    current_site,
    from_request,
    remember_in_browser,
)
from loomwork.web.language import current_locale, gettext
from loomwork.web.routing import Routes, safe_target
from loomwork.web.tokens import SIGN_IN_LIFETIME, Tokens

if TYPE_CHECKING:
    from loomwork.web.fab.users import Users

PAGE = "sign_in.html"
WRONG = N_("The user name or the password is not right.")
NOT_TEXT = N_("Text is expected.")
OTHER_PROVIDER = N_("Only the provider “db” is available here.")

routes = Routes("sign_in", __name__, refresh=False)
csrf.EXEMPT.add("sign_in.token")


@routes.route("/login", permission="public")
def form() -> BaseResponse | str:
    """Show the form, or go on where somebody is signed in already."""
    target = safe_target(request.args.get("next", "/"))
    try:
        from_request(current=True)
    except SignInRequiredError:
        return _page(target)
    return redirect(target)


@routes.route("/login", permission="public", methods=["POST"])
def enter() -> BaseResponse | tuple[str, int]:
    """Check name and password and begin a session."""
    target = safe_target(request.form.get("next", "/"))
    actor = _authenticated(request.form.get("username", ""), request.form.get("password", ""))
    if actor is None or actor.user is None:
        return _page(target, error=gettext(WRONG)), 422
    principal, _ = current_identity().by_user(actor.user, fresh=True)
    cookie.begin(principal)
    remember_in_browser(actor.locale, actor.theme)
    return redirect(target, code=303)


@routes.route("/logout", permission="public", methods=["POST"])
def leave() -> BaseResponse:
    """End the session."""
    cookie.end()
    return redirect("/login", code=303)


@routes.route("/api/v1/security/login", permission="public", methods=["POST"])
def token() -> Response:
    """Answer name and password with a short-lived token."""
    username, password = _credentials(request.get_data())
    actor = _authenticated(username, password)
    if actor is None or actor.user is None:
        raise SignInRequiredError(WRONG)
    issued = Tokens(current_site()).sign_in(actor.user)
    body = {
        "access_token": issued.secret,
        "token_type": "Bearer",
        "expires_in": int(SIGN_IN_LIFETIME.total_seconds()),
    }
    headers = {"Cache-Control": "no-store"}
    return Response(orjson.dumps(body), content_type="application/json", headers=headers)


@routes.errorhandler(csrf.ForeignRequestError)
def stale(error: csrf.ForeignRequestError) -> tuple[str, int]:
    """Show the form again where it was open for so long that its session has ended."""
    return _page(
        safe_target(request.form.get("next", "/")), error=error.message(gettext, current_locale())
    ), 403


def _page(target: str, *, error: str = "") -> str:
    username = request.form.get("username", "")
    return render_template(PAGE, error=error, next=target, username=username)


def _authenticated(username: str, password: str) -> Actor | None:
    users: Users = current_app.extensions["loomwork.users"]
    return users.authenticate(username, password)


def _credentials(body: bytes) -> tuple[str, str]:
    try:
        given: Any = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadRequestError(N_("The body is not JSON.")) from error
    if not isinstance(given, dict):
        raise BadRequestError(N_("The body is not a JSON object."))
    problems = [
        Problem(code="not_text", text=NOT_TEXT, pointer=f"/{name}")
        for name in ("username", "password")
        if not isinstance(given.get(name), str)
    ]
    if given.get("provider", "db") != "db":
        problems.append(Problem(code="unknown_provider", text=OTHER_PROVIDER, pointer="/provider"))
    if problems:
        raise InvalidError(problems=problems)
    return given["username"], given["password"]
