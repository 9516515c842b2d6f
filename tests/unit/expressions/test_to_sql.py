"""The SQL is bare where NULL does no harm, so that indexes serve it."""

import pytest
import sqlalchemy as sa

from loomwork.expressions import lift, parse, to_sql
from loomwork.expressions.tree import TRUE, Acting, Compare, Operator
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
        ("sqlite", "instr(name, :_p0) > 0"),
        ("postgresql", 'strpos(name, :_p0::VARCHAR COLLATE "C") > 0'),
        ("mysql", "locate(:_p0, name) > 0"),
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


def test_a_tree_that_no_source_can_write_is_refused() -> None:
    with pytest.raises(TypeError, match="needs a field"):
        to_sql(Compare(Operator.EQUAL, Acting(), Acting()), TABLE.c.__getitem__, dialect="sqlite")
    with pytest.raises(TypeError, match="not a condition"):
        to_sql(Acting(), TABLE.c.__getitem__, dialect="sqlite")


def test_a_constant_needs_no_column() -> None:
    assert str(to_sql(TRUE, TABLE.c.__getitem__, dialect="postgresql")) == "true"
