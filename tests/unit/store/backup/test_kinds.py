"""Rows as lines: what is written is what is read, and their hash does not depend on the order."""

import random
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from loomwork.store.backup.kinds import Digest, Kind, kind_of, row_reader, row_writer

SIXTY_FOUR = st.integers(-(2**63), 2**63 - 1)
VALUES: dict[str, tuple[Kind, st.SearchStrategy[Any]]] = {
    "text": (Kind(name="text"), st.text(st.characters(exclude_categories=["Cs"]))),
    "integer": (Kind(name="integer"), SIXTY_FOUR),
    "decimal": (
        Kind(name="decimal", places=4),
        SIXTY_FOUR.map(lambda number: Decimal(number).scaleb(-4)),
    ),
    "date": (Kind(name="date"), st.dates()),
    "datetime": (Kind(name="datetime"), st.datetimes(timezones=st.just(UTC))),
    "boolean": (Kind(name="boolean"), st.booleans()),
    "uuid": (Kind(name="uuid"), st.uuids()),
    "bytes": (Kind(name="bytes"), st.binary()),
    "real": (Kind(name="real"), st.floats(allow_nan=False, allow_infinity=False)),
    "local_datetime": (
        Kind(name="local_datetime"),
        st.datetimes().map(lambda moment: moment.replace(microsecond=0)),
    ),
}
KINDS = tuple(kind for kind, _ in VALUES.values())
ROWS = st.tuples(*(st.none() | values for _, values in VALUES.values()))


@given(row=ROWS)
def test_what_is_written_is_what_is_read(row: tuple[Any, ...]) -> None:
    line = row_writer(KINDS)(row)
    assert b"\n" not in line
    assert tuple(row_reader(KINDS)(line)) == row
    assert row_writer(KINDS)(row_reader(KINDS)(line)) == line


@given(rows=st.lists(ROWS, max_size=6), seed=st.integers())
def test_the_hash_of_a_table_does_not_depend_on_the_order(
    rows: list[tuple[Any, ...]], seed: int
) -> None:
    first, second = Digest(), Digest()
    lines = [row_writer(KINDS)(row) for row in rows]
    for line in lines:
        first.add(line)
    random.Random(seed).shuffle(lines)
    for line in lines:
        second.add(line)
    assert (first.rows, first.hex()) == (second.rows, second.hex())


@given(rows=st.lists(ROWS, min_size=1, max_size=6))
def test_a_row_less_is_another_hash(rows: list[tuple[Any, ...]]) -> None:
    whole, less = Digest(), Digest()
    for row in rows:
        whole.add(row_writer(KINDS)(row))
    for row in rows[1:]:
        less.add(row_writer(KINDS)(row))
    assert whole.hex() != less.hex()


@given(line=st.binary(max_size=60))
def test_a_line_that_is_no_row_is_a_plain_error(line: bytes) -> None:
    with pytest.raises((ValueError, TypeError, ArithmeticError)):
        row_reader(KINDS)(line)


def test_engines_that_keep_less_of_a_value_write_the_same() -> None:
    kinds = (Kind(name="boolean"), Kind(name="decimal", places=2), Kind(name="local_datetime"))
    of_mariadb = (1, Decimal("1.5"), datetime(2026, 1, 1, 12, 0))  # noqa: DTZ001
    of_others = (True, Decimal("1.50"), datetime(2026, 1, 1, 12, 0, 0, 999_999))  # noqa: DTZ001
    assert row_writer(kinds)(of_mariadb) == row_writer(kinds)(of_others)


@pytest.mark.parametrize(
    ("type_", "name"),
    [
        (sa.String(64), "text"),
        (sa.Boolean(), "boolean"),
        (sa.SmallInteger(), "integer"),
        (sa.DateTime(), "local_datetime"),
        (sa.DateTime(timezone=True), "datetime"),
        (sa.LargeBinary(), "bytes"),
        (sa.Uuid(), "uuid"),
    ],
)
def test_types_that_are_not_ours_have_a_kind_too(type_: Any, name: str) -> None:
    assert kind_of(type_).name == name


def test_a_type_that_cannot_be_kept_is_told() -> None:
    with pytest.raises(TypeError, match="cannot be kept"):
        kind_of(sa.ARRAY(sa.Integer))


def test_years_before_1000_keep_four_digits() -> None:
    kinds = (Kind(name="datetime"), Kind(name="date"))
    row = (datetime(9, 1, 1, tzinfo=UTC), date(9, 1, 1))
    assert row_writer(kinds)(row) == b'["0009-01-01T00:00:00.000000Z","0009-01-01"]'
