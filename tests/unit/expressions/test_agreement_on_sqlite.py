"""Random trees and records: SQLite finds exactly what Python finds."""

from collections.abc import Iterator
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from sqlalchemy.engine import Connection

from loomwork.expressions import Node, lift, to_python
from loomwork.expressions.normalise import normalise
from loomwork.expressions.sql.sqlite import register
from tests.language.agree import agree
from tests.language.engines import world_on
from tests.language.oracle import of_user
from tests.language.world import make_world
from tests.unit.expressions.agreement import fill, python_ids, sql_ids, sql_truths
from tests.unit.expressions.samples import (
    TREES,
    USERS,
    number_trees,
    sample_records,
    sample_table,
)

RECORDS = sample_records(400)
TABLE = sample_table()
CASES = settings(
    max_examples=max(200, settings().max_examples),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        register(connection.connection.driver_connection)
        fill(connection, TABLE, RECORDS)
        yield connection
    engine.dispose()


def test_sqlite_finds_for_every_tree_and_record_what_python_finds() -> None:
    world = make_world()
    with world_on("sqlite://", world) as engine:
        outcome = agree([engine], world, iter(range(1_500)))
    assert outcome.differences == []
    assert outcome.compared > 100_000


@CASES
@given(node=TREES, user=USERS)
def test_sqlite_selects_what_python_finds_true(
    connection: Connection, node: Node, user: UUID | None
) -> None:
    expected = python_ids(node, RECORDS, user)
    assert sql_ids(node, connection, TABLE, user) == (expected, expected)


def test_sqlite_compares_every_pair_of_numbers_exactly(connection: Connection) -> None:
    trees = number_trees()
    expected = [python_ids(node, RECORDS, None) for node in trees]
    assert sql_truths(trees, connection, TABLE) == expected


@CASES
@given(node=TREES)
def test_normalising_twice_changes_nothing_more(node: Node) -> None:
    once = normalise(node)
    assert normalise(once) == once


@CASES
@given(node=TREES, user=USERS)
def test_a_lifted_tree_with_its_values_means_the_same_in_python(
    node: Node, user: UUID | None
) -> None:
    shape, values = lift(node)
    holds, context = to_python(shape, values), of_user(user)
    assert [record["id"] for record in RECORDS if holds(record, context)] == python_ids(
        node, RECORDS, user
    )
