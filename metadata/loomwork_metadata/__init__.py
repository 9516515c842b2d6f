"""JSON Schemas of every kind of document, and the packs that ship."""

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def schema_folder() -> Path:
    """Return the folder with one JSON Schema per kind and the shared ``common.json``."""
    return _HERE / "schemas"


def pack_names() -> tuple[str, ...]:
    """Return the names of the packs that ship, sorted."""
    return tuple(sorted(path.parent.name for path in (_HERE / "packs").glob("*/pack.json")))


def pack_folder(name: str) -> Path | None:
    """Return the folder of the shipped pack ``name``, or None where there is no such pack."""
    return _HERE / "packs" / name if name in pack_names() else None
