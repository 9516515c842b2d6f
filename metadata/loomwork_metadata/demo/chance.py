"""Seeded chance: independent streams, and the distributions that business data follows."""

import math
import random
from collections.abc import Mapping
from typing import TypeAlias, TypeVar

Source: TypeAlias = random.Random

T = TypeVar("T")


def stream(seed: int, part: str) -> Source:
    """Return a source of chance of its own, so that a change of one part leaves the others."""
    return random.Random(f"{seed}:{part}")  # noqa: S311 -- made-up data needs no secrecy


def log_normal(source: Source, median: float, sigma: float) -> float:
    """Return a positive number around ``median`` with a long tail to the right."""
    return median * math.exp(sigma * source.gauss(0, 1))


def pick(source: Source, weights: Mapping[T, float]) -> T:
    """Return one of the keys, each as often as its weight says."""
    return source.choices(list(weights), weights=list(weights.values()))[0]


def sometimes(source: Source, share: float, value: T) -> T | None:
    """Return ``value`` in ``share`` of the cases, otherwise None."""
    return value if source.random() < share else None


def rounded(amount: float) -> float:
    """Return the amount as people quote it: about three digits, the rest zeros."""
    if amount < 1:
        return round(amount, 2)
    step: float = 10 ** max(0, math.floor(math.log10(amount)) - 2)
    return round(amount / step) * step


def money(amount: float) -> str:
    """Return the amount in the JSON form of a decimal with two places."""
    return f"{amount:.2f}"
