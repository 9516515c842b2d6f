"""A database of the bench's own on each engine: created for a run, dropped at its end."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy import URL, make_url
from sqlalchemy.pool import NullPool

ENGINES = ("postgresql", "sqlite", "mariadb")
VARIABLE = "LOOMWORK_BENCH_DATABASE_URL"
SERVERS = {
    "postgresql": "postgresql+psycopg://postgres@127.0.0.1:5432/postgres",
    "mariadb": "mysql+pymysql://root@127.0.0.1:3306/mysql",
}
CREATE = {
    "postgresql": "CREATE DATABASE {name} TEMPLATE template0",
    "mariadb": "CREATE DATABASE {name} CHARACTER SET utf8mb4",
}
DROP = {
    "postgresql": "DROP DATABASE {name} WITH (FORCE)",
    "mariadb": "DROP DATABASE {name}",
}
ANALYZE = {
    "postgresql": "VACUUM ANALYZE {table}",
    "mariadb": "ANALYZE TABLE {table}",
    "sqlite": "ANALYZE {table}",
}


@contextmanager
def own_database(engine: str, home: Path) -> Iterator[str]:
    """Give the address of an empty database.

    For a server, ``LOOMWORK_BENCH_DATABASE_URL`` names a database from which it can be created.
    """
    if engine == "sqlite":
        yield f"sqlite:///{home / 'bench.db'}"
        return
    server = make_url(os.environ.get(VARIABLE) or SERVERS[engine])
    name = f"loomwork_bench_{uuid4().hex[:12]}"
    _command(server, CREATE[engine].format(name=name))
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        _command(server, DROP[engine].format(name=name))


def analyze(engine: str, url: str, *tables: str) -> None:
    """Let the engine look at what is in the tables, as it would by itself after a while."""
    for table in tables:
        _command(make_url(url), ANALYZE[engine].format(table=table))


def _command(url: URL, statement: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
