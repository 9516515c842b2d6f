"""Filters of links: over the target, with the outer record's values put in."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loomwork.errors import ConflictError
from loomwork.expressions.context import Context
from loomwork.expressions.parse import parse
from loomwork.expressions.scope import EntityScope
from loomwork.expressions.to_python import to_python
from loomwork.expressions.tree import Field, walk
from loomwork.records.rules.expression import bound, outer_fields, read_of
from tests.language.oracle import context_in
from tests.language.trees import Options, trees
from tests.language.world import ACCOUNT, DEAL, ENTITIES, make_world

WORLD = make_world()
SCOPE = EntityScope(DEAL, ENTITIES, this=ACCOUNT)
OPTIONS = Options(roots={"this": "account"})


@pytest.mark.parametrize(
    ("source", "fields"),
    [
        ("amount > this.limit", {"limit"}),
        ("account == this.id or account.region == this.region.parent", {"id", "region"}),
        ("count(this.deals) > 3", {"id"}),
        ("any(lines, net > this.amount)", set()),
        ("active", set()),
    ],
)
def test_the_fields_of_the_outer_record_are_known(source: str, fields: set[str]) -> None:
    assert outer_fields(parse(source, SCOPE)) == fields


@given(trees(options=OPTIONS), st.integers(0, 30))
def test_a_filter_with_the_outer_record_put_in_means_the_same(node: Any, number: int) -> None:
    context = context_in(WORLD)
    outer = WORLD.all("account")[number]
    inside = replace(context, roots={"this": outer})
    alone = bound(node, outer, context)
    whole, parts = to_python(node), to_python(alone)
    for row in WORLD.all("deal")[:40]:
        assert bool(parts(row, context)) == bool(whole(row, inside))


def test_nothing_of_the_outer_record_is_left() -> None:
    node = parse("amount > this.limit and account == this.id", SCOPE)
    alone = bound(node, WORLD.all("account")[0], Context())
    assert all(part.root != "this" for part in walk(alone) if isinstance(part, Field))


def test_an_expression_that_cannot_be_read_any_more_is_told_with_its_place() -> None:
    with pytest.raises(ConflictError) as caught, read_of("deal", "checks/large"):
        parse("gone > 1", SCOPE)
    (problem,) = caught.value.problems
    assert problem.message() == (
        "“checks/large” of the entity “deal” cannot be carried out: "
        "There is no field “gone”. Did you mean “done”?"
    )
