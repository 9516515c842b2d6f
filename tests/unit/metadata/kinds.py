"""One document of each kind that uses most of what the kind has."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "examples" / "sales"


def example_of_each_kind() -> dict[str, dict[str, Any]]:
    """Return the documents by kind."""
    read = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.rglob("*.json"))]
    return {body["kind"]: body for body in read}
