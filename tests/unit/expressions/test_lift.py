"""Filters of one shape share one plan."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from loomwork.expressions import FALSE, TRUE, lift, parameters, parse, to_text
from loomwork.expressions.tree import Value
from tests.language.oracle import of_user
from tests.unit.expressions.samples import SCOPE, USER


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("amount > 5", "amount > 17.25"),
        ("amount < 1.005", "amount <= 3"),
        ("5 < amount", "amount > 6"),
        ("name == 'a' and born < '2026-01-31'", "name == 'b' and born < date('2000-02-29')"),
        ("stage in ['new', 'won']", "stage in ['lost', 'new']"),
        ("contains(name, 'a')", "contains(name, '%')"),
        ("count in [1, 2.5]", "count in [3]"),
    ],
)
def test_filters_that_differ_in_literals_only_have_one_shape(first: str, second: str) -> None:
    shapes = {lift(parse(source, SCOPE))[0] for source in (first, second)}
    assert len(shapes) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("amount > 5", "price > 5"),
        ("amount > 5", "amount >= 5"),
        ("stage in ['new']", "stage in ['new', 'won']"),
        ("active == True", "active == False"),
        ("owner == user", f"owner == '{USER}'"),
    ],
)
def test_filters_that_differ_in_more_do_not(first: str, second: str) -> None:
    assert lift(parse(first, SCOPE))[0] != lift(parse(second, SCOPE))[0]


@pytest.mark.parametrize(
    ("source", "values"),
    [
        ("amount > 5", (Decimal("5.00"),)),
        ("amount > -1.005", (Decimal("-1.01"),)),
        ("count > 5.5", (5,)),
        ("whole == 5", (Decimal(5),)),
        ("born == '2026-01-31' or owner == user", (date(2026, 1, 31),)),
        (f"owner in ['{USER}']", (USER,)),
    ],
)
def test_values_come_out_as_their_columns_take_them(source: str, values: tuple[Value, ...]) -> None:
    found = lift(parse(source, SCOPE))[1]
    assert [(type(value), str(value)) for value in found] == [
        (type(value), str(value)) for value in values
    ]


@pytest.mark.parametrize(
    ("source", "shape"),
    [
        ("amount == 1.005", "False"),
        ("amount != 1.005", "True"),
        ("amount in [1.005]", "False"),
        ("amount not in [1.005]", "True"),
        ("amount in [1.005, 2]", "amount in [:0]"),
        ("count < 9999999999999999999", "count is not None"),
        ("count > 9999999999999999999", "False"),
        ("amount >= -10000000000000000", "amount is not None"),
        ("name in []", "False"),
        ("active and amount == 1.005", "False"),
        ("active or amount != 1.005", "True"),
        ("active and (vip and active)", "active and vip"),
        ("not not active", "active"),
    ],
)
def test_what_no_column_can_hold_is_decided_beforehand(source: str, shape: str) -> None:
    assert to_text(lift(parse(source, SCOPE))[0]) == shape


def test_parameters_are_named_so_that_no_field_can_have_the_name() -> None:
    context = of_user(UUID(int=1))
    assert parameters(("x", 5), context) == {"_p0": "x", "_p1": 5, "_context": context}
    assert parameters(("x",), context, "g") == {"_g0": "x", "_context": context}


def test_literals_deep_inside_are_lifted_too_but_not_those_that_decide_the_statement() -> None:
    shape, values = lift(parse("round(amount * 2, 1) + 3 > 4", SCOPE))
    assert values == (Decimal(2), Decimal(3), Decimal(4))
    assert to_text(shape) == "round(amount * :0, 1) + :1 > :2"


def test_a_value_keeps_its_form_where_a_condition_may_lose_it() -> None:
    twice = parse("not not active", SCOPE)
    assert to_text(lift(twice)[0]) == "active"
    assert to_text(lift(twice, value=True)[0]) == "active == True"


def test_constants_have_nothing_to_lift() -> None:
    assert (lift(TRUE), lift(FALSE)) == ((TRUE, ()), (FALSE, ()))
