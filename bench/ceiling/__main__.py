"""Serve the hand-written endpoint just as `loomwork serve --workers 1` serves the product."""

import sys

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from loomwork.cli.serving import THREADS

Granian(
    "bench.ceiling.app:app",
    address="127.0.0.1",
    port=int(sys.argv[1]),
    interface=Interfaces.WSGI,
    workers=1,
    blocking_threads=THREADS,
    log_level=LogLevels.error,
).serve()
