"""A package of screens as the application finds one: a few pages for every permission."""

from typing import TYPE_CHECKING, Any, cast

from flask import Flask, request

from loomwork.errors import ActorMovedError, InvalidError, Problem
from loomwork.web.identity import (
    current_actor,
    current_site,
    current_theme,
    set_preferences,
    with_current_rights,
)
from loomwork.web.language import current_locale
from loomwork.web.routing import Routes

if TYPE_CHECKING:
    from uuid import UUID

routes = Routes("pages", __name__, template_folder="templates")
lean = Routes("lean", __name__, refresh=False, url_prefix="/api/v1/try")


@routes.route("/", permission="signed_in")
def home() -> str:
    """Say who is signed in."""
    return f"{current_actor().login} {current_locale()} {current_theme()}"


@routes.route("/administration", permission="admin")
def administration() -> str:
    """Show what is for administrators only."""
    return "administration"


@routes.route("/preferences", permission="signed_in", methods=["POST"])
def preferences() -> str:
    """Keep what the form says."""
    set_preferences(request.form.get("language"), request.form.get("theme"))
    return "kept"


@routes.route("/broken", permission="public")
def broken() -> str:
    """Fail in a way that nobody has thought of."""
    raise ZeroDivisionError("secret detail")


@lean.route("/me", permission="signed_in", methods=["GET", "POST"])
def me() -> dict[str, Any]:
    """Answer by one statement, as the endpoints of records do."""
    site = current_site()
    user = with_current_rights(
        lambda actor: site.records.read(actor, "user", cast("UUID", actor.user))
    )
    actor = current_actor()
    return {"login": user["username"], "roles": sorted(actor.roles), "admin": actor.admin}


@lean.route("/broken", permission="public")
def broken_api() -> str:
    """Fail in a way that nobody has thought of."""
    raise ZeroDivisionError("secret detail")


@lean.route("/invalid", permission="public")
def invalid() -> str:
    """Refuse a value."""
    problem = Problem(
        code="too_small", text="The value must be at least {limit}.", context={"limit": 3}
    )
    raise InvalidError(problems=(problem.at("/amount"),))


@lean.route("/moved", permission="signed_in", methods=["GET", "POST"])
def moved() -> str:
    """Refuse to work as though rights changed all the time."""
    raise ActorMovedError


@lean.route("/body", permission="public", methods=["POST"])
def body() -> dict[str, int]:
    """Read the whole body."""
    return {"length": len(request.get_data())}


def mount(app: Flask, site: object) -> None:
    """Register the pages."""
    del site
    app.register_blueprint(routes)
    app.register_blueprint(lean)
