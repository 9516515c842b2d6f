"""Holds the browser's results against Python's: every tree on every record of the test world."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from loomwork.expressions.context import Context
from loomwork.expressions.to_javascript import to_javascript, written
from loomwork.expressions.tree import Condition, Node
from tests.language.javascript import CONDITION, JavaScript, as_json
from tests.language.oracle import ZONES, context_in, is_live, results, some_roots
from tests.language.trees import EVERYTHING, VALUE_KINDS, tree
from tests.language.world import ENTITIES, World

GROUPS = 5
"""Into how many groups with different surroundings the records are divided."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A tree whose values differ, and where."""

    node: Node
    row: Any
    python: Any
    javascript: Any
    folded: bool


def some_trees(seed: int, number: int, depth: int = 4) -> list[Node]:
    """Return trees of all kinds in turn."""
    source = random.Random(seed)
    return [
        tree(source, VALUE_KINDS[index % len(VALUE_KINDS)], depth, EVERYTHING)
        for index in range(number)
    ]


def know(evaluator: JavaScript, world: World) -> None:
    """Give the evaluator the live records of a world."""
    evaluator.know({name: [*filter(is_live, world.all(name))] for name in ENTITIES})


def differences(evaluator: JavaScript, world: World, nodes: Sequence[Node]) -> Iterator[Difference]:
    """Yield where the browser finds something else than Python.

    Programs are compared both as they are, on the day and in the zone of the context that they
    are given, and with everything worked out that depends on no record.
    """
    for group in range(GROUPS):
        roots = some_roots(world, group)
        rows = world.all("deal")[group::GROUPS]
        plain = context_in(world, anybody=group != 1, roots=roots)
        zone = ZONES[group % len(ZONES)]
        folded = context_in(world, zone, anybody=group != 1, roots=roots)
        yield from _differ(evaluator, nodes, rows, plain, fold=False)
        yield from _differ(evaluator, nodes, rows, folded, fold=True)


def _differ(
    evaluator: JavaScript,
    nodes: Sequence[Node],
    rows: Sequence[Any],
    context: Context,
    *,
    fold: bool,
) -> Iterator[Difference]:
    programs = [(_kind(node), to_javascript(node, context if fold else None)) for node in nodes]
    surroundings = {
        "given": {} if fold else as_json(context.given),
        "roots": {name: as_json(row) for name, row in context.roots.items()},
    }
    cases = [{"row": as_json(row), **surroundings} for row in rows]
    found = evaluator.values(programs, cases)
    for node, values in zip(nodes, found, strict=True):
        expected = [written(value) for value in results(node, rows, context)]
        for row, python, javascript in zip(rows, expected, values, strict=True):
            if python != javascript or type(python) is not type(javascript):
                yield Difference(node, row, python, javascript, fold)


def _kind(node: Node) -> str:
    return CONDITION if isinstance(node, Condition) else node.kind.value
