"""The reference of documents says what the schemas say, all of it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from loomwork_metadata.reference import pages, with_kinds, write

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"
STALE = "Run `python -m loomwork_metadata.reference docs/reference`."


def descriptions(schema: object) -> Iterator[str]:
    """Yield every description in a schema."""
    if isinstance(schema, dict):
        if isinstance(schema.get("description"), str):
            yield schema["description"]
        for inner in schema.values():
            yield from descriptions(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from descriptions(inner)


def test_no_page_is_older_than_the_schemas() -> None:
    written = {
        path.name: path.read_text(encoding="utf-8") for path in (REFERENCE / "documents").iterdir()
    }
    assert written == dict(pages()), STALE
    overview = (REFERENCE / "documents.md").read_text(encoding="utf-8")
    assert with_kinds(overview) == overview, STALE


@pytest.mark.parametrize("page", ["form", "entity", "view", "automation", "role", "pack"])
def test_every_key_of_a_kind_is_told_of(schemas: Mapping[str, Any], page: str) -> None:
    text = pages()[f"{page}.md"].replace("\\|", "|")
    # A sentence inside another one begins with a small letter.
    assert [told for told in descriptions(schemas[page]) if told[1:] not in text] == []


def test_the_pages_are_written_again_just_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "documents.md").write_text("Before\n<!-- kinds -->\n<!-- end of kinds -->\nAfter\n")
    write(tmp_path)
    once = {path: path.read_bytes() for path in tmp_path.rglob("*.md")}
    write(tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.md")} == once
    overview = (tmp_path / "documents.md").read_text(encoding="utf-8")
    assert overview.startswith("Before\n")
    assert overview.endswith("\nAfter\n")
    assert "| [entity](documents/entity.md) | `entities/` |" in overview
