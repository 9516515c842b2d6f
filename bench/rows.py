"""Rows of the measured table, the same for the product and for the hand-written endpoint."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any, TypeAlias
from uuid import UUID

from loomwork.store.identifiers import new_id

Row: TypeAlias = dict[str, Any]

SEED = 7
CHUNK = 2_000
STATUSES = ("prospect", "customer", "former")
INDUSTRIES = ("machinery", "chemicals", "food", "logistics", "software")
CITIES = ("Shanghai", "Hamburg", "Lyon", "Graz", "Osaka", "Leeds", "苏州", "成都")
DAY = date(2020, 1, 1)
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def rows(count: int, owners: Sequence[UUID], *, start: int = 0) -> Iterator[Row]:
    """Yield rows that belong to ``owners`` in turn; every third has a parent of the same owner."""
    source = random.Random(SEED + start)
    last: dict[UUID, UUID] = {}
    for number in range(start, start + count):
        owner = owners[number % len(owners)]
        row = _row(source, number, owner, last.get(owner) if source.random() < 0.33 else None)
        last[owner] = row["id"]
        yield row


def chunks(many: Iterator[Row]) -> Iterator[list[Row]]:
    """Yield the rows in lists that fit one statement."""
    while part := list(islice(many, CHUNK)):
        yield part


def _row(source: random.Random, number: int, owner: UUID, parent: UUID | None) -> Row:
    made = MOMENT + timedelta(seconds=number)
    return {
        "id": new_id(),
        "name": f"Account {number} {source.choice(CITIES)} GmbH",
        "number": f"A{number:08d}",
        "status": source.choice(STATUSES),
        "industry": source.choice(INDUSTRIES),
        "website": f"https://account-{number}.example.com/about",
        "phone": f"+49 40 {source.randrange(10**7):07d}",
        "email": f"office@account-{number}.example.com",
        "city": source.choice(CITIES),
        "employees": source.randrange(5_000),
        "annual_revenue": Decimal(source.randrange(10**9)) / 100,
        "customer_since": DAY + timedelta(days=source.randrange(2_000)),
        "last_contact": MOMENT + timedelta(minutes=source.randrange(200_000)),
        "active": source.random() < 0.9,
        "parent": parent,
        "notes": "Met at the fair; wants an offer. " * source.randrange(1, 8),
        "owner": owner,
        "team": None,
        "created_at": made,
        "created_by": owner,
        "updated_at": made,
        "updated_by": owner,
        "version": 1,
        "deleted_at": None,
    }
