"""Cursors carry values exactly and belong to one query."""

import base64
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loomwork.errors import InvalidError
from loomwork.records.lists.cursor import read_cursor, write_cursor

KEY = b"k" * 32
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.decimals(allow_nan=False, allow_infinity=False, places=4),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
    st.uuids(),
)


@given(st.lists(VALUES, max_size=6))
def test_values_come_back_exactly(values: list[object]) -> None:
    back = read_cursor(write_cursor(values, ("a",), KEY), ("a",), KEY)
    assert back == values
    assert [type(value) for value in back] == [type(value) for value in values]


@given(st.binary(max_size=100))
def test_no_bytes_that_were_not_signed_are_read(raw: bytes) -> None:
    with pytest.raises(InvalidError):
        read_cursor(base64.urlsafe_b64encode(raw).decode(), ("a",), KEY)


@given(st.text())
def test_no_text_that_is_no_cursor_is_read(text: str) -> None:
    with pytest.raises(InvalidError):
        read_cursor(text, ("a",), KEY)


@pytest.mark.parametrize("other", [("b",), ("a", ""), (), ("a", None), (b"a",)])
def test_a_cursor_of_another_query_is_refused(other: tuple[object, ...]) -> None:
    cursor = write_cursor([1], ("a",), KEY)
    with pytest.raises(InvalidError):
        read_cursor(cursor, other, KEY)


def test_a_cursor_of_another_site_is_refused() -> None:
    with pytest.raises(InvalidError):
        read_cursor(write_cursor([1], (), b"j" * 32), (), KEY)


def test_a_cursor_is_safe_in_an_address() -> None:
    values = [UUID(int=2**128 - 1), "苏/+?&=", Decimal("1.50"), date(1, 1, 1)]
    values.append(datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC))
    assert set(write_cursor(values, (), KEY)) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    )
