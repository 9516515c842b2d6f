"""A bucket on this machine that speaks S3 (moto's server), and that can be told to fail.

``python tests/s3_double.py PORT`` runs it; requests to ``/_fail?how=H&times=N`` make the next N
requests fail in the way H: ``error`` (500), ``slow`` (no answer in time), ``short`` (fewer bytes of
the body than the header says), ``none`` (stop failing).
"""

import sys
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

SLOW_SECONDS = 1.5

StartResponse = Callable[..., Any]


class Failing:
    """WSGI middleware that spoils the next answers."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application
        self._lock = threading.Lock()
        self._how, self._left = "none", 0

    def __call__(self, environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/_fail":
            asked = parse_qs(environ["QUERY_STRING"])
            with self._lock:
                self._how, self._left = asked["how"][0], int(asked["times"][0])
            start("200 OK", [("Content-Length", "0")])
            return [b""]
        with self._lock:
            how = self._how if self._left > 0 else "none"
            self._left -= 1
        if how == "error":
            start("500 Internal Server Error", [("Content-Length", "0")])
            return [b""]
        if how == "slow":
            time.sleep(SLOW_SECONDS)
            start("503 Slow Down", [("Content-Length", "0")])
            return [b""]
        pieces = self._application(environ, start)
        return [b"".join(pieces)[:-7]] if how == "short" else pieces


def main() -> None:
    """Serve until the process is ended."""
    from moto.moto_server.werkzeug_app import (
        DomainDispatcherApplication,
        create_backend_app,
    )
    from werkzeug.serving import make_server

    application = Failing(DomainDispatcherApplication(create_backend_app))
    make_server("127.0.0.1", int(sys.argv[1]), application, threaded=True).serve_forever()


if __name__ == "__main__":
    main()
