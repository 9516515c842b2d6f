"""Modules stay short; what once was longer may only become shorter."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

LIMIT = 400
ALLOWED = Path(__file__).with_name("long_modules.json")


@pytest.fixture
def lengths(project: Path, tracked: Sequence[Path]) -> Mapping[str, int]:
    modules = [path for path in tracked if path.suffix in {".py", ".js", ".mjs"}]
    return {str(path): len((project / path).read_bytes().splitlines()) for path in modules}


@pytest.fixture
def allowed() -> Mapping[str, int]:
    entries: dict[str, int] = json.loads(ALLOWED.read_text(encoding="utf-8"))
    return entries


def test_no_module_is_longer_than_the_limit(
    lengths: Mapping[str, int], allowed: Mapping[str, int]
) -> None:
    too_long = {path: n for path, n in lengths.items() if n > allowed.get(path, LIMIT)}
    assert too_long == {}


def test_an_allowance_is_never_wider_than_its_module(
    lengths: Mapping[str, int], allowed: Mapping[str, int]
) -> None:
    assert {path: lengths.get(path) for path in allowed} == dict(allowed)


def test_a_module_within_the_limit_needs_no_allowance(allowed: Mapping[str, int]) -> None:
    assert [path for path, length in allowed.items() if length <= LIMIT] == []
