"""The product's site: the bench's pack, users whose role has a row predicate, a token, rows."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from bench import rows
from bench.processes import Server, free_port, running
from loomwork.catalog.documents import read_pack
from loomwork.cli.packs import install
from loomwork.cli.setup import prepare_site
from loomwork.publishing.site import Site
from loomwork.store.settings import Settings
from loomwork.web.fab.users import Users
from loomwork.web.tokens import Tokens
from loomwork_metadata import pack_folder

PACK = Path(__file__).with_name("pack")
ENTITY = "account"
ROLE = "clerk"
USER = "clerk0"
OWNERS = 10
PROGRAM = str(Path(sys.executable).with_name("loomwork"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A site ready to be served. ``owners`` own its rows in turn; ``token`` is the first one's."""

    environment: Mapping[str, str]
    token: str
    password: str
    owners: tuple[UUID, ...]

    def headers(self) -> dict[str, str]:
        """Return the headers that sign in by token."""
        return {"Authorization": f"Bearer {self.token}"}

    def full_environment(self) -> dict[str, str]:
        """Return the environment of a command on the site."""
        return {**os.environ, **self.environment}

    @contextmanager
    def site(self) -> Iterator[Site]:
        """Give the site in this process."""
        site = Site.open(Settings.from_environment(self.environment))
        try:
            yield site
        finally:
            site.close()

    @contextmanager
    def serve(self) -> Iterator[Server]:
        """Serve the site with one worker."""
        port = free_port()
        command = [PROGRAM, "serve", "--port", str(port), "--workers", "1", "--no-jobs"]
        with running(command, port, self.environment, "/readyz") as server:
            yield server


def make_product(home: Path, database_url: str) -> Product:
    """Return a new site with the bench's pack and ten clerks."""
    environment = {"LOOMWORK_HOME": str(home), "LOOMWORK_DATABASE_URL": database_url}
    password = "correct horse battery"
    site = prepare_site(Settings.from_environment(environment, create=True))
    base = pack_folder("base")
    assert base is not None
    install(site, [read_pack(base), read_pack(PACK)], "bench")
    users = Users(site)
    owners = tuple(
        users.add(f"clerk{number}", f"Clerk {number}", "", password if not number else None, [ROLE])
        for number in range(OWNERS)
    )
    token = Tokens(site).issue(owners[0], "bench").secret
    site.close()
    return Product(environment=environment, token=token, password=password, owners=owners)


def fill(product: Product, count: int, *, start: int = 0) -> list[UUID]:
    """Insert rows into the product's table; return the ids of those that the first clerk owns."""
    mine: list[UUID] = []
    with product.site() as site:
        table = site.tables[ENTITY]
        for part in rows.chunks(rows.rows(count, product.owners, start=start)):
            with site.store.transaction() as transaction:
                transaction.insert_many(table, part)
            mine += [row["id"] for row in part if row["owner"] == product.owners[0]]
    return mine
