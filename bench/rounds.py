"""Rounds: the product and the reference in turn, so that a busy machine slows both alike."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from uuid import UUID

from bench.load import Client
from bench.processes import Server
from bench.work import Make, Work, requests


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two servers, with the ids that requests may name."""

    server: Server
    client: Client
    ids: Sequence[UUID]

    def measure(self, make: Make, number: int, seed: int) -> float:
        """Return the CPU milliseconds per request."""
        batch = requests(make, self.ids, number, seed)
        before = self.server.cpu()
        self.client.send(batch)
        return (self.server.cpu() - before) / number * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """CPU milliseconds per request of one kind of work, one value per round and side."""

    name: str
    goal: float | None
    product: tuple[float, ...]
    ceiling: tuple[float, ...]

    @property
    def ratios(self) -> tuple[float, ...]:
        """Return the ratio of each round."""
        pairs = zip(self.product, self.ceiling, strict=True)
        return tuple(ours / theirs for ours, theirs in pairs)

    @property
    def ratio(self) -> float:
        """Return the median of the rounds' ratios."""
        return median(self.ratios)


def measure(
    works: Sequence[Work],
    product: Side,
    ceiling: Side,
    *,
    rounds: int,
    number: int,
    told: Callable[[str], None],
) -> list[Outcome]:
    """Return the outcome of each work; ``number`` requests go to each side in each round."""
    found: dict[str, tuple[list[float], list[float]]] = {work.name: ([], []) for work in works}
    for work in works:
        product.measure(work.product, number // 3, 0)
        ceiling.measure(work.ceiling, number // 3, 0)
    for turn in range(rounds):
        told(f"round {turn + 1} of {rounds}")
        for work in works:
            ours, theirs = found[work.name]
            seed = random.Random(f"{work.name} {turn}").randrange(2**32)
            if turn % 2:
                theirs.append(ceiling.measure(work.ceiling, number, seed))
            ours.append(product.measure(work.product, number, seed))
            if not turn % 2:
                theirs.append(ceiling.measure(work.ceiling, number, seed))
    return [
        Outcome(
            name=work.name,
            goal=work.goal,
            product=tuple(found[work.name][0]),
            ceiling=tuple(found[work.name][1]),
        )
        for work in works
    ]
