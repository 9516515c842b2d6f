"""Whoever follows a link in the documentation arrives."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.repo.markdown import anchors, is_dead, links

PARTS = ("tutorials", "how-to", "reference", "explanation", "adr")


def test_every_relative_link_and_anchor_exists(project: Path, tracked: Sequence[Path]) -> None:
    pages = [project / path for path in tracked if path.suffix == ".md"]
    dead = [(page.name, link) for page in pages for link in links(page) if is_dead(page, link)]
    assert dead == []


@pytest.mark.parametrize("part", PARTS)
def test_the_index_of_a_part_links_each_of_its_pages(part: str, project: Path) -> None:
    index = project / "docs" / part / "index.md"
    linked = set(links(index))
    pages = {str(page.relative_to(index.parent)) for page in index.parent.rglob("*.md")}
    assert pages - linked - {"index.md"} == set()


def test_anchors_are_spelt_as_the_code_host_spells_them(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One `make run`, please!\n\n## Twice\n\n## Twice\n\n```\n# no heading\n```\n")
    assert anchors(page) == {"one-make-run-please", "twice", "twice-1"}


def test_a_link_into_the_void_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# Here\n[a](other.md) [b](#here) [c](#there) `[d](no.md)` [e](https://x.test)\n"
    )
    assert [link for link in links(page) if is_dead(page, link)] == ["other.md", "#there"]
