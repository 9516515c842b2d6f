"""Databases that a whole module of tests shares, one for each engine."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url, text

from tests.services import MARIADB, POSTGRESQL, administer

ENGINES = ("sqlite", "postgresql", "mariadb")
CREATE = {
    "postgresql": 'CREATE DATABASE "{name}" TEMPLATE template0',
    "mariadb": "CREATE DATABASE `{name}` CHARACTER SET utf8mb4",
}
DROP = {
    "postgresql": 'DROP DATABASE "{name}" WITH (FORCE)',
    "mariadb": "DROP DATABASE `{name}`",
}
SERVERS = {"postgresql": POSTGRESQL, "mariadb": MARIADB}


@contextmanager
def shared_database(engine: str, factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Give the URL of an empty database and a home folder; drop the database at the end."""
    home = factory.mktemp(engine)
    if engine == "sqlite":
        yield f"sqlite:///{home / 'site.db'}", home
        return
    server, name = SERVERS[engine].url(), f"loomwork_test_{uuid4().hex[:12]}"
    admin = administer(server)
    with admin.connect() as connection:
        connection.execute(text(CREATE[engine].format(name=name)))
    yield make_url(server).set(database=name).render_as_string(hide_password=False), home
    with admin.connect() as connection:
        connection.execute(text(DROP[engine].format(name=name)))
