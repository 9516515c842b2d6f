"""What sources mean: missing values and exactness, defined by Python for all engines."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from loomwork.expressions import parse, to_python
from loomwork.expressions.context import Context
from loomwork.expressions.parse import parse_value
from loomwork.expressions.scope import EntityScope
from tests.language.oracle import of_user
from tests.language.world import ACCOUNT, DEAL, ENTITIES
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
    assert to_python(parse(source, SCOPE))(RECORD, of_user(USER))


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
    assert not to_python(parse(source, SCOPE))(RECORD, of_user(USER))


def test_without_an_acting_user_nothing_is_his() -> None:
    record = {"owner": None}
    assert not to_python(parse("owner == user", SCOPE))(record, of_user(None))
    assert to_python(parse("owner != user", SCOPE))(record, of_user(None))


DEAL_SCOPE = EntityScope(DEAL, ENTITIES, this=ACCOUNT, roots={"old": DEAL}, changes=True)
DEAL_RECORD: Mapping[str, Any] = {
    "name": " Acme  ÅB\u3000",
    "code": "x",
    "stage": "new",
    "score": -7,
    "amount": Decimal("2.00"),
    "rate": Decimal("-0.5000"),
    "closes": date(2026, 1, 31),
    "starts": date(2024, 2, 29),
    "seen": datetime(2026, 1, 31, 15, 59, 59, 999_999, tzinfo=UTC),
    "active": True,
}
ON_THAT_DAY = Context(
    given={"today": date(2026, 1, 31), "now": datetime(2026, 2, 1, tzinfo=UTC)},
    roots={"old": {"amount": Decimal(3), "stage": "new"}},
    zone=ZoneInfo("Asia/Shanghai"),
)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("amount / 3", Decimal("0.6666666667")),
        ("-amount / 3", Decimal("-0.6666666667")),
        ("score // 2", Decimal(-4)),
        ("score % 2", Decimal(1)),
        ("score % -2", Decimal(-1)),
        ("amount % 0", None),
        ("amount / 0", None),
        ("9999999999999999999 + amount", None),
        ("9999999999999999999 * 9999999999999999999 / amount", None),
        ("0.0000000001 * rate", Decimal("-0.0000000001")),
        ("0.0000000001 * rate / 2", Decimal("-0.0000000001")),
        ("round(rate)", Decimal(-1)),
        ("round(rate * 0.5, 1)", Decimal("-0.3")),
        ("floor(rate) + ceil(rate)", Decimal(-1)),
        ("abs(score)", Decimal(7)),
        ("min(score, amount, price)", Decimal(-7)),
        ("max(starts, closes)", date(2026, 1, 31)),
        ("coalesce(price, amount)", Decimal(2)),
        ("coalesce(vip, active)", True),
        ("coalesce(vip == True, active)", False),
        ("score if vip else amount", Decimal(2)),
        ("None if active else amount", None),
        ("length(trim(name))", Decimal(8)),
        ("lower(trim(name))", "acme  åb"),
        ("upper(code)", "X"),
        ("trim(notes)", None),
        ("concat(code, ' ', amount, notes, score, closes)", "x 2-72026-01-31"),
        ("concat(notes, price)", None),
        ("concat(stage, '!')", "new!"),
        ("closes - starts", 702 * 86_400_000_000),
        ("days_between(starts, closes)", Decimal(702)),
        ("days_between(closes, starts)", Decimal(-702)),
        ("closes + days(1)", date(2026, 2, 1)),
        ("closes + hours(23)", date(2026, 1, 31)),
        ("closes - hours(1)", date(2026, 1, 30)),
        ("closes + days(5000000)", None),
        ("seen + hours(-0.5)", datetime(2026, 1, 31, 15, 29, 59, 999_999, tzinfo=UTC)),
        ("now() - seen > hours(8)", True),
        ("hours(36) / 1.5 == days(1)", True),
        ("add_months(closes, 1)", date(2026, 2, 28)),
        ("add_months(starts, 12)", date(2025, 2, 28)),
        ("start_of(closes, 'week')", date(2026, 1, 26)),
        ("start_of(closes, 'quarter')", date(2026, 1, 1)),
        ("year(closes) * 100 + month(closes) * 10 + day(starts)", Decimal(202639)),
        ("quarter(starts) + weekday(starts)", Decimal(5)),
        ("seen == today()", True),
        ("seen < today()", False),
        ("seen > today()", False),
        ("seen <= date('2026-01-30')", False),
        ("seen < date('2026-02-01') and seen >= start_of(today(), 'month')", True),
        ("done == today() or done != today()", True),
        ("changed('amount') and not changed('stage') and changed('score')", True),
        ("old.amount - amount", Decimal(1)),
    ],
)
def test_the_value_is(source: str, expected: object) -> None:
    assert to_python(parse_value(source, DEAL_SCOPE))(DEAL_RECORD, ON_THAT_DAY) == expected
