"""Each test gets a database of its own, empty, whatever the test before it left behind."""

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, inspect

from tests.services import administer, empty_postgresql

left_behind = Table("left_behind", MetaData(), Column("id", Integer))


@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_database_starts_empty(turn: str, database_url: str) -> None:
    engine = administer(database_url)
    assert inspect(engine).get_table_names() == [], turn
    left_behind.create(engine)


def test_a_connection_left_open_does_not_keep_a_database_from_being_emptied(
    postgresql_database: str,
) -> None:
    engine = administer(postgresql_database)
    with engine.connect() as connection:
        left_behind.create(connection)
        empty_postgresql(postgresql_database)
        assert inspect(engine).get_table_names() == []
        connection.invalidate()
