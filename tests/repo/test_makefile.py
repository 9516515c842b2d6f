"""The Makefile keeps the contract's targets and explains each one."""

import re
import subprocess
from pathlib import Path

CONTRACT = {"help", "run", "test", "soak", "check", "bench", "fix"}


def test_help_explains_every_target(project: Path) -> None:
    targets = set(re.findall(r"^\.PHONY: (\S+)$", (project / "Makefile").read_text(), re.MULTILINE))
    shown = subprocess.run(
        ["make", "help"], cwd=project, capture_output=True, check=True, text=True
    ).stdout
    assert targets >= CONTRACT
    assert {line.split()[1] for line in shown.splitlines()} == targets


def test_plain_make_shows_the_help(project: Path) -> None:
    shown = subprocess.run(["make"], cwd=project, capture_output=True, check=True, text=True).stdout
    assert "make run" in shown
