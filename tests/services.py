"""What the tests may need beside Python: how to find it, and how to start it."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")

OTHER_CONNECTIONS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
SCHEMAS = text(
    "SELECT quote_ident(nspname) FROM pg_namespace "
    "WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A server that some tests talk to, at an address that an environment variable can change."""

    name: str
    variable: str
    default: str
    start: str
    probe: Callable[[str], None]

    def url(self) -> str:
        """Return the address, or skip the test with the way to start the service."""
        url = os.environ.get(self.variable) or self.default
        try:
            self.probe(url)
        except (SQLAlchemyError, redis.RedisError, OSError):
            shown = make_url(url).render_as_string(hide_password=True)
            pytest.skip(
                f"{self.name} does not answer at {shown}: "
                f"run `{self.start}`, or set {self.variable}"
            )
        return url


def administer(url: str) -> Engine:
    """Return an engine whose every statement stands alone and whose connections are not kept."""
    return create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)


def empty_postgresql(url: str) -> None:
    """Close every other connection to a PostgreSQL database and drop all that is in it."""
    with administer(url).connect() as connection:
        connection.execute(OTHER_CONNECTIONS)
        for schema in connection.scalars(SCHEMAS).all():
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))


def _connect(url: str) -> None:
    administer(url).connect().close()


def _ping(url: str) -> None:
    with redis.Redis.from_url(url, socket_connect_timeout=2) as client:
        client.ping()


POSTGRESQL = Service(
    name="PostgreSQL",
    variable="LOOMWORK_TEST_POSTGRESQL_URL",
    default="postgresql+psycopg://postgres@127.0.0.1:5432/postgres?connect_timeout=3",
    start="service postgresql start",
    probe=_connect,
)
MARIADB = Service(
    name="MariaDB",
    variable="LOOMWORK_TEST_MARIADB_URL",
    default="mysql+pymysql://root@127.0.0.1:3306/?charset=utf8mb4",
    start="service mariadb start",
    probe=_connect,
)
REDIS = Service(
    name="Redis",
    variable="LOOMWORK_TEST_REDIS_URL",
    default="redis://127.0.0.1:6379/15",
    start="redis-server --daemonize yes",
    probe=_ping,
)


def find_chromium() -> Path:
    """Return the browser's executable, or skip the test with the way to install it."""
    named = os.environ.get("LOOMWORK_CHROMIUM")
    candidates = [named] if named else list(CHROMIUM_NAMES)
    found = next((path for path in map(shutil.which, candidates) if path), None)
    if found is None:
        pytest.skip("No Chromium: run `apt-get install chromium`, or set LOOMWORK_CHROMIUM")
    return Path(found)


def find_node() -> Path:
    """Return Node's executable, or skip the test with the way to install it."""
    found = shutil.which(os.environ.get("LOOMWORK_NODE") or "node")
    if found is None:
        pytest.skip("No Node.js: run `apt-get install nodejs`, or set LOOMWORK_NODE")
    return Path(found)
