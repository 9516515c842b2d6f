"""``loomwork serve`` and ``loomwork worker``."""

import os
import socket
import subprocess
import sys

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from loomwork.automation.queue import declare_jobs, open_queue, work
from loomwork.cli.output import say, with_json
from loomwork.cli.site import opened_site
from loomwork.errors import N_, UnavailableError

THREADS = 8


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, help="The port to listen on.")
@click.option("--workers", default=2, show_default=True, help="The number of processes.")
@click.option("--no-jobs", is_flag=True, help="Leave the jobs to `loomwork worker`.")
@with_json
def serve(*, host: str, port: int, workers: int, no_jobs: bool, as_json: bool) -> None:
    """Serve the site, with the worker for jobs beside it."""
    del as_json
    with opened_site():
        # Refuses a site that does not exist or does not fit, before anything listens.
        _require_free(host, port)
    jobs = None if no_jobs else _start_jobs()
    server = Granian(
        "loomwork.web.wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=workers,
        blocking_threads=THREADS,
        log_level=LogLevels.error,
        workers_kill_timeout=10,
    )
    server.on_startup(lambda: say(N_("Serving http://{host}:{port}"), host=host, port=port))
    try:
        server.serve()
    finally:
        if jobs is not None:
            jobs.terminate()
            jobs.wait(timeout=10)


def _require_free(host: str, port: int) -> None:
    """Raise UnavailableError unless the server will be able to listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        raise UnavailableError(
            N_("Nothing can listen on {host}:{port}: {reason}."),
            host=host,
            port=port,
            reason=error.strerror or str(error),
        ) from error


def _start_jobs() -> subprocess.Popen[bytes]:
    # The same process group: whoever stops the server's group stops the jobs too.
    return subprocess.Popen([sys.executable, "-m", "loomwork.cli", "worker"], env=os.environ)


@click.command()
@with_json
def worker(*, as_json: bool) -> None:
    """Do the site's jobs until told to stop."""
    del as_json
    with opened_site() as site:
        queue = open_queue(site.settings)
        declare_jobs(queue, site.store)
        work(queue)
