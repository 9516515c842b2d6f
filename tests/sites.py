"""A site with ``base`` and a small pack that the project has never seen, on any engine."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event, make_url

from loomwork.catalog.documents import FOLDERS, Document, read_pack
from loomwork.cli.setup import prepare_site
from loomwork.model.actor import Actor, system
from loomwork.publishing.install import Installation, install_packs
from loomwork.publishing.site import Site
from loomwork.store.settings import Settings
from loomwork_metadata import pack_folder

Body: TypeAlias = dict[str, Any]
KEY = b"0123456789abcdef0123456789abcdef"
TESTER = system("test")
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
            (f"{IN_FOLDER[body['kind']]}/{body['name']}.json", body) for body in self.documents
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


def settings_of(url: str, home: Path) -> Settings:
    """Return settings for the database at ``url``."""
    address = make_url(url)
    if address.drivername == "mysql+pymysql":
        address = address.set(drivername="mariadb+pymysql")
    return Settings(home=home, database_url=address, secret_key=KEY)


def put(site: Site, *packs: PackBuilder) -> Installation:
    """Install packs, and let this site's object notice at once."""
    done = install_packs(site.database, [pack.read() for pack in packs], author="test")
    site.refresh()
    return done


@contextmanager
def made_site(url: str, home: Path, *packs: PackBuilder) -> Iterator[Site]:
    """Give a site with ``base`` and these packs; close it at the end."""
    site = prepare_site(settings_of(url, home))
    try:
        install_packs(
            site.database, [base(), *(pack.read() for pack in packs)], author="test"
        )
        site.refresh()
        yield site
    finally:
        site.close()


@contextmanager
def another_worker(site: Site) -> Iterator[Site]:
    """Give a second site object over the same database, as another process has one."""
    other = Site.open(site.settings)
    try:
        yield other
    finally:
        other.close()


def empty(site: Site) -> None:
    """Remove every record of the site, users and teams included."""
    clear = {"owner", "team", "created_by", "updated_by", "lead", "machine", "maker"}
    with site.database.transaction() as connection:
        for kept in site.tables.values():
            links = {name: None for name in kept.columns if name in clear}
            if links:
                connection.execute(sa.update(kept.table).values(links))
        for kept in site.tables.values():
            connection.execute(sa.delete(kept.table))


def person(site: Site, name: str, *roles: str, team: UUID | None = None) -> Actor:
    """Add a user; return the actor that he is with these roles."""
    values = {"username": name, "name": name.capitalize(), "team": team}
    record = site.records.create(TESTER, "user", values)
    return Actor(
        name=name, user=record["id"], login=name, roles=frozenset(roles), team=team
    )


@contextmanager
def statements(site: Site) -> Iterator[list[str]]:
    """Collect the SQL that the site sends, the driver's own reads included."""
    sent: list[str] = []
    fetch = site.store.fetch

    def note(*arguments: Any) -> None:
        sent.append(str(arguments[2]))

    def fetching(plan: Any, values: Mapping[str, Any]) -> Any:
        sent.append(plan.sql)
        return fetch(plan, values)

    engines = (site.database.writer, site.database.reader)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    site.store.fetch = fetching  # type: ignore[method-assign]
    try:
        yield sent
    finally:
        del site.store.fetch  # type: ignore[method-assign]
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
