"""Every JSON document of a shipped pack names the schema that it follows."""

import json
from collections.abc import Sequence
from pathlib import Path


def test_every_document_names_its_schema(project: Path, tracked: Sequence[Path]) -> None:
    folder = Path("metadata/loomwork_metadata")
    documents = [path for path in tracked if path.suffix == ".json" and folder in path.parents]
    contents = {path: json.loads((project / path).read_text("utf-8")) for path in documents}
    assert [path for path, content in contents.items() if "$schema" not in content] == []


def test_documents_may_name_just_the_icons_that_the_screens_bring_along(project: Path) -> None:
    common = json.loads((project / "metadata/loomwork_metadata/schemas/common.json").read_text())
    listed = (project / "ui/icons.txt").read_text().split()
    assert common["$defs"]["icon"]["enum"] == listed == sorted(set(listed))
