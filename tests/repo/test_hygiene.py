"""Files do not tell the machine they were written on, nor lock files where packages come from."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work/(?:main|shared)|root|home/[a-z]\w*|Users/\w+)/")
REGISTRY = re.compile(
    r"\bpypi\.org|pythonhosted\.org|npmjs\.(?:com|org)|yarnpkg\.com|deb\.debian\.org"
)
ADDRESS = re.compile(r"https?://|file:|--(?:extra-)?index-url|--find-links")
LOCKS = ("requirements/run.txt", "requirements/dev.txt")
ICONS = Path("ui/icons.txt")


def texts(project: Path, paths: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """Yield the text files among ``paths`` with what is in them."""
    for path in paths:
        content = (project / path).read_bytes()
        if b"\0" not in content:
            yield path, content.decode("utf-8")


@pytest.mark.parametrize("pattern", [MACHINE_PATH, REGISTRY], ids=["machine path", "registry"])
def test_no_file_names_a_machine_or_a_registry(
    pattern: re.Pattern[str], project: Path, tracked: Sequence[Path]
) -> None:
    found = [(path, hit) for path, text in texts(project, tracked) for hit in pattern.findall(text)]
    assert found == []


@pytest.mark.parametrize("name", [*LOCKS, "package-lock.json"])
def test_a_lock_file_carries_no_address(name: str, project: Path) -> None:
    assert ADDRESS.findall((project / name).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_pinned_package_has_a_hash(name: str, project: Path) -> None:
    text = (project / name).read_text(encoding="utf-8")
    pins = re.findall(r"^(\S+==\S+).*?(?=^\S|\Z)", text, re.MULTILINE | re.DOTALL)
    hashed = re.findall(r"^(\S+==\S+)[^\n]*\\\n\s+--hash=sha256:", text, re.MULTILINE)
    assert pins == hashed


def test_every_browser_package_has_an_exact_version_and_a_hash(project: Path) -> None:
    wanted = json.loads((project / "package.json").read_text(encoding="utf-8"))["dependencies"]
    lock = json.loads((project / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert {name: lock[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert [name for name, entry in lock.items() if name and "integrity" not in entry] == []


def test_icon_names_are_sorted_and_unique(project: Path) -> None:
    names = (project / ICONS).read_text(encoding="utf-8").split()
    assert names == sorted(set(names))
