"""JSON Schemas of every kind of document, and the packs that ship."""

from collections.abc import Mapping
from pathlib import Path

_HERE = Path(__file__).resolve().parent

FOLDERS: Mapping[str, str] = {
    "entities": "entity",
    "roles": "role",
    "forms": "form",
    "views": "view",
    "apps": "app",
    "workflows": "workflow",
    "slas": "sla",
    "calendars": "calendar",
    "rules": "rule",
    "automations": "automation",
    "reports": "report",
    "dashboards": "dashboard",
    "segments": "segment",
    "matchings": "matching",
    "templates": "template",
    "webforms": "webform",
    "translations": "translation",
    "tests": "scenario",
}
"""The folders of a pack, each with the kind of the documents in it."""
KINDS = ("pack", *FOLDERS.values())
LANGUAGE_VERSION = 2
"""The newest version of the metadata language, the one that the schemas describe."""


def schema_folder() -> Path:
    """Return the folder with one JSON Schema per kind, and what they share."""
    return _HERE / "schemas"


def pack_names() -> tuple[str, ...]:
    """Return the names of the packs that ship, sorted."""
    return tuple(sorted(path.parent.name for path in (_HERE / "packs").glob("*/pack.json")))


def pack_folder(name: str) -> Path | None:
    """Return the folder of the shipped pack ``name``, or None where there is no such pack."""
    return _HERE / "packs" / name if name in pack_names() else None
