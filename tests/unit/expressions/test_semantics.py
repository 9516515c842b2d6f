"""Missing values and exactness, as the Python translation defines them for all engines."""

from datetime import date
from decimal import Decimal

import pytest

from loomwork.expressions import parse, to_python
from tests.unit.expressions.samples import IDS, SCOPE, USER

RECORD = {
    "name": "Ａcme",
    "amount": Decimal("1.00"),
    "rate": Decimal("1.0000"),
    "count": 1,
    "active": True,
    "vip": None,
    "born": date(2026, 1, 31),
    "owner": USER,
    "deputy": IDS[1],
}


@pytest.mark.parametrize(
    "source",
    [
        "amount == rate and rate == count and amount == 1.000",
        "amount < 1.001 and amount <= 1.001 and not amount >= 1.001",
        "count < 1.5 and count > 0.5 and count != 1.5",
        "notes != 'x'",
        "not (notes == 'x')",
        "not (notes < 'x') and not (notes >= 'x')",
        "notes is None and name is not None",
        "notes not in ['x'] and not (notes in ['x'])",
        "not contains(notes, 'x') and contains(name, 'cm') and starts_with(name, 'Ａ')",
        "not contains(name, '%') and not contains(name, 'CM')",
        "active and not vip",
        "vip != True and vip != False and not (vip == False)",
        "owner == user and deputy != user",
        "name not in [] and not (name in [])",
        "name > 'z' and name < '😀'",
        "born in ['2026-01-31'] and '2026-02-01' > born",
    ],
)
def test_this_is_true(source: str) -> None:
    assert to_python(parse(source, SCOPE))(RECORD, USER)


@pytest.mark.parametrize(
    "source",
    [
        "notes == notes",
        "notes < 'x' or notes >= 'x'",
        "vip",
        "deputy == user",
        "amount == 1.001",
        "name in []",
    ],
)
def test_this_is_false(source: str) -> None:
    assert not to_python(parse(source, SCOPE))(RECORD, USER)


def test_without_an_acting_user_nothing_is_his() -> None:
    record = {"owner": None}
    assert not to_python(parse("owner == user", SCOPE))(record, None)
    assert to_python(parse("owner != user", SCOPE))(record, None)
