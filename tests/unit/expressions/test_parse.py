"""What the language accepts, and the tree that it becomes."""

from datetime import UTC, date, datetime
from decimal import Decimal, localcontext

import pytest

from loomwork.expressions import FALSE, TRUE, parse, to_text
from loomwork.expressions.tree import USER as ACTING
from loomwork.expressions.tree import (
    And,
    Call,
    Compare,
    Field,
    In,
    IsNone,
    Literal,
    Not,
    Operator,
    Or,
)
from loomwork.model.kinds import Kind
from tests.unit.expressions.samples import SCOPE, USER

NAME = Field("name", Kind.TEXT)
AMOUNT = Field("amount", Kind.NUMBER, 2)
ACTIVE = Field("active", Kind.BOOLEAN)
OWNER = Field("owner", Kind.LINK)


def number(text: str) -> Literal:
    return Literal(Decimal(text), Kind.NUMBER)


def test_a_comparison_becomes_a_typed_node() -> None:
    assert parse("amount >= 10.50", SCOPE) == Compare(Operator.AT_LEAST, AMOUNT, number("10.5"))


def test_and_binds_closer_than_or_and_not_closer_than_and() -> None:
    tree = parse("not active and vip or name == 'x'", SCOPE)
    vip = Field("vip", Kind.BOOLEAN)
    named = Compare(Operator.EQUAL, NAME, Literal("x", Kind.TEXT))
    assert tree == Or((And((Not(ACTIVE), vip)), named))


def test_a_chain_is_the_conjunction_of_its_comparisons() -> None:
    assert parse("1 < amount <= 5", SCOPE) == And(
        (
            Compare(Operator.LESS, number("1"), AMOUNT),
            Compare(Operator.AT_MOST, AMOUNT, number("5")),
        )
    )


@pytest.mark.parametrize("source", ["owner == user", "owner == user.id", "(owner == (user))"])
def test_the_acting_user_is_a_link(source: str) -> None:
    assert parse(source, SCOPE) == Compare(Operator.EQUAL, OWNER, ACTING)


def test_true_and_false_are_constants() -> None:
    assert (parse("True", SCOPE), parse("False", SCOPE)) == (TRUE, FALSE)


def test_lists_and_absence_have_nodes_of_their_own() -> None:
    stages = (Literal("won", Kind.TEXT), Literal("lost", Kind.TEXT))
    tree = parse("stage not in ['won', 'lost'] or name is not None", SCOPE)
    assert tree == Or((In(Field("stage", Kind.TEXT), stages, negated=True), Not(IsNone(NAME))))


def test_functions_take_fields_and_texts() -> None:
    assert parse("contains(name, 'x')", SCOPE) == Call(
        "contains", (NAME, Literal("x", Kind.TEXT)), Kind.BOOLEAN
    )


@pytest.mark.parametrize("source", ["born == '2026-01-31'", "born == date('2026-01-31')"])
def test_a_date_is_written_as_text_or_with_date(source: str) -> None:
    day = Literal(date(2026, 1, 31), Kind.DATE)
    assert parse(source, SCOPE) == Compare(Operator.EQUAL, Field("born", Kind.DATE), day)


@pytest.mark.parametrize(
    "source",
    [
        "seen == '2026-01-31T08:00:00Z'",
        "seen == '2026-01-31 08:00'",
        "seen == datetime('2026-01-31T09:00:00+01:00')",
        "datetime('2026-01-31T08:00:00.000000Z') == seen",
    ],
)
def test_times_are_brought_to_utc(source: str) -> None:
    moment = datetime(2026, 1, 31, 8, tzinfo=UTC)
    tree = parse(source, SCOPE)
    assert isinstance(tree, Compare)
    assert Literal(moment, Kind.DATETIME) in (tree.left, tree.right)


def test_the_id_of_a_record_is_written_as_text() -> None:
    assert parse(f"owner == '{USER}'", SCOPE) == Compare(
        Operator.EQUAL, OWNER, Literal(USER, Kind.LINK)
    )


def test_numbers_are_exact_whatever_the_decimal_context_of_the_caller() -> None:
    written = "1234567890123456789.0000000001"
    with localcontext() as context:
        context.prec = 3
        tree = parse(f"amount < -{written}", SCOPE)
    assert tree == Compare(Operator.LESS, AMOUNT, number(f"-{written}"))


def test_minus_zero_is_zero() -> None:
    assert to_text(parse("amount == -0.00", SCOPE)) == "amount == 0"


def test_text_is_composed_as_the_store_composes_it() -> None:
    assert parse("name == 'e\\u0301'", SCOPE) == parse("name == 'é'", SCOPE)


def test_a_source_may_have_several_lines() -> None:
    assert parse("\n  active\r\n\tand vip\n", SCOPE) == parse("active and vip", SCOPE)


@pytest.mark.parametrize(
    ("source", "canonical"),
    [
        ('name=="it\'s"', "name == 'it\\'s'"),
        ("name == '\\\\ \\n\\x07'", "name == '\\\\ \\n\\x07'"),
        ("amount>1.50", "amount > 1.5"),
        ("not(active)", "not active"),
        ("not (amount > 1)", "not (amount > 1)"),
        ("not name is None", "name is not None"),
        ("(active or vip) and name is None", "(active or vip) and name is None"),
        ("seen < '2026-01-31 08:00'", "seen < datetime('2026-01-31T08:00:00Z')"),
        ("born < '2026-01-31'", "born < date('2026-01-31')"),
        ("count in [1, -2]", "count in [1, -2]"),
        ("starts_with(name,'x')", "starts_with(name, 'x')"),
    ],
)
def test_the_canonical_text_is_stable(source: str, canonical: str) -> None:
    assert to_text(parse(source, SCOPE)) == canonical
    assert to_text(parse(canonical, SCOPE)) == canonical
