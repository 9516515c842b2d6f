"""``python -m bench.publishing``: how long a publish takes, and how long others wait for it."""

import json
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa

from bench.databases import ENGINES, own_database
from loomwork.catalog.documents import Document, make_document, read_pack
from loomwork.cli.setup import prepare_site
from loomwork.model.actor import system
from loomwork.publishing.install import install_packs
from loomwork.publishing.site import Site
from loomwork.records.lists.listing import ListQuery
from loomwork.store.identifiers import new_id
from loomwork.store.settings import Settings
from loomwork_metadata import pack_folder

BENCH = system("bench")
CHUNK = 5_000
PACK = {"kind": "pack", "name": "bench", "version": "1.0.0", "title": "Bench", "language": "en"}
FIELDS: dict[str, Any] = {
    "name": {"type": "text"},
    "code": {"type": "text"},
    "size": {"type": "integer"},
}
CHANGES: dict[str, dict[str, Any]] = {
    "a field": {"late": {"type": "date"}},
    "an indexed field": {"late": {"type": "date"}, "rank": {"type": "integer", "indexed": True}},
    "a unique": {"code": {"type": "text", "unique": True}},
    "another type": {"size": {"type": "decimal", "places": 2}},
}


@dataclass(slots=True)
class Waits:
    """The longest time that one call of a kind took, in seconds."""

    longest: float = 0.0
    calls: int = 0

    def take(self, call: Callable[[], object]) -> None:
        """Make a call and note how long it took."""
        began = time.perf_counter()
        call()
        self.longest = max(self.longest, time.perf_counter() - began)
        self.calls += 1


def pack(fields: dict[str, Any]) -> tuple[Document, ...]:
    """Return a pack of one entity with these fields."""
    entity = {"kind": "entity", "name": "item", "fields": fields}
    return (
        make_document("bench", "pack.json", json.dumps({**PACK, "requires": {"base": ">=1"}})),
        make_document("bench", "entities/item.json", json.dumps(entity)),
    )


def fill(site: Site, rows: int) -> None:
    """Put rows into the table, as many as there are to be, past all rules."""
    one = site.records.create(BENCH, "item", {"name": "n", "code": "c", "size": 1})
    table = site.tables["item"].table
    with site.database.reader.connect() as connection:
        first = connection.execute(sa.select(table).where(table.c.id == one["id"])).one()
    values = {str(column.key): value for column, value in zip(table.columns, first, strict=True)}
    for start in range(0, rows, CHUNK):
        many = [
            {**values, "id": new_id(), "code": f"c{number}", "name": f"n{number}", "size": number}
            for number in range(start, min(rows, start + CHUNK))
        ]
        with site.database.transaction() as connection:
            connection.execute(sa.insert(table), many)


@contextmanager
def busy(site: Site) -> Iterator[tuple[Waits, Waits]]:
    """Let one worker read and one write until the end."""
    done, readers, writers = threading.Event(), Waits(), Waits()

    def read() -> None:
        while not done.is_set():
            readers.take(lambda: other.records.page(BENCH, "item", ListQuery(limit=20)))

    def create() -> None:
        values = {"name": "w", "code": f"w{new_id()}", "size": 1}
        third.records.create(BENCH, "item", values)

    def write() -> None:
        while not done.is_set():
            writers.take(create)

    other, third = Site.open(site.settings), Site.open(site.settings)
    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(read), pool.submit(write)]
        try:
            yield readers, writers
        finally:
            done.set()
    for each in running:
        each.result()
    other.close()
    third.close()


@click.command()
@click.option("--engine", "engines", type=click.Choice(ENGINES), multiple=True)
@click.option("--rows", default=20_000, show_default=True)
def main(*, engines: tuple[str, ...], rows: int) -> None:
    """Publish one change after the other while one worker reads and one writes."""
    print(f"{'engine':<12}{'change':<20}{'seconds':>9}{'reader waits':>14}{'writer waits':>14}")
    for engine in engines or ENGINES:
        with tempfile.TemporaryDirectory(prefix="loomwork-bench-") as folder:
            home = Path(folder)
            with own_database(engine, home) as url:
                _measure(engine, url, home, rows)


def _measure(engine: str, url: str, home: Path, rows: int) -> None:
    address = sa.make_url(url)
    if address.drivername == "mysql+pymysql":
        address = address.set(drivername="mariadb+pymysql")
    site = prepare_site(Settings(home=home, database_url=address, secret_key=b"k" * 32))
    folder = pack_folder("base")
    install_packs(site.database, [read_pack(folder or home), pack(FIELDS)], author="bench")
    site.refresh()
    fill(site, rows)
    fields = dict(FIELDS)
    for name, change in CHANGES.items():
        fields |= change
        with busy(site) as (readers, writers):
            began = time.perf_counter()
            install_packs(site.database, [pack(fields)], author="bench")
            took = time.perf_counter() - began
        print(
            f"{engine:<12}{name:<20}{took:>9.2f}"
            f"{readers.longest * 1000:>11.0f} ms{writers.longest * 1000:>11.0f} ms"
        )
    site.close()


if __name__ == "__main__":
    main()
