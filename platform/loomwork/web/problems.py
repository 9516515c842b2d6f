"""Errors in words: problem+json (RFC 9457) under ``/api/``, a plain page elsewhere."""

import logging
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import orjson
from flask import Response, g, render_template, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from loomwork.errors import (
    N_,
    BadRequestError,
    LoomworkError,
    Problem,
    SignInRequiredError,
)
from loomwork.web import identity
from loomwork.web.headers import TRACE
from loomwork.web.language import current_locale, gettext

if TYPE_CHECKING:
    from flask import Flask

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:loomwork:problem:{code}"
FAILED = N_("Something went wrong here.")
UNEXPECTED = N_("The trace id helps to find out what went wrong.")
PLAIN: Mapping[int, tuple[str, str]] = {
    400: ("bad_request", BadRequestError.text),
    404: ("not_found", N_("There is nothing at this address.")),
    405: ("method_not_allowed", N_("This address does not take this method.")),
    413: ("too_large", N_("The request is too large.")),
    415: ("unsupported_media_type", N_("This kind of content is not taken here.")),
    429: ("too_many_requests", N_("There were too many requests. Try again later.")),
}
OTHER = ("http_error", N_("This request cannot be carried out."))


class _Tolerant(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def install(app: "Flask") -> None:
    """Let ``app`` answer every error in the form that its caller reads."""
    app.register_error_handler(LoomworkError, answer_known)
    app.register_error_handler(HTTPException, answer_http)
    app.register_error_handler(Exception, answer_unexpected)


def trace_id() -> str:
    """Return the id under which this request stands in the log."""
    return str(request.environ.get(TRACE, ""))


def in_api() -> bool:
    """Tell whether the request is one to the API, whose callers are programs."""
    return request.path.startswith("/api/")


def answer_known(error: LoomworkError) -> Response:
    """Answer with an error of the platform's own tree."""
    title = gettext(type(error).text).format_map(_Tolerant(error.context))
    response = _answer(
        error.status,
        error.code,
        title,
        error.message(gettext, current_locale()),
        [entry(problem) for problem in error.problems],
    )
    if isinstance(error, SignInRequiredError):
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def answer_http(error: HTTPException) -> Response | HTTPException:
    """Answer with an error of the web framework: no such address, wrong method, too large."""
    status = error.code or 500
    if error.response is not None or status < 400:
        return error
    _find_reader()
    code, text = PLAIN.get(status, OTHER)
    title = gettext(text)
    response = _answer(status, code, title, title, [])
    response.headers.extend(
        (name, value) for name, value in error.get_headers() if name in ("Allow", "Retry-After")
    )
    return response


def _find_reader() -> None:
    """Let the answer be in the user's language, though no view has asked yet who it is."""
    if "actor" in g:
        return
    # An answer in the browser's language is better than none.
    with suppress(LoomworkError, SQLAlchemyError):
        identity.from_request()


def answer_unexpected(error: Exception) -> Response:
    """Answer with nothing but the trace id; the log has the rest."""
    logger.error("%s %s failed; trace %s", request.method, request.path, trace_id(), exc_info=error)
    return _answer(500, "internal", gettext(FAILED), gettext(UNEXPECTED), [])


def entry(problem: Problem) -> dict[str, object]:
    """Return one problem as it stands among the ``errors`` of an answer."""
    told: dict[str, object] = {
        "pointer": problem.pointer,
        "code": problem.code,
        "message": problem.message(gettext, current_locale()),
    }
    if problem.column is not None:
        told["column"] = problem.column
    if "check" in problem.context:
        told["check"] = problem.context["check"]
    return told


def _answer(
    status: int, code: str, title: str, detail: str, errors: list[dict[str, object]]
) -> Response:
    if not in_api():
        page = render_template("problem.html", title=title, detail=detail, trace_id=trace_id())
        return Response(page, status)
    body = {
        "type": TYPE.format(code=code),
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "errors": errors,
        "trace_id": trace_id(),
    }
    return Response(orjson.dumps(body), status, content_type=MEDIA_TYPE)
