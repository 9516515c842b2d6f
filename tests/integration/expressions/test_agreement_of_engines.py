"""Random trees and records: PostgreSQL and MariaDB select exactly what Python finds true."""

from collections.abc import Iterator
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from sqlalchemy.engine import Connection

from loomwork.expressions import Node
from tests.unit.expressions.agreement import fill, python_ids, sql_ids
from tests.unit.expressions.samples import TREES, USERS, number_trees, sample_records, sample_table

RECORDS = sample_records(300)
TABLE = sample_table()
CASES = settings(
    max_examples=max(200, settings().max_examples),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def postgresql(postgresql_database: str) -> Iterator[Connection]:
    yield from _filled(postgresql_database)


@pytest.fixture
def mariadb(mariadb_database: str) -> Iterator[Connection]:
    yield from _filled(mariadb_database)


def _filled(url: str) -> Iterator[Connection]:
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        fill(connection, TABLE, RECORDS)
        yield connection
    engine.dispose()


@CASES
@given(node=TREES, user=USERS)
def test_postgresql_selects_what_python_finds_true(
    postgresql: Connection, node: Node, user: UUID | None
) -> None:
    expected = python_ids(node, RECORDS, user)
    assert sql_ids(node, postgresql, TABLE, user) == (expected, expected)


@CASES
@given(node=TREES, user=USERS)
def test_mariadb_selects_what_python_finds_true(
    mariadb: Connection, node: Node, user: UUID | None
) -> None:
    expected = python_ids(node, RECORDS, user)
    assert sql_ids(node, mariadb, TABLE, user) == (expected, expected)


@pytest.mark.parametrize("engine", ["postgresql", "mariadb"])
def test_every_pair_of_numbers_is_compared_exactly(
    engine: str, request: pytest.FixtureRequest
) -> None:
    connection = request.getfixturevalue(engine)
    trees = number_trees()
    expected = [python_ids(node, RECORDS, None) for node in trees]
    assert [sql_ids(node, connection, TABLE, None)[1] for node in trees] == expected
