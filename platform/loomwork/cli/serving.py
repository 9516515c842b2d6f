"""``loomwork serve`` and ``loomwork worker``."""

import os
import signal
import socket
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING

import click
from granian.constants import Interfaces
from granian.log import LogLevels

from loomwork.automation.jobs import job_kinds
from loomwork.automation.queue import declare_jobs, open_queue, require_queue, work
from loomwork.automation.worker import Worker
from loomwork.cli.jobs import PATIENCE, jobs_beside
from loomwork.cli.output import say, with_json
from loomwork.cli.parent import VARIABLE, follow_server
from loomwork.cli.server import Server
from loomwork.cli.site import opened_site
from loomwork.errors import N_, UnavailableError
from loomwork.web import wsgi

if TYPE_CHECKING:
    from flask import Flask

THREADS = 8


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    help="The port to listen on.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=2,
    show_default=True,
    help="The number of processes.",
)
@click.option("--no-jobs", is_flag=True, help="Leave the jobs to `loomwork worker`.")
@with_json
def serve(*, host: str, port: int, workers: int, no_jobs: bool, as_json: bool) -> None:
    """Serve the site, with the worker for jobs beside it."""
    del as_json
    with opened_site() as site:
        # Refuses a site that does not exist or does not fit, before anything listens.
        require_queue(site.settings)
        _require_free(host, port)
    os.environ[VARIABLE] = str(os.getpid())
    server = Server(
        f"{__name__}:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=workers,
        blocking_threads=THREADS,
        log_level=LogLevels.error,
        workers_kill_timeout=PATIENCE,
    )
    server.on_startup(lambda: say(N_("Serving http://{host}:{port}"), host=host, port=port))
    # Until the server has its own handlers, a signal must not leave the jobs behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with nullcontext() if no_jobs else jobs_beside(lambda: server.interrupt_signal):
        try:
            server.serve()
        except SystemExit:
            # Ctrl-C reaches the processes too; that they ended before they were told is no failure.
            if not server.interrupt_signal:
                raise


def application() -> "Flask":
    """Return the application, in a process that ends with the server."""
    # The server's own handler came along and would swallow what is said before there is another.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # Ctrl-C reaches the whole group, but is the server's to pass on: Granian's handler blocks for
    # ever where a second signal interrupts it.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    follow_server()
    return wsgi.app()


def _require_free(host: str, port: int) -> None:
    """Raise UnavailableError unless the server will be able to listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, UnicodeError) as error:
        raise UnavailableError(
            N_("Nothing can listen on {host}:{port}: {reason}."),
            host=host,
            port=port,
            reason=getattr(error, "strerror", None) or str(error),
        ) from error


@click.command()
@with_json
def worker(*, as_json: bool) -> None:
    """Do the site's jobs until told to stop."""
    del as_json
    follow_server()
    with opened_site() as site:
        require_queue(site.settings)
        queue = open_queue(site.settings)
        doing = Worker(site, job_kinds())
        site.store.wake = doing.ring
        declare_jobs(queue, site.store, doing.ring)
        with doing.working():
            work(queue)
