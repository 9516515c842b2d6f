"""A site with ``base`` and the test pack, on any engine, and the people who use it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event, make_url

from loomwork.cli.setup import prepare_site
from loomwork.model.actor import Actor, system
from loomwork.publishing.install import Installation, install_packs
from loomwork.publishing.site import Site
from loomwork.store.reading import fetching as reading
from loomwork.store.settings import Settings
from tests.documents import PackBuilder, base

KEY = b"0123456789abcdef0123456789abcdef"
TESTER = system("test")


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
        install_packs(site.database, [base(), *(pack.read() for pack in packs)], author="test")
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
    with site.database.transaction() as connection:
        for kept in site.tables.values():
            links = dict.fromkeys(kept.entity.links)
            if links:
                connection.execute(sa.update(kept.table).values(links))
        for kept in site.tables.values():
            for one in kept.sets.values():
                connection.execute(sa.delete(one.table))
        for kept in site.tables.values():
            connection.execute(sa.delete(kept.table))


def person(site: Site, name: str, *roles: str, team: UUID | None = None) -> Actor:
    """Add a user; return the actor that he is with these roles."""
    values = {"username": name, "name": name.capitalize(), "team": team}
    record = site.records.create(TESTER, "user", values)
    return Actor(name=name, user=record["id"], login=name, roles=frozenset(roles), team=team)


@contextmanager
def statements(site: Site) -> Iterator[list[str]]:
    """Collect the SQL that the site sends, what goes straight to the driver included."""
    sent: list[str] = []

    def note(*arguments: Any) -> None:
        sent.append(str(arguments[2]))

    def running(driver: Any, engine: str, plan: Any, values: Mapping[str, Any]) -> Any:
        sent.append(plan.sql)
        return run(driver, engine, plan, values)

    engines = (site.database.writer, site.database.reader)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    run = reading.run
    reading.run = running
    try:
        yield sent
    finally:
        reading.run = run
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
