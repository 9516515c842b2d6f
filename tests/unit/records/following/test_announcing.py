"""What an event says of a change: small, plain, and no secrets."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loomwork.model.entity import Entity, Field
from loomwork.model.field_type import FieldType
from loomwork.model.text import Text
from loomwork.model.types.secret import SecretType
from loomwork.model.types.text import TextType
from loomwork.records.following.announcing import LONGEST_VALUE, changes
from loomwork.records.following.written import Written

if TYPE_CHECKING:
    from loomwork.records.context import Acting

ID = UUID(int=7)
NOBODY = cast("Acting", None)
NAMES = ("name", "amount", "amount.currency", "token")


def field(name: str, type_: FieldType) -> Field:
    return Field(name=name, type=type_, label=Text(name))


ENTITY = Entity(
    name="deal",
    label=Text("Deal"),
    plural=Text("Deals"),
    icon="",
    title="name",
    ownership="none",
    fields={
        "name": field("name", TextType()),
        "amount": field("amount", TextType()),
        "token": field("token", SecretType()),
    },
)


def said(before: Any, after: Any) -> Any:
    text = changes(Written(entity=ENTITY, id=ID, before=before, after=after, by=NOBODY))
    return None if text is None else json.loads(text)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (None, "苏州", [None, "苏州"]),
        (Decimal("1.50"), Decimal("1E+3"), ["1.50", "1000"]),
        (date(2020, 1, 2), None, ["2020-01-02", None]),
        (
            None,
            datetime(2020, 1, 2, 3, 4, 5, 6, tzinfo=UTC),
            [None, "2020-01-02T03:04:05.000006Z"],
        ),
        (ID, None, [str(ID), None]),
        (("a", "b"), ("b",), [["a", "b"], ["b"]]),
        (True, False, [True, False]),
        (1, 2**40, [1, 2**40]),
        ("short", "n" * (LONGEST_VALUE - 2), ["short", "n" * (LONGEST_VALUE - 2)]),
        ("short", "n" * (LONGEST_VALUE - 1), []),
        ("n" * LONGEST_VALUE, "short", []),
        (b"bytes", None, []),
    ],
)
def test_old_and_new_value_stand_in_their_json_forms(old: object, new: object, told: Any) -> None:
    assert said({"name": old}, {"name": new}) == {"name": told}


def test_a_part_of_a_field_stands_under_its_own_key() -> None:
    before, after = {"amount.currency": "EUR"}, {"amount.currency": "CNY"}
    assert said(before, after) == {"amount.currency": ["EUR", "CNY"]}


def test_a_secret_is_never_told() -> None:
    assert said({"token": "old"}, {"token": "new"}) == {"token": []}


def test_new_and_deleted_records_tell_no_values() -> None:
    row = {"name": "Deal", "deleted_at": None}
    assert said(None, row) is None
    assert said(row, None) is None
    assert said(row, {**row, "deleted_at": datetime(2020, 1, 2, tzinfo=UTC)}) is None


@given(
    st.dictionaries(st.sampled_from(NAMES), st.text()),
    st.dictionaries(st.sampled_from(NAMES), st.text()),
)
def test_an_event_names_just_what_differs_and_stays_small(
    before: dict[str, str], after: dict[str, str]
) -> None:
    told = said(before, {**after, "version": 2})
    assert told.keys() == {name for name in NAMES if before.get(name) != after.get(name)}
    assert all(len(json.dumps(pair)) < 8 * LONGEST_VALUE for pair in told.values())
    assert "token" not in told or told["token"] == []
