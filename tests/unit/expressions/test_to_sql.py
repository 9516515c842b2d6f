"""The SQL is bare where NULL does no harm, so that indexes serve it."""

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from loomwork.errors import ExpressionError
from loomwork.expressions import lift, parameters, parse, to_sql
from loomwork.expressions.context import Context
from loomwork.expressions.sql.binding import fitted
from loomwork.expressions.to_sql import bound_values
from loomwork.expressions.tree import (
    TRUE,
    USER,
    Changed,
    Compare,
    Field,
    Literal,
    Operator,
)
from loomwork.model.kinds import Kind
from tests.unit.expressions.samples import SCOPE, sample_table

TABLE = sample_table("t")
URLS = ("sqlite://", "postgresql+psycopg://", "mysql+pymysql://")
ENGINES = [sa.create_engine(url, paramstyle="named") for url in URLS]
DIALECTS = {engine.dialect.name: engine.dialect for engine in ENGINES}


def sql(source: str, dialect: str = "sqlite", prefix: str = "p") -> str:
    shape, _ = lift(parse(source, SCOPE))
    target = DIALECTS[dialect]
    predicate = to_sql(shape, TABLE.c.__getitem__, dialect=target.name, prefix=prefix)
    text = str(sa.select(TABLE.c.id).where(predicate).compile(dialect=target))
    return " ".join(text.split("WHERE ")[1].split()).replace("t.", "")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("owner == user", "owner = :_user"),
        ("owner == user or deputy == user", "owner = :_user OR deputy = :_user"),
        ("amount < 5", "amount < :_p0"),
        ("not (amount < 5)", "amount IS NULL OR amount >= :_p0"),
        ("stage != 'won'", "stage IS NULL OR stage != :_p0"),
        ("not (stage != 'won')", "stage = :_p0"),
        ("not not (stage == 'won')", "stage = :_p0"),
        ("owner != user", "(owner = :_user) IS NOT 1"),
        ("stage in ['won', 'lost']", "stage IN (:_p0, :_p1)"),
        ("not (stage not in ['won'])", "stage IN (:_p0)"),
        ("stage not in ['won']", "stage IS NULL OR (stage NOT IN (:_p0))"),
        ("not (active and name is None)", "active IS NULL OR active != 1 OR name IS NOT NULL"),
        (
            "not (name is None or amount > 1)",
            "name IS NOT NULL AND (amount IS NULL OR amount <= :_p0)",
        ),
        ("active", "active = 1"),
        ("active != False", "active IS NULL OR active != 0"),
        ("amount <= 1.005", "amount <= :_p0"),
        ("1.005 < amount", "amount > :_p0"),
        ("amount < price", "amount < price"),
        ("amount == 1.005 or active", "active = 1"),
    ],
)
def test_negation_is_pushed_down_and_null_compensated_only_there(
    source: str, expected: str
) -> None:
    assert sql(source) == expected


@pytest.mark.parametrize(
    ("dialect", "expected"),
    [
        ("sqlite", "(instr(name, :_p0) > 0)"),
        (
            "postgresql",
            '(strpos(name, CAST(:_p0::VARCHAR COLLATE "C" AS TEXT) COLLATE "C") > 0)',
        ),
        ("mysql", "(LOCATE((:_p0 COLLATE utf8mb4_nopad_bin), name) > 0)"),
    ],
)
def test_a_search_in_text_knows_no_wildcards(dialect: str, expected: str) -> None:
    assert sql("contains(name, '%')", dialect) == expected


def test_decimals_of_different_places_are_compared_without_overflow_on_sqlite() -> None:
    expected = "amount < (rate / 100) OR amount = (rate / 100) AND (rate % 100) > 0"
    assert sql("amount < rate") == expected
    assert sql("rate > amount") == expected
    assert sql("amount < rate", "postgresql") == "amount < rate"


def test_several_trees_in_one_statement_are_kept_apart_by_their_prefix() -> None:
    assert sql("amount < 5", prefix="grant") == "amount < :_grant0"


def test_nothing_but_the_lifted_values_and_the_user_is_bound() -> None:
    shape, values = lift(
        parse("contains(name, 'x') and starts_with(notes, 'y') and rate < amount", SCOPE)
    )
    query = sa.select(TABLE.c.id).where(to_sql(shape, TABLE.c.__getitem__, dialect="sqlite"))
    assert sorted(query.compile(dialect=DIALECTS["sqlite"]).params) == ["_p0", "_p1"]
    assert values == ("x", "y")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("born < today() - days(30)", "born < :given_1"),
        ("born >= start_of(today(), 'month')", "born >= :given_1"),
        ("owner == user and amount > 2 * 3", "owner = :_user AND amount > :given_1"),
        ("today() > '2026-01-31'", ":given_1"),
        ("owner in user.teams", "(owner IN (SELECT lw_id(value) FROM json_each(:given_1)))"),
    ],
)
def test_what_no_row_decides_is_bound_as_one_value_beside_the_bare_column(
    source: str, expected: str
) -> None:
    assert sql(source) == expected


def test_a_bound_value_is_found_out_from_the_context_and_the_lifted_literals() -> None:
    shape, values = lift(parse("born < today() - days(30) and amount > 2 * 1.005", SCOPE))
    predicate = to_sql(shape, TABLE.c.__getitem__, dialect="sqlite")
    compiled = sa.select(TABLE.c.id).where(predicate).compile(dialect=DIALECTS["sqlite"])
    context = Context(given={"today": date(2026, 1, 31)})
    found = bound_values(compiled, parameters(values, context))
    assert found == {"given_1": date(2026, 1, 1), "given_2": Decimal("2.01")}


@pytest.mark.parametrize(
    ("operator", "value", "fit"),
    [
        (Operator.LESS, "1.005", "1.01"),
        (Operator.AT_MOST, "1.005", "1.00"),
        (Operator.MORE, "-1.005", "-1.01"),
        (Operator.AT_LEAST, "-1.005", "-1.00"),
        (Operator.EQUAL, "1.5", "1.50"),
    ],
)
def test_a_number_found_out_late_goes_to_the_neighbour_that_keeps_the_comparison(
    operator: Operator, value: str, fit: str
) -> None:
    assert str(fitted(operator, 2)(Decimal(value))) == fit


def test_nothing_equals_what_a_column_cannot_hold() -> None:
    assert fitted(Operator.EQUAL, 2)(Decimal("1.005")) is None
    assert fitted(Operator.EQUAL, None)(Decimal(10) ** 19) is None


@pytest.mark.parametrize("dialect", list(DIALECTS))
@pytest.mark.parametrize(
    "step",
    ["({} % rate + 1)", "(rate % {})", "(rate // {})", "min(rate, {})", "round(rate / {}, 2)"],
)
def test_the_statement_grows_with_the_expression_and_no_faster(dialect: str, step: str) -> None:
    sizes = []
    for depth in (5, 10, 15):
        value = "amount"
        for _ in range(depth):
            value = step.format(value)
        sizes.append(len(sql(f"{value} > 1", dialect)))
    assert sizes[2] - sizes[1] < 1.2 * max(0, sizes[1] - sizes[0]) + 100


def test_what_only_python_knows_is_refused() -> None:
    changed = Changed(Field("amount", Kind.NUMBER, 2))
    with pytest.raises(ExpressionError, match="changed"):
        to_sql(changed, TABLE.c.__getitem__, dialect="sqlite")
    old = Compare(
        Operator.EQUAL, Field("amount", Kind.NUMBER, 2, root="old"), Literal(1, Kind.NUMBER)
    )
    with pytest.raises(ExpressionError, match="old"):
        to_sql(old, TABLE.c.__getitem__, dialect="sqlite")
    with pytest.raises(TypeError, match="not a condition"):
        to_sql(USER, TABLE.c.__getitem__, dialect="sqlite")


def test_a_constant_needs_no_column() -> None:
    assert str(to_sql(TRUE, TABLE.c.__getitem__, dialect="postgresql")) == "true"
