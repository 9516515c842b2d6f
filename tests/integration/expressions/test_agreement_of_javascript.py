"""The browser computes exactly what Python computes, for random trees and records."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import loomwork_ui
from loomwork.expressions.semantics.letters import LOWER, UPPER
from loomwork.expressions.tree import Node
from tests.language.agree_javascript import differences, know, some_trees
from tests.language.javascript import JavaScript, javascript
from tests.language.trees import EVERYTHING, VALUE_KINDS, trees
from tests.language.world import World, make_world
from tests.services import find_node

MODULES = Path(loomwork_ui.__file__).parent / "static" / "js" / "expressions"
LETTERS = """
import { LOWER, UPPER } from "./letters.js";
for (const table of [LOWER, UPPER]) {
  const entries = [...table].map(([from, to]) => `${from.codePointAt(0)}>${to.codePointAt(0)}`);
  console.log(entries.sort().join(" "));
}
"""
SOME, MANY = 1_500, 4_000
"""Trees that are compared in one go; each meets every deal of the world twice."""


@pytest.fixture(scope="module")
def world() -> World:
    return make_world()


@pytest.fixture(scope="module")
def evaluator(world: World) -> Iterator[JavaScript]:
    with javascript() as running:
        know(running, world)
        yield running


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(node=st.sampled_from(VALUE_KINDS).flatmap(lambda kind: trees(kind, 4, EVERYTHING)))
def test_a_tree_has_the_same_value_in_both(evaluator: JavaScript, world: World, node: Node) -> None:
    assert list(differences(evaluator, world, [node])) == []


def test_thousands_of_trees_have_the_same_values_in_both(
    evaluator: JavaScript, world: World
) -> None:
    assert next(differences(evaluator, world, some_trees(1, SOME)), None) is None


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 160))
def test_millions_of_values_are_the_same_in_both(evaluator: JavaScript, seed: int) -> None:
    world = make_world(seed)
    know(evaluator, world)
    assert next(differences(evaluator, world, some_trees(seed, MANY, 5)), None) is None


def test_both_have_the_same_letters() -> None:
    command = [str(find_node()), "--input-type=module", "--eval", LETTERS]
    printed = subprocess.run(command, cwd=MODULES, capture_output=True, check=True, text=True)
    tables = [
        " ".join(sorted(f"{from_}>{to}" for from_, to in table.items())) for table in (LOWER, UPPER)
    ]
    assert printed.stdout.splitlines() == tables
