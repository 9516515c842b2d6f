"""A site with something of everything, its backups, and the same site somewhere else."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path

import pytest

from loomwork.publishing.restoring import restore
from loomwork.publishing.site import Site
from loomwork.store.backup.archive import Manifest, opened
from loomwork.store.backup.writing import write_backup
from loomwork.store.engine import connect
from loomwork.web.fab.tables import account_tables, create_fab_tables
from loomwork.web.fab.users import Users
from loomwork.web.tokens import Tokens
from tests.documents import FOREMAN, MACHINE, MAKER, MECHANIC, PackBuilder, workshop
from tests.integration.engines import shared_database
from tests.sites import TESTER, made_site, put, settings_of

CONTENT = bytes(range(256)) * 5000
MACHINES = 30


@contextmanager
def site_on(engine: str, factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Give a site that has records, files, accounts and what a later revision has retired."""
    with (
        shared_database(engine, factory) as (url, home),
        made_site(url, home, workshop()) as site,
    ):
        fill(site)
        yield site


def fill(site: Site) -> None:
    """Put something of everything into a site."""
    create = site.records.create
    makers = [
        create(TESTER, "maker", {"name": f"Makers of {one}"})["id"] for one in ("Łódź", "苏州")
    ]
    for number in range(MACHINES):
        values = {
            "name": f"织机 «{number}» \n".strip(),
            "code": f"C-{number}",
            "notes": "one\n\ttwo 🧵 'three'",
            "seats": number,
            "price": f"{number}.125",
            "built": "0999-12-31",
            "checked": "2026-02-28T23:59:59.123456Z",
            "running": number % 2 == 0,
            "maker": str(makers[number % 2]),
            "serial": None,
            "xmin": -number,
        }
        values.pop("serial")
        machine = create(TESTER, "machine", values)["id"]
        create(TESTER, "part", {"name": f"Part {number}", "machine": str(machine)})
    site.records.delete(TESTER, "machine", machine)
    users = Users(site)
    users.add("ann", "Ann Lee 李安", password="correct horse")
    Tokens(site).issue(users.find("ann").id, "test")
    site.files.add("报价.bin", [CONTENT], by=users.find("ann").id)
    site.files.add("note.txt", [b"a note"], by=None)
    put(site, retired())


def retired() -> PackBuilder:
    """Return the pack's next version: fields and an entity fewer, and one of another type."""
    machine = deepcopy(MACHINE)
    del machine["fields"]["notes"], machine["fields"]["price"]
    machine["fields"]["seats"] = {"type": "decimal", "places": 2}
    roles = [deepcopy(role) for role in (MECHANIC, FOREMAN)]
    for role in roles:
        role["grants"].pop("part", None)
    return PackBuilder(deepcopy(MAKER), machine, *roles, version="1.1.0")


def back_up(site: Site, target: Path, *, with_key: bool = False) -> Manifest:
    """Write a backup of the site."""
    tables = [table for one in site.tables.values() for table in one.tables]
    return write_backup(
        site.database,
        [*tables, *account_tables()],
        site.files.storage,
        target,
        secret_key=site.settings.secret_key,
        with_key=with_key,
    )


@contextmanager
def restored(file: Path, url: str, home: Path) -> Iterator[Site]:
    """Give the site that a backup makes in an empty database."""
    restore_into(file, url, home)
    site = Site.open(settings_of(url, home))
    try:
        yield site
    finally:
        site.close()


def restore_into(file: Path, url: str, home: Path) -> Manifest:
    """Restore a backup into the database at ``url``."""
    settings = settings_of(url, home)
    database = connect(settings.database_url)
    try:
        with opened(file) as archive:
            return restore(settings, database, archive, make_account_tables=create_fab_tables)
    finally:
        database.dispose()
