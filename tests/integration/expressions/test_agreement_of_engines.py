"""Random trees and records: PostgreSQL and MariaDB find exactly what Python finds."""

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy.engine import Connection

from tests.language.agree import ENGINES, agree, fresh
from tests.language.engines import open_database, world_on
from tests.language.world import make_world
from tests.unit.expressions.agreement import fill, python_ids, sql_truths
from tests.unit.expressions.samples import number_trees, sample_records, sample_table

RECORDS = sample_records(300)
TABLE = sample_table()
SERVERS = ("postgresql", "mariadb")
BULK = int(os.environ.get("LOOMWORK_AGREE_TREES", "24000"))
"""Trees of the soak: each is compared on about 140 records by each of the engines."""


@pytest.fixture
def connection(engine: str, request: pytest.FixtureRequest) -> Iterator[Connection]:
    database = open_database(request.getfixturevalue(f"{engine}_database"))
    with database.writer.connect() as connection:
        fill(connection, TABLE, RECORDS)
        yield connection
    database.dispose()


@pytest.mark.parametrize("engine", SERVERS)
def test_engines_find_for_every_tree_and_record_what_python_finds(
    engine: str, request: pytest.FixtureRequest
) -> None:
    world = make_world()
    with world_on(request.getfixturevalue(f"{engine}_database"), world) as database:
        outcome = agree([database], world, iter(range(600)))
    assert outcome.differences == []
    assert outcome.compared > 40_000


@pytest.mark.parametrize("engine", SERVERS)
def test_every_pair_of_numbers_is_compared_exactly(connection: Connection) -> None:
    trees = number_trees()
    expected = [python_ids(node, RECORDS, None) for node in trees]
    assert sql_truths(trees, connection, TABLE) == expected


@pytest.mark.soak
def test_no_engine_finds_anything_else_in_bulk() -> None:
    world = make_world()
    with ExitStack() as stack:
        urls = [stack.enter_context(fresh(name)) for name in ENGINES]
        worlds = [stack.enter_context(world_on(url, world)) for url in urls]
        outcome = agree(worlds, world, iter(range(BULK)))
    assert outcome.differences == [], f"of {outcome.compared:,} comparisons"
