"""The page for readers says what the code says."""

from pathlib import Path

import pytest

from loomwork.errors import ExpressionError
from loomwork.expressions import parse
from loomwork.expressions.functions import FUNCTIONS
from tests.unit.expressions.samples import SCOPE

PAGE = Path(__file__).parents[3].joinpath("docs/reference/expressions.md").read_text("utf-8")
ERRORS = [line.strip("|").split(" | ") for line in PAGE.split("## Errors")[1].splitlines()[7:]]


@pytest.mark.parametrize(("source", "code", "column", "message"), ERRORS)
def test_the_errors_on_the_page_are_those_of_the_code(
    source: str, code: str, column: str, message: str
) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(source.strip(" `"), SCOPE)
    (problem,) = caught.value.problems
    shown = (f"`{problem.code}`", str(problem.column), problem.message())
    assert shown == (code, column, message.strip())


def test_every_function_is_on_the_page() -> None:
    assert [name for name in FUNCTIONS if f"`{name}(" not in PAGE] == []
