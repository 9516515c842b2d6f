"""A small pack that the project has never seen, and what writes packs for tests."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeAlias

from loomwork.catalog.documents import FOLDERS, Document, read_pack
from loomwork_metadata import pack_folder

Body: TypeAlias = dict[str, Any]
IN_FOLDER = {kind: folder for folder, kind in FOLDERS.items()}

MAKER: Body = {
    "kind": "entity",
    "name": "maker",
    "ownership": "none",
    "fields": {
        "name": {"type": "text", "required": True, "unique": True, "max_length": 80},
        "secret": {"type": "boolean", "default": False},
    },
}
MACHINE: Body = {
    "kind": "entity",
    "name": "machine",
    "plural": "Machines",
    "fields": {
        "name": {"type": "text", "required": True, "search": True, "max_length": 200},
        "code": {"type": "text", "unique": True, "max_length": 40},
        "code_no": {"type": "text", "unique": True, "max_length": 40},
        "notes": {"type": "long_text", "search": True},
        "seats": {"type": "integer", "min": 0, "max": 1000, "indexed": True},
        "price": {"type": "decimal", "places": 4},
        "built": {"type": "date"},
        "checked": {"type": "datetime"},
        "running": {"type": "boolean"},
        "state": {"type": "select", "default": "open", "options": {"open": {}, "closed": {}}},
        "maker": {"type": "link", "to": "maker", "inverse": "machines"},
        "serial": {"type": "text", "readonly": True},
        "order": {"type": "integer"},
        "group": {"type": "text", "indexed": True},
        "row_id": {"type": "text", "search": True},
        "fields": {"type": "text"},
        "load": {"type": "text"},
        "xmin": {"type": "integer"},
    },
    "indexes": {"by_state": ["state", "built"]},
}
PART: Body = {
    "kind": "entity",
    "name": "part",
    "ownership": "none",
    "features": {"recycle": False},
    "fields": {
        "name": {"type": "text", "required": True},
        "machine": {"type": "link", "to": "machine", "on_delete": "clear"},
        "maker": {"type": "link", "to": "maker"},
    },
}
ALL = dict.fromkeys(("create", "read", "update", "delete", "assign"), True)
MECHANIC: Body = {
    "kind": "role",
    "name": "mechanic",
    "grants": {
        "machine": {
            "create": "owner == user",
            "read": "owner == user or state == 'open'",
            "update": "owner == user",
        },
        "maker": {"read": "secret == False"},
        "part": {"create": True, "read": True},
    },
}
FOREMAN: Body = {
    "kind": "role",
    "name": "foreman",
    "grants": {"machine": ALL, "maker": ALL, "part": ALL, "user": {"read": True}},
}
PACK: Body = {
    "kind": "pack",
    "name": "workshop",
    "version": "1.0.0",
    "title": "Workshop",
    "language": "en",
    "requires": {"base": ">=1.0,<2"},
}


class PackBuilder:
    """A pack's documents, to be changed and written into a folder."""

    def __init__(self, *documents: Body, **changes: object) -> None:
        self.pack: Body = {**PACK, **changes}
        self.documents = [deepcopy(document) for document in documents]

    def write(self, folder: Path) -> Path:
        """Write every document to its place below ``folder``, which is returned."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "pack.json").write_text(json.dumps(self.pack), encoding="utf-8")
        for body in self.documents:
            place = folder / IN_FOLDER[body["kind"]]
            place.mkdir(exist_ok=True)
            (place / f"{body['name']}.json").write_text(json.dumps(body), encoding="utf-8")
        return folder

    def read(self) -> tuple[Document, ...]:
        """Return the documents as a pack folder would give them."""
        bodies = [("pack.json", self.pack)]
        bodies += [
            (f"{IN_FOLDER.get(str(body.get('kind')), 'entities')}/{body.get('name')}.json", body)
            for body in self.documents
        ]
        name = str(self.pack["name"])
        return tuple(
            Document(pack=name, file=file, text=json.dumps(body), body=deepcopy(body))
            for file, body in bodies
        )


def workshop(**changes: object) -> PackBuilder:
    """Return the test pack, whole."""
    return PackBuilder(MAKER, MACHINE, PART, MECHANIC, FOREMAN, **changes)


def base() -> tuple[Document, ...]:
    """Return the documents of the shipped pack ``base``."""
    folder = pack_folder("base")
    assert folder is not None
    return read_pack(folder)
