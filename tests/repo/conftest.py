"""The working copy as the tests of the project itself see it."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def project() -> Path:
    """Return the top folder of the working copy."""
    return Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def tracked(project: Path) -> Sequence[Path]:
    """Return every file that git tracks or would track, relative to the top folder."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=project,
        capture_output=True,
        check=True,
        text=True,
    )
    names = sorted(set(filter(None, listed.stdout.split("\0"))))
    return [Path(name) for name in names if (project / name).is_file()]
