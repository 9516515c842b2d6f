"""Values keep their exactness, their order and their difference on every engine."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from loomwork.model.storage import Storage, StorageKind
from loomwork.store.engine import Database, connect
from loomwork.store.identifiers import new_id
from loomwork.store.types import StoredType
from tests.integration.engines import ENGINES, shared_database
from tests.sites import settings_of

CASES: dict[str, tuple[Storage, list[Any]]] = {
    "text": (
        Storage(kind=StorageKind.TEXT, length=120),
        ["A", "Z", "a", "a ", "a b", "aa", "z", "~", "Ä", "ä", "é", "苏", "\uffee", "😀", "𠀀"],
    ),
    "long_text": (
        Storage(kind=StorageKind.TEXT),
        ["\n", "\\", "a" * 1_000_000, "b\t%_'\"", "😀" * 1000],
    ),
    "integer": (
        Storage(kind=StorageKind.INTEGER),
        [-(2**63), -(2**53), -1, 0, 1, 2**53 + 1, 2**63 - 1],
    ),
    "decimal": (
        Storage(kind=StorageKind.DECIMAL, places=10),
        [
            Decimal("-99999999.9999999999"),
            Decimal("-0.0000000001"),
            Decimal(0),
            Decimal("0.0000000001"),
            Decimal("0.1"),
            Decimal("99999999.9999999999"),
        ],
    ),
    "whole_decimal": (
        Storage(kind=StorageKind.DECIMAL, places=0),
        [Decimal(-(10**18) + 1), Decimal(0), Decimal(10**18 - 1)],
    ),
    "date": (
        Storage(kind=StorageKind.DATE),
        [
            date(1, 1, 1),
            date(999, 12, 31),
            date(1582, 10, 10),
            date(2026, 2, 28),
            date(9999, 12, 31),
        ],
    ),
    "datetime": (
        Storage(kind=StorageKind.DATETIME),
        [
            datetime(1, 1, 1, tzinfo=UTC),
            datetime(999, 1, 1, 1, 1, 1, 1, tzinfo=UTC),
            datetime(2026, 3, 29, 1, 30, 0, 1, tzinfo=UTC),
            datetime(2026, 3, 29, 1, 30, 0, 2, tzinfo=UTC),
            datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        ],
    ),
    "boolean": (Storage(kind=StorageKind.BOOLEAN), [False, True]),
    "uuid": (
        Storage(kind=StorageKind.UUID),
        sorted([*(new_id() for _ in range(5)), UUID(int=0), UUID(int=2**128 - 1)]),
    ),
}


@pytest.fixture(scope="module", params=ENGINES)
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """Yield a connected database, once for each engine."""
    with shared_database(request.param, tmp_path_factory) as (url, home):
        made = connect(settings_of(url, home).database_url)
        yield made
        made.dispose()


@pytest.mark.parametrize("name", CASES)
def test_values_come_back_exactly_and_in_order(database: Database, name: str) -> None:
    storage, values = CASES[name]
    table = sa.Table(
        f"values_{name}",
        sa.MetaData(),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("value", StoredType(storage)),
    )
    with database.transaction() as connection:
        table.create(connection)
        rows = [{"place": place, "value": value} for place, value in enumerate([*values, None])]
        connection.execute(sa.insert(table), rows[::-1])
    with database.reader.connect() as connection:
        found = connection.execute(
            sa.select(table.c.value).where(table.c.value.is_not(None)).order_by(table.c.value)
        ).scalars()
        assert list(found) == values
        for place, value in enumerate(values):
            equal = sa.select(table.c.place).where(table.c.value == value)
            assert connection.execute(equal).scalars().all() == [place]
        missing = sa.select(table.c.value).where(table.c.place == len(values))
        assert connection.execute(missing).scalar() is None


def test_more_places_than_a_column_has_are_not_cut_off_unseen() -> None:
    storage = Storage(kind=StorageKind.DECIMAL, places=2)
    dialect = sa.create_engine("sqlite://").dialect
    with pytest.raises(ValueError, match="more than 2 places"):
        StoredType(storage).process_bind_param(Decimal("0.001"), dialect)
