"""What every answer carries: security headers, cache rules and the id of its trace."""

import re
import secrets
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Header: TypeAlias = tuple[str, str]
ErrorInfo: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None] | None
)

TRACE = "loomwork.trace_id"
"""Key of the trace id in the WSGI environment."""
GIVEN_TRACE = re.compile(r"[A-Za-z0-9-]{8,64}")

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
DEFAULTS: tuple[Header, ...] = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cache-Control", "private, no-cache"),
    ("Vary", "Accept-Language, Authorization, Cookie"),
)
KEYED: tuple[tuple[str, Header], ...] = tuple(
    (name.lower(), (name, value)) for name, value in DEFAULTS
)
TRANSPORT: Header = ("Strict-Transport-Security", "max-age=31536000")


class Headers:
    """WSGI middleware that adds what an answer does not say itself.

    It stands outside Flask because there it costs a few microseconds, and because no answer can
    escape it: not the static files', not that of an error in an error handler.
    """

    def __init__(self, application: "WSGIApplication") -> None:
        self._application = application

    def __call__(
        self, environment: "WSGIEnvironment", start_response: "StartResponse", /
    ) -> Iterable[bytes]:
        """Answer the request through the wrapped application."""
        trace = environment[TRACE] = _trace_id(environment.get("HTTP_X_REQUEST_ID", ""))
        extra = [("X-Request-ID", trace)]
        if environment.get("wsgi.url_scheme") == "https":
            extra.append(TRANSPORT)

        def start(
            status: str, headers: list[Header], error: ErrorInfo = None, /
        ) -> Callable[[bytes], object]:
            given = {name.lower() for name, _ in headers}
            missing = [header for name, header in KEYED if name not in given]
            return start_response(status, [*headers, *missing, *extra], error)

        return self._application(environment, start)


def _trace_id(given: str) -> str:
    """Return the caller's id where it is harmless in a log, or a new one."""
    return given if given and GIVEN_TRACE.fullmatch(given) else secrets.token_hex(8)
