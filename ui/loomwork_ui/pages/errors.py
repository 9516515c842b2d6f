"""Errors in words, inside the shell."""

import logging

from flask import Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from loomwork.errors import N_, LoomworkError
from loomwork.web.language import current_locale, gettext
from loomwork.web.problems import trace_id
from loomwork_ui.request import wants_fragment
from loomwork_ui.toasts import Toast, at_once

logger = logging.getLogger(__name__)

TITLES = {
    403: N_("You may not open this"),
    404: N_("There is nothing here"),
    409: N_("This cannot be done now"),
    412: N_("Somebody was faster"),
    422: N_("This does not fit"),
    500: N_("Something went wrong"),
}
ADVICE = {
    403: N_("Ask an administrator for a role that allows it."),
    404: N_("The record may have been deleted, or you may not read it."),
    500: N_(
        "Nothing was changed by this. If it happens again, tell your administrator this number:"
    ),
}
ICONS = {403: "lock", 404: "search", 409: "link"}
UNEXPECTED = N_("The platform could not complete this call.")


def known(error: LoomworkError) -> Response:
    """Show an error of the platform's own tree."""
    details = [problem.message(gettext, current_locale()) for problem in error.problems]
    text = " ".join(details) or error.message(gettext, current_locale())
    return _answer(error.status, text)


def of_http(error: HTTPException) -> Response | HTTPException:
    """Show an error of the web framework."""
    status = error.code or 500
    return error if status < 400 else _answer(status, gettext(TITLES[404]) if status == 404 else "")


def unexpected(error: Exception) -> Response:
    """Show that something is broken, with the id under which the log has the rest."""
    logger.error("%s %s failed; trace %s", request.method, request.path, trace_id(), exc_info=error)
    return _answer(500, gettext(UNEXPECTED))


def _answer(status: int, text: str) -> Response:
    if wants_fragment():
        response = make_response("", status)
        response.headers["HX-Reswap"] = "none"
        at_once(response, Toast(text=text or gettext(TITLES[500]), tone="bad"))
        return response
    advice = ADVICE.get(status, "")
    page = render_template(
        "error.html",
        status=status,
        title=gettext(TITLES.get(status, TITLES[500])),
        text=text,
        advice=gettext(advice) if advice else "",
        picture=ICONS.get(status, "alert-triangle"),
        trace=trace_id() if status >= 500 else "",
    )
    return make_response(page, status)
