"""The command line as a user has it: a process with arguments, an environment, an end."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.forking import forked
from tests.garden import write_garden
from tests.processes import command, environment

KEY = "k" * 32


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


def _checked(code: int, out: bytes, err: bytes) -> Outcome:
    """Return how a command ended; no command may ever show a traceback."""
    ended = Outcome(code, out.decode(), err.decode())
    assert "Traceback" not in ended.err, ended.err
    return ended


@dataclass(frozen=True, slots=True)
class Shell:
    """Runs commands on the site in one home folder."""

    home: Path

    def run(
        self, *arguments: str | os.PathLike[str], stdin: str | bytes = b"", **variables: str
    ) -> Outcome:
        """Return how the command ended in a process of its own, forked from this one.

        It has everything imported already, which is most of what a short command does.
        """
        given = stdin.encode() if isinstance(stdin, str) else stdin
        return _checked(*forked(arguments, environment(self.home, **variables), given))

    def process(
        self, *arguments: str | os.PathLike[str], stdin: str = "", **variables: str
    ) -> Outcome:
        """Return how the command ended in a process as a shell starts it."""
        done = subprocess.run(
            command(*arguments),
            env=environment(self.home, **variables),
            input=stdin.encode(),
            capture_output=True,
            timeout=120,
            check=False,
        )
        return _checked(done.returncode, done.stdout, done.stderr)

    def ok(self, *arguments: str | os.PathLike[str], **options: Any) -> Any:
        """Return the JSON of a command that has to succeed."""
        ended = self.run(*arguments, "--json", **options)
        assert ended.code == 0, ended
        return ended.json()


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the home folder of a site with a pack of its own and three users."""
    home = tmp_path_factory.mktemp("cli") / "home"
    pack = write_garden(tmp_path_factory.mktemp("packs") / "garden")
    shell = Shell(home)
    secret = home.parent / "secret"
    shell.ok("init", "--admin", "root", "--password-file", secret, "--pack", pack)
    shell.ok("user", "add", "ann", "--role", "gardener", "--full-name", "Ann Lee 李安")
    shell.ok("user", "add", "mia", "--role", "head")
    return home


@pytest.fixture
def shell(made: Path, tmp_path: Path) -> Shell:
    """Return a shell on a site of the test's own."""
    return Shell(Path(shutil.copytree(made, tmp_path / "home")))


@pytest.fixture
def bare(tmp_path: Path) -> Shell:
    """Return a shell on a home folder that does not exist yet."""
    return Shell(tmp_path / "new" / "home")
