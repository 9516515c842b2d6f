"""Try the installed wheel: every command's help, a new site, and the server's first answers.

Run by the interpreter of an environment that has nothing but the wheel and what it requires.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import click

from loomwork.cli.main import main as loomwork

PROGRAM = str(Path(sys.executable).with_name("loomwork"))
PATIENCE = 30.0


def run(*arguments: str, home: str) -> str:
    """Run one command of the program and return what it prints, or stop with what it complains."""
    done = subprocess.run(
        [PROGRAM, *arguments],
        env=os.environ | {"LOOMWORK_HOME": home},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        sys.exit(f"loomwork {' '.join(arguments)} -> {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the words of every command in the tree below ``command``, itself included."""
    yield path
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None:
                yield from commands(below, (*path, name))


def free_port() -> int:
    """Return a port of the loopback address that nothing uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def fetch(address: str) -> bytes:
    """Return the body of a page that has to answer 200; redirects are followed."""
    with urlopen(address, timeout=10) as answer:
        if answer.status != 200:
            sys.exit(f"{address} -> {answer.status}")
        body: bytes = answer.read()
        return body


def await_health(server: subprocess.Popen[bytes], base: str) -> None:
    """Wait until the server answers its health check, or stop when it has ended."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            fetch(f"{base}/healthz")
        except (URLError, OSError):
            time.sleep(0.2)
        else:
            return
    sys.exit(f"loomwork serve does not answer (exit code {server.poll()})")


def visit(base: str) -> None:
    """Fetch the sign-in page and the static files that it names."""
    page = fetch(f"{base}/").decode("utf-8")
    if 'type="password"' not in page:
        sys.exit("the first page does not ask for a password")
    assets = set(re.findall(r'(?:src|href)="(/[^"]+\.(?:css|js)(?:\?[^"]*)?)"', page))
    found = re.search(r"/assets/[0-9a-f]+/", page)
    if found is None:
        sys.exit(f"the sign-in page names no files of the screens: {sorted(assets)}")
    # The sign-in page needs no third-party file; the others do.
    assets.add(f"{found[0]}vendor/htmx.min.js")
    for asset in assets:
        if not fetch(base + asset):
            sys.exit(f"{asset} is empty")


def serve_and_visit(home: str) -> None:
    """Start the server on a free port, look at it as a visitor would, and stop it."""
    port = free_port()
    server = subprocess.Popen(
        [PROGRAM, "serve", "--port", str(port)],
        env=os.environ | {"LOOMWORK_HOME": home},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        await_health(server, f"http://127.0.0.1:{port}")
        visit(f"http://127.0.0.1:{port}")
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGINT)
            server.wait(timeout=PATIENCE)


def main() -> None:
    """Go through the whole trial; the first thing that is wrong ends it with exit code 1."""
    with tempfile.TemporaryDirectory() as home:
        words = list(commands(loomwork))
        for path in words:
            run(*path, "--help", home=home)
        password = str(Path(home, "admin.password"))
        run(
            *("init", "--admin", "admin", "--password-file", password),
            *("--pack", "base", "--pack", "sales", "--demo"),
            home=home,
        )
        packs = json.loads(run("pack", "list", "--json", home=home))
        if "sales" not in json.dumps(packs):
            sys.exit(f"the pack sales is not installed: {packs}")
        serve_and_visit(home)
    print(f"smoke test: {len(words)} commands, {len(packs)} packs, the server answers")


if __name__ == "__main__":
    main()
