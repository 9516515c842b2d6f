"""What is measured: the same work as requests to the product and to the hand-written endpoint."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlencode
from uuid import UUID

import orjson

from bench.load import Request

READS, WRITES = 0.7, 1.2
LIMIT = 20
DIFFERENT = 100
"""How many different filters the lists ask for, as saved views and habits do."""
NUMBERS = count(1)

Make = Callable[[random.Random, UUID], Request]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One kind of request. ``goal`` is the largest ratio to the hand-written endpoint, if any."""

    name: str
    product: Make
    ceiling: Make
    goal: float | None = None


def requests(make: Make, ids: Sequence[UUID], number: int, seed: int) -> list[Request]:
    """Return requests for records picked at random."""
    source = random.Random(seed)
    return [make(source, source.choice(ids)) for _ in range(number)]


def _revenue(source: random.Random) -> int:
    return source.randrange(DIFFERENT) * 1_000


def _new_revenue(source: random.Random) -> int:
    return source.randrange(1_000_000)


def _product_list(revenue: Callable[[random.Random], int]) -> Make:
    def make(source: random.Random, _: UUID) -> Request:
        parameters = {
            "filter": f'status == "customer" and annual_revenue > {revenue(source)}',
            "sort": "-annual_revenue",
            "limit": LIMIT,
        }
        return Request("GET", f"/api/v1/records/account?{urlencode(parameters)}")

    return make


def _ceiling_list(revenue: Callable[[random.Random], int]) -> Make:
    def make(source: random.Random, _: UUID) -> Request:
        parameters = {
            "status": "customer",
            "min_revenue": revenue(source),
            "sort": "-annual_revenue",
            "limit": LIMIT,
        }
        return Request("GET", f"/accounts?{urlencode(parameters)}")

    return make


def _new(path: str) -> Make:
    def make(source: random.Random, parent: UUID) -> Request:
        number = next(NUMBERS)
        body = {
            "name": f"New account {number}",
            "number": f"N{number:08d}",
            "status": "prospect",
            "industry": "software",
            "website": f"https://new-{number}.example.com",
            "phone": "+49 40 1234567",
            "city": "Hamburg",
            "employees": source.randrange(5_000),
            "annual_revenue": f"{source.randrange(10**6)}.50",
            "customer_since": "2026-01-31",
            "last_contact": "2026-01-31T09:30:00+00:00",
            "parent": str(parent),
            "notes": "Asked for an offer.",
        }
        return Request("POST", path, orjson.dumps(body), 201)

    return make


def _change(path: str) -> Make:
    def make(source: random.Random, id_: UUID) -> Request:
        body = {
            "phone": f"+49 40 {source.randrange(10**7):07d}",
            "employees": source.randrange(10**6),
            "annual_revenue": f"{source.randrange(10**6)}.25",
        }
        return Request("PATCH", f"{path}/{id_}", orjson.dumps(body))

    return make


PRODUCT, CEILING = "/api/v1/records/account", "/accounts"
ALL = (
    Work(
        name="read one",
        product=lambda _, id_: Request("GET", f"{PRODUCT}/{id_}"),
        ceiling=lambda _, id_: Request("GET", f"{CEILING}/{id_}"),
        goal=READS,
    ),
    Work(
        name="list 20",
        product=_product_list(_revenue),
        ceiling=_ceiling_list(_revenue),
        goal=READS,
    ),
    Work(
        name="list 20, new filter",
        product=_product_list(_new_revenue),
        ceiling=_ceiling_list(_new_revenue),
    ),
    Work(name="create", product=_new(PRODUCT), ceiling=_new(CEILING), goal=WRITES),
    Work(name="update", product=_change(PRODUCT), ceiling=_change(CEILING), goal=WRITES),
)
