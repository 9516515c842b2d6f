"""The start page and what concerns the one who is signed in."""

from contextlib import suppress

from flask import make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from loomwork.errors import NotFoundError, SignInRequiredError
from loomwork.web.identity import current_actor, set_preferences
from loomwork.web.routing import safe_target
from loomwork_ui.navigation import entries, flat
from loomwork_ui.pages.blueprint import routes
from loomwork_ui.request import visit


@routes.route("/", permission="signed_in")
def home() -> AnyResponse:
    """Go to the first entry of the navigation that may be opened, or say that there is none."""
    here = visit()
    found = entries(
        here.site.model,
        here.prepared.locale,
        lambda entity: "read" in here.site.records.allowed(here.actor, entity),
    )
    first = next(flat(found), None)
    if first is None:
        return make_response(render_template("nothing.html"), 403)
    return redirect(first.url)


@routes.route("/me/preferences", permission="public", methods=["POST"])
def preferences() -> AnyResponse:
    """Keep the chosen language or theme and go back to the page.

    Who is not signed in yet chooses too: the browser remembers it.
    """
    with suppress(SignInRequiredError):
        current_actor()
    set_preferences(request.form.get("language"), request.form.get("theme"))
    return redirect(safe_target(request.form.get("next", "/")), 303)


@routes.route("/app/<path:rest>", permission="signed_in")
def nowhere(rest: str) -> AnyResponse:
    """Answer for addresses below ``/app/`` that are no list and no record."""
    del rest
    raise NotFoundError
