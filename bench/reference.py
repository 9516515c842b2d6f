"""The hand-written endpoint's table, filled and served."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import sqlalchemy as sa

from bench import rows
from bench.ceiling.table import ACCOUNT, METADATA, VARIABLE
from bench.processes import Server, free_port, running


def fill(database_url: str, count: int, owners: tuple[UUID, ...]) -> list[UUID]:
    """Create the table with the product's rows; return the ids of those of the first owner."""
    engine = sa.create_engine(database_url)
    METADATA.create_all(engine)
    mine: list[UUID] = []
    for part in rows.chunks(rows.rows(count, owners)):
        with engine.begin() as connection:
            connection.execute(sa.insert(ACCOUNT), part)
        mine += [row["id"] for row in part if row["owner"] == owners[0]]
    engine.dispose()
    return mine


@contextmanager
def serve(database_url: str) -> Iterator[Server]:
    """Serve the endpoint with one worker."""
    port = free_port()
    command = [sys.executable, "-m", "bench.ceiling", str(port)]
    with running(command, port, {VARIABLE: database_url}, "/accounts?limit=1&sort=name") as server:
        yield server
