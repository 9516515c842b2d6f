"""Whatever the parser accepts, every engine computes, however deep it is."""

import pickle

import pytest
from sqlalchemy.dialects import mysql, postgresql, sqlite

from loomwork.errors import ExpressionError
from loomwork.expressions import parse_value, to_text
from loomwork.expressions.fold import fold
from loomwork.expressions.sql.source import Row, Source
from loomwork.expressions.to_sql import value_sql
from tests.language.agree import fresh
from tests.language.agree_javascript import differences, know
from tests.language.deep import NEST, SCOPE, deepest, most_levels, nested
from tests.language.engines import readings_of, world_on, world_tables
from tests.language.javascript import javascript
from tests.language.oracle import context_in, results
from tests.language.world import make_world

DIALECTS = {"sqlite": sqlite, "postgresql": postgresql, "mariadb": mysql}
TABLES = world_tables()
READINGS = readings_of(TABLES)


def text_length(name: str, levels: int, engine: str) -> int:
    deal = TABLES["deal"]
    source = Source(Row(READINGS["deal"], deal), base=deal, tables=READINGS)
    node = parse_value(nested(name, levels), SCOPE)
    value = value_sql(node, source, dialect=engine)
    return len(str(value.compile(dialect=DIALECTS[engine].dialect())))


@pytest.mark.parametrize("engine", ["sqlite", "postgresql", "mariadb"])
def test_the_deepest_expressions_are_what_python_finds(engine: str) -> None:
    world = make_world()
    context = context_in(world)
    rows = world.all("deal")
    with fresh(engine) as url, world_on(url, world) as database:
        for name in NEST:
            node = deepest(name)
            expected = dict(
                zip((row["id"] for row in rows), results(node, rows, context), strict=True)
            )
            assert dict(database.values(node, "deal", context)) == expected, name


@pytest.mark.parametrize("engine", ["sqlite", "postgresql", "mariadb"])
def test_the_deepest_questions_about_other_records_are_what_python_finds(engine: str) -> None:
    world = make_world()
    context = context_in(world)
    rows = world.all("deal")
    sums = f"sum(lines, sum(deal.lines, sum(deal.lines, quantity{' + 1' * 46})))"
    deep = "quantity"
    for _ in range(21):
        deep = f"abs(0 - {deep})"
    counts = f"count(lines, count(deal.lines, count(deal.lines, {deep} > 1) > 1) > 1)"
    with fresh(engine) as url, world_on(url, world) as database:
        for source in (sums, counts):
            node = parse_value(source, SCOPE)
            expected = dict(
                zip((row["id"] for row in rows), results(node, rows, context), strict=True)
            )
            assert dict(database.values(node, "deal", context)) == expected


@pytest.mark.parametrize("engine", DIALECTS)
@pytest.mark.parametrize("name", NEST)
def test_the_sql_of_twice_the_levels_is_at_most_about_twice_as_long(name: str, engine: str) -> None:
    half = most_levels(name) // 2
    assert text_length(name, 2 * half, engine) < 2.5 * text_length(name, half, engine) + 200


def test_questions_about_other_records_nest_three_times_and_no_more() -> None:
    three = "count(lines, any(deal.lines, any(deal.lines, quantity > 1)))"
    parse_value(three, SCOPE)
    four = "count(lines, any(deal.lines, any(deal.lines, any(deal.lines, quantity > 1))))"
    with pytest.raises(ExpressionError) as caught:
        parse_value(four, SCOPE)
    assert caught.value.problems[0].code == "too_deep"


def test_the_browser_finds_the_same_for_the_deepest_expressions() -> None:
    nodes = [deepest(name) for name in NEST]
    with javascript() as evaluator:
        know(evaluator, make_world())
        assert [*differences(evaluator, make_world(), nodes)] == []


def test_an_expression_follows_twenty_different_links_and_no_more() -> None:
    parse_value(f"{'parent.' * 20}name", SCOPE)
    with pytest.raises(ExpressionError) as caught:
        parse_value(f"{'parent.' * 21}name", SCOPE)
    (problem,) = caught.value.problems
    assert "too many links" in problem.message()


@pytest.mark.parametrize("name", NEST)
def test_the_deepest_expressions_are_printed_copied_and_compared(name: str) -> None:
    node = deepest(name)
    assert parse_value(to_text(node), SCOPE) == node
    assert pickle.loads(pickle.dumps(node)) == node
    assert hash(fold(node, context_in(make_world()))) is not None
