"""The house stands as the architecture says: five source roots, one package in each."""

import os
import platform
from collections.abc import Sequence
from pathlib import Path

import pytest

SOURCE_ROOTS = {
    "platform": "loomwork",
    "metadata": "loomwork_metadata",
    "plugins": "loomwork_plugins",
    "ui": "loomwork_ui",
    "admin": "loomwork_admin",
}
OTHER_FOLDERS = {".ci", "bench", "docs", "requirements", "tests"}
TEST_FOLDERS = {"language", "unit", "integration", "browser", "packs", "repo"}


@pytest.mark.parametrize(("root", "package"), SOURCE_ROOTS.items())
def test_a_source_root_holds_exactly_one_package(
    root: str, package: str, tracked: Sequence[Path]
) -> None:
    inside = [path for path in tracked if path.parts[0] == root and path.suffix == ".py"]
    assert {path.parts[1] for path in inside} == {package}


def test_no_module_lies_directly_in_a_source_root(tracked: Sequence[Path]) -> None:
    stray = [p for p in tracked if p.suffix == ".py" and str(p.parent) in SOURCE_ROOTS]
    assert stray == []


def test_the_folder_platform_does_not_hide_the_standard_library() -> None:
    assert Path(platform.__file__).parent == Path(os.__file__).parent


def test_top_level_folders_are_the_agreed_ones(tracked: Sequence[Path]) -> None:
    folders = {path.parts[0] for path in tracked if len(path.parts) > 1}
    assert folders - set(SOURCE_ROOTS) - OTHER_FOLDERS == set()


def test_tests_lie_in_the_agreed_folders(tracked: Sequence[Path]) -> None:
    nested = [path for path in tracked if path.parts[0] == "tests" and len(path.parts) > 2]
    assert {path.parts[1] for path in nested} - TEST_FOLDERS == set()


def test_unit_tests_mirror_the_source(project: Path) -> None:
    folders = {path.name for path in (project / "tests/unit").glob("[a-z]*") if path.is_dir()}
    packages = {path.parent.name for path in (project / "platform/loomwork").glob("*/__init__.py")}
    assert folders - packages - set(SOURCE_ROOTS) == set()
