"""The page for readers says what the code says."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from loomwork.errors import ExpressionError
from loomwork.expressions import EntityScope, FieldInfo, parse, parse_value, to_text
from loomwork.expressions.functions import FUNCTIONS
from loomwork.expressions.parsing.aggregates import MOST_INSIDE
from loomwork.expressions.parsing.names import MOST_LINKS
from loomwork.expressions.scan import DEEPEST, LONGEST, MOST_PARTS
from loomwork.model.entity import Field
from loomwork.model.kinds import Kind
from loomwork.model.text import Text
from loomwork.model.types.date import DateType
from loomwork.model.types.select import Option, SelectType
from tests.language.givens import SETTINGS
from tests.language.world import ENTITIES
from tests.unit.expressions.samples import SCOPE

PAGE = Path(__file__).parents[3].joinpath("docs/reference/expressions.md").read_text("utf-8")
CODE = re.compile(r"`([^`]+)`")
STAGE = SelectType(
    options={name: Option(name=name, label=Text(name)) for name in ("new", "quoted", "won")}
)
DEAL = replace(
    ENTITIES["deal"],
    fields={
        **ENTITIES["deal"].fields,
        "stage": Field(name="stage", type=STAGE, label=Text("Stage")),
        "close_date": Field(name="close_date", type=DateType(), label=Text("Close date")),
    },
)
NAMED = {"reason": FieldInfo(kind=Kind.TEXT), "name": FieldInfo(kind=Kind.TEXT)}
OF_THE_PAGE = EntityScope(
    DEAL,
    {**ENTITIES, "deal": DEAL},
    this=DEAL,
    roots={"candidate": ENTITIES["user"], "ask": NAMED, "steps.who": NAMED},
    changes=True,
    settings=SETTINGS,
    pack="sales",
)


def part(heading: str) -> str:
    """Return what stands below a heading."""
    return PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the first table below a heading."""
    lines = [line for line in part(heading).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def examples() -> Iterator[str]:
    for block in re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL):
        yield from block.splitlines()
    for heading in ("Names", "Linking records"):
        for first, *_ in rows(heading):
            yield from CODE.findall(first)


@pytest.mark.parametrize("source", list(examples()))
def test_every_example_on_the_page_is_an_expression(source: str) -> None:
    tree = parse_value(source, OF_THE_PAGE)
    assert parse_value(to_text(tree), OF_THE_PAGE) == tree


@pytest.mark.parametrize(("source", "code", "column", "message"), rows("Errors"))
def test_the_errors_on_the_page_are_those_of_the_code(
    source: str, code: str, column: str, message: str
) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(source.strip("`"), SCOPE)
    (problem,) = caught.value.problems
    shown = (f"`{problem.code}`", str(problem.column), problem.message())
    assert shown == (code, column, message)


def test_the_functions_on_the_page_are_those_of_the_code() -> None:
    told = [
        [f"`{function.usage}`", function.help, f"`{function.example}`"]
        for function in FUNCTIONS.values()
    ]
    assert [row for row in rows("Functions") if row[0] != "`today()`, `now()`"] == told


@pytest.mark.parametrize("name", list(FUNCTIONS))
def test_the_example_of_a_function_uses_it(name: str) -> None:
    tree = parse_value(FUNCTIONS[name].example, SCOPE)
    assert f"{name}(" in to_text(tree)


def test_the_limits_on_the_page_are_those_of_the_code() -> None:
    limits = (MOST_PARTS, DEEPEST, MOST_INSIDE, MOST_LINKS)
    assert [row[1] for row in rows("Limits")] == [f"{LONGEST:,}", *map(str, limits)]
