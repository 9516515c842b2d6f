"""Holds what the databases find against Python: every tree on every record of the test world.

``python -m tests.language.agree --trees 50000`` compares and prints how much it compared;
``--from`` continues where another run has ended.
"""

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from sqlalchemy import make_url, text

from loomwork.expressions import to_text
from loomwork.expressions.context import Context
from loomwork.expressions.tree import Node
from loomwork.model.kinds import Kind
from tests.language.engines import WorldOnEngine, world_on
from tests.language.oracle import ZONES, context_in, results
from tests.language.trees import VALUE_KINDS, Options, tree
from tests.language.world import World, make_world
from tests.services import MARIADB, POSTGRESQL, Service, administer

ENTITIES = ("deal", "deal", "deal", "account", "line", "user", "region")
DEPTHS = (2, 3, 4, 4, 5)
MOST = 10
"""Differences that are worth looking at before the next run."""
SERVERS = {"postgresql": POSTGRESQL, "mariadb": MARIADB}
ENGINES = ("sqlite", *SERVERS)


@dataclass
class Outcome:
    """What was compared, and what differed, each in one line."""

    compared: int = 0
    differences: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Case:
    """A tree, the entity that it is about, and in which context."""

    number: int
    entity: str
    kind: Kind
    node: Node
    context: Context


def case(world: World, number: int) -> Case:
    """Return the case of that number, always the same one."""
    source = random.Random(number)
    entity = source.choice(ENTITIES)
    kind = source.choice((*VALUE_KINDS, Kind.BOOLEAN, Kind.NUMBER))
    anybody = source.random() < 0.8
    context = context_in(world, source.choice(ZONES), anybody=anybody)
    node = tree(source, kind, source.choice(DEPTHS), Options(entity=entity, totals=True))
    return Case(number, entity, kind, node, context)


def agree(worlds: Sequence[WorldOnEngine], world: World, numbers: Iterator[int]) -> Outcome:
    """Return what the cases of these numbers come to, until too many differ."""
    outcome = Outcome()
    for number in numbers:
        one = case(world, number)
        rows = world.all(one.entity)
        expected = results(one.node, rows, one.context)
        found = dict(zip((row["id"] for row in rows), expected, strict=True))
        for engine in worlds:
            _compare(outcome, engine, one, found)
        if len(outcome.differences) >= MOST:
            break
    return outcome


def _compare(outcome: Outcome, engine: WorldOnEngine, one: Case, expected: dict[Any, Any]) -> None:
    values = engine.values(one.node, one.entity, one.context)
    wrong = [
        (values[id_], value) for id_, value in expected.items() if not _same(value, values[id_])
    ]
    outcome.compared += len(expected)
    if one.kind is Kind.BOOLEAN:
        matches = engine.matches(one.node, one.entity, one.context)
        wrong += [
            (id_ in matches, value)
            for id_, value in expected.items()
            if (id_ in matches) is not (value is True)
        ]
        outcome.compared += len(expected)
    if wrong:
        source = to_text(one.node)
        outcome.differences.append(
            f"{one.number} {engine.engine} {one.entity}: {source}: {len(wrong)} times, {wrong[0]}"
        )


def _same(expected: Any, found: Any) -> bool:
    return expected == found and isinstance(expected, bool) is isinstance(found, bool)


@contextmanager
def fresh(engine: str) -> Iterator[str]:
    """Give the URL of an empty database of our own, which is dropped afterwards."""
    if engine == "sqlite":
        yield "sqlite://"
        return
    service: Service = SERVERS[engine]
    name = f"loomwork_test_{uuid4().hex[:12]}"
    url = make_url(service.url()).set(database=name)
    admin = administer(service.url())
    options = "CHARACTER SET utf8mb4" if engine == "mariadb" else "TEMPLATE template0"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} {options}"))
    yield url.render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name}"))


def main(arguments: Sequence[str]) -> int:
    """Compare as many trees as asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trees", type=int, default=1_000)
    parser.add_argument("--from", type=int, default=0, dest="first")
    parser.add_argument("--engines", nargs="+", default=ENGINES, choices=ENGINES)
    options = parser.parse_args(arguments)
    world = make_world()
    with ExitStack() as stack:
        urls = [stack.enter_context(fresh(name)) for name in options.engines]
        worlds = [stack.enter_context(world_on(url, world)) for url in urls]
        numbers = iter(range(options.first, options.first + options.trees))
        outcome = agree(worlds, world, numbers)
    for difference in outcome.differences:
        print(difference)  # noqa: T201 -- a report for people
    print(f"{outcome.compared:,} compared, {len(outcome.differences)} differ")  # noqa: T201
    return 1 if outcome.differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
