"""Deals: how they come about, grow and end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from loomwork_metadata.demo.accounts import Customer
from loomwork_metadata.demo.chance import Source, log_normal, pick, rounded, stream
from loomwork_metadata.demo.companies import CNY_PER_UNIT
from loomwork_metadata.demo.industries import INDUSTRIES
from loomwork_metadata.demo.timeline import working_day, year_before

WIN_RATE = 0.3
TYPICAL_CYCLE = 75
"""Days from the first talk to the signature, at the median."""

# The share of its cycle that a deal has behind it when it leaves each stage.
OPEN_STAGES = {"new": 0.18, "qualified": 0.42, "proposal": 0.75, "negotiation": 1.0}
CHANCES = {"new": 10, "qualified": 25, "proposal": 50, "negotiation": 75, "won": 100, "lost": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """One deal. ``close`` is the day it was decided, or the day on which it is expected to be."""

    customer: Customer
    opened: date
    close: date
    stage: str
    chance: int
    amount: float

    @property
    def open(self) -> bool:
        """Tell whether the deal is still undecided."""
        return self.stage in OPEN_STAGES


def deals(seed: int, today: date, customers: Sequence[Customer], count: int) -> tuple[Deal, ...]:
    """Return the deals of twelve months, oldest first."""
    source = stream(seed, "deals")
    first, last = year_before(today)
    weights = [customer.appetite for customer in customers]
    found: list[Deal] = []
    for _ in range(count):
        opened = working_day(source, first, last)
        customer = _buyer(source, customers, weights, opened)
        found.append(_deal(source, today, customer, max(opened, customer.created)))
    return tuple(sorted(found, key=lambda deal: (deal.opened, deal.customer.key)))


def _buyer(
    source: Source, customers: Sequence[Customer], weights: Sequence[float], day: date
) -> Customer:
    for _ in range(20):
        customer = source.choices(customers, weights=weights)[0]
        if customer.created <= day:
            return customer
    return customers[0]


def _deal(source: Source, today: date, customer: Customer, opened: date) -> Deal:
    industry = INDUSTRIES[customer.company.industry]
    size = (customer.company.employees / industry.head_count) ** 0.3
    value = log_normal(source, industry.deal, industry.spread) * size
    # Large deals take longer.
    cycle = log_normal(source, TYPICAL_CYCLE, 0.5) * max(0.6, (value / 250_000) ** 0.12)
    close = opened + timedelta(days=max(3, round(cycle)))
    stage = _stage(source, (today - opened).days / cycle)
    if stage in OPEN_STAGES and source.random() < 0.15:
        close += timedelta(days=source.randint(-45, 60))
    if stage not in OPEN_STAGES:
        close = min(close, today)
    return Deal(
        customer=customer,
        opened=opened,
        close=max(close, opened + timedelta(days=1)),
        stage=stage,
        chance=_chance(source, stage),
        amount=rounded(value / CNY_PER_UNIT[customer.company.currency]),
    )


def _stage(source: Source, progress: float) -> str:
    if progress > 1:
        return pick(source, {"won": WIN_RATE, "lost": 1 - WIN_RATE})
    return next(stage for stage, end in OPEN_STAGES.items() if progress <= end)


def _chance(source: Source, stage: str) -> int:
    if stage not in OPEN_STAGES:
        return CHANCES[stage]
    return min(95, max(5, CHANCES[stage] + 5 * source.choice((-2, -1, 0, 0, 0, 0, 1, 2))))


def first_wins(sequence: Sequence[Deal]) -> dict[str, date]:
    """Return the day of the first won deal by the account's key."""
    wins: dict[str, date] = {}
    for deal in sequence:
        if deal.stage == "won":
            key = deal.customer.key
            wins[key] = min(wins.get(key, deal.close), deal.close)
    return wins
