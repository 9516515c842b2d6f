"""Random trees and records: SQLite selects exactly what Python finds true."""

from collections.abc import Iterator
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from sqlalchemy.engine import Connection

from loomwork.expressions import Node, lift, parse, to_python, to_text
from loomwork.expressions.normalise import normalise
from tests.unit.expressions.agreement import fill, python_ids, sql_ids
from tests.unit.expressions.samples import (
    SCOPE,
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
        fill(connection, TABLE, RECORDS)
        yield connection
    engine.dispose()


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
    assert [sql_ids(node, connection, TABLE, None)[0] for node in trees] == expected


@CASES
@given(node=TREES)
def test_the_printed_tree_parses_to_itself(node: Node) -> None:
    assert parse(to_text(node), SCOPE) == node


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
    holds = to_python(shape, values)
    assert [record["id"] for record in RECORDS if holds(record, user)] == python_ids(
        node, RECORDS, user
    )
