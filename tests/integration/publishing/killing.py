"""Publishing in a process that is killed, and what has to be true afterwards."""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import NoReturn, TextIO

import sqlalchemy as sa

from loomwork.publishing import faults
from loomwork.publishing.install import install_packs
from loomwork.publishing.journal import opened_publishes
from loomwork.publishing.site import Site
from loomwork.records.lists.listing import ListQuery
from loomwork.store.engine import connect
from loomwork.store.schema.changes import plan_changes
from loomwork.store.schema.columns import known_tables, read_columns
from loomwork.store.schema.retirement import retired_columns
from loomwork.store.settings import Settings
from tests.documents import Body, PackBuilder
from tests.sites import TESTER

OLD: Body = {
    "kind": "entity",
    "name": "gadget",
    "fields": {
        "name": {"type": "text"},
        "size": {"type": "integer"},
        "code": {"type": "text", "unique": True},
        "due": {"type": "date", "indexed": True},
        "part": {"type": "link", "to": "gadget"},
    },
}
NEW: Body = {
    **OLD,
    "fields": {
        "name": {"type": "text", "unique": True, "search": True, "max_length": 300},
        "size": {"type": "decimal", "places": 2},
        "code": {"type": "text"},
        "peer": {"type": "link", "to": "gadget"},
        "widget": {"type": "link", "to": "widget"},
    },
}
WIDGET: Body = {"kind": "entity", "name": "widget", "fields": {"name": {"type": "text"}}}
ROWS = 40
PATIENCE = 30.0
"""Seconds until a server has noticed that its client is gone."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How the process that published came to its end, and the moments that it reached."""

    killed: bool
    reached: tuple[str, ...]


def old_pack() -> PackBuilder:
    return PackBuilder(OLD)


def new_pack() -> PackBuilder:
    return PackBuilder(NEW, WIDGET)


def fill(site: Site) -> None:
    """Create the records whose values are looked for afterwards."""
    for number in range(ROWS):
        values = {"name": f"g{number}", "size": number, "code": f"c{number}", "due": "2026-01-02"}
        site.records.create(TESTER, "gadget", values)


def publish_in_child(
    settings: Settings,
    packs: list[PackBuilder],
    *,
    at: int | None = None,
    delay: float | None = None,
) -> Ended:
    """Publish in a process of its own that ends at its moment number ``at``, or after a delay."""
    log = settings.home / "moments"
    log.write_text("")
    pid = os.fork()
    if pid == 0:
        _child(settings, packs, log, at)
    if delay is not None:
        time.sleep(delay)
        os.kill(pid, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert code in (0, -signal.SIGKILL), (settings.home / "child.log").read_text()
    return Ended(code != 0, tuple(log.read_text().split("\n")[:-1]))


def _child(settings: Settings, packs: list[PackBuilder], log: Path, at: int | None) -> NoReturn:
    code = 1
    with log.open("a") as moments, (settings.home / "child.log").open("w") as output:
        os.dup2(output.fileno(), 2)
        try:
            setattr(faults, "reach", _deadly(lambda text: _note(moments, text), at))  # noqa: B010
            database = connect(settings.database_url)
            install_packs(database, [pack.read() for pack in packs], author="child")
            code = 0
        except BaseException as error:  # noqa: BLE001 -- this process is a copy and must end
            output.write(repr(error))
            output.flush()
        finally:
            os._exit(code)


def _note(moments: TextIO, text: str) -> None:
    moments.write(text)
    moments.flush()


def _deadly(note: Callable[[str], object], at: int | None) -> Callable[[str], None]:
    left = [at]

    def reach(moment: str) -> None:
        note(f"{moment}\n")
        if left[0] is not None:
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left[0] -= 1

    return reach


@contextmanager
def opened_again(settings: Settings) -> Iterator[Site]:
    """Open the site as the next process does, once the server has let the dead one go."""
    deadline = time.monotonic() + PATIENCE
    while True:
        site = Site.open(settings)
        with site.database.reader.connect() as connection:
            left = opened_publishes(connection)
        if not left:
            break
        site.close()
        assert time.monotonic() < deadline, left
        time.sleep(0.05)
    try:
        yield site
    finally:
        site.close()


def superfluous(site: Site) -> list[str]:
    """Return what the database has beyond the tables of the Model and the retired columns."""
    with site.database.reader.connect() as connection:
        stored = read_columns(connection)
        columns = site.columns
        kept = {(one.entity, one.column) for one in retired_columns(connection, columns)}
        inspector = sa.inspect(connection)
        found: list[str] = []
        tables = {table.name: table for one in site.tables.values() for table in one.tables}
        own = [name for name in inspector.get_table_names() if not name.startswith(("lw_", "ab_"))]
        for name in own:
            if name not in tables:
                found += [] if name in known_tables(stored) else [name]
                continue
            allowed = {column.name for column in tables[name].columns}
            allowed |= {column for entity, column in kept if entity == name}
            found += [
                f"{name}.{one['name']}"
                for one in inspector.get_columns(name)
                if one["name"] not in allowed
            ]
            # MariaDB makes an index of its own for a foreign key that has none.
            indexes = {str(index.name) for index in tables[name].indexes}
            indexes |= {str(key.name) for key in tables[name].foreign_key_constraints}
            found += [
                f"{name}: {one['name']}"
                for one in inspector.get_indexes(name)
                if one["name"] not in indexes
            ]
    return found


def missing(site: Site) -> list[str]:
    """Return what the tables of the Model have and the database has not."""
    with site.database.reader.connect() as connection:
        known = known_tables(read_columns(connection))
    return [step.name for step in plan_changes(site.database, site.tables, known)]


def require_sound(settings: Settings, new: list[PackBuilder]) -> None:
    """Assert that nothing is harmed, nothing left over, and that the next publish succeeds."""
    with opened_again(settings) as site:
        assert (superfluous(site), missing(site)) == ([], [])
        _require_values(site)
        install_packs(site.database, [pack.read() for pack in new], author="next")
        site.refresh()
        assert (superfluous(site), missing(site)) == ([], [])
        assert site.model.entities["gadget"].fields["name"].unique
        _require_values(site)
        found = site.records.page(TESTER, "gadget", ListQuery(search="g7", count=True))
        assert [one["name"] for one in found.items] == ["g7"]


def _require_values(site: Site) -> None:
    records = site.records.page(TESTER, "gadget", ListQuery(limit=500)).items
    assert {one["name"]: (one["size"], one["code"]) for one in records} == {
        f"g{number}": (Decimal(number), f"c{number}") for number in range(ROWS)
    }


def moments(seed: int, count: int, among: int) -> list[int]:
    """Return which moments are tried: drawn once, alike on every machine."""
    return sorted(random.Random(seed).sample(range(among), min(count, among)))
