"""The outbox: events written with the records, and numbered once they are committed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, Table
from sqlalchemy.engine import Connection

from loomwork.store.clock import database_time
from loomwork.store.system import ASCII, BODY, SYSTEM
from loomwork.store.transaction import Transaction
from loomwork.store.types import SQLITE, integer, moment, text, uuid

if TYPE_CHECKING:
    from uuid import UUID

    from loomwork.store.store import Store

OUTBOX = Table(
    "lw_outbox",
    SYSTEM,
    Column("month", Integer, nullable=False),
    Column("id", uuid(), nullable=False),
    Column("number", integer()),
    Column("entity", text(48), nullable=False),
    Column("record", uuid(), nullable=False),
    Column("event", ASCII, nullable=False),
    Column("changed", BODY),
    Column("actor", uuid()),
    Column("source", text(120)),
    Column("request", text(64)),
    Column("at", moment(), nullable=False),
    PrimaryKeyConstraint("month", "id"),
    Index("lw_outbox_number", "number"),
)
"""One row for each record that a transaction has written.

``number`` is the row's place in the feed, missing until the row is numbered. ``changed`` is JSON,
see `loomwork.records.following.announcing`; ``month`` (202611) is what rows are expired by.
"""

WRITTEN = {SQLITE: "rowid"}
"""What counts rows as they are written: a column of its own, where the engine has no such count.

Of one record, it follows the order of the commits: who writes a record waits for who has done so.
Ids do not, where the clocks of two machines disagree.
"""

FEED = Table(
    "lw_feed",
    SYSTEM,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("numbered", integer(), nullable=False),
    Column("expired", integer(), nullable=False),
)
"""One row: the highest number given, and the highest of those that have expired."""

AT_ONCE = 500
"""How many rows one transaction numbers or removes, so that it stays short."""


@dataclass(frozen=True, slots=True)
class Feed:
    """How far the feed reaches: numbers above ``expired``, up to ``numbered``."""

    numbered: int
    expired: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxFigures:
    """How the outbox stands: rows without a number, and the age of the oldest in seconds."""

    unnumbered: int
    oldest: float


def month_of(at: datetime) -> int:
    """Return the month of a moment as a number such as 202611."""
    return at.year * 100 + at.month


def read_feed(connection: Connection) -> Feed:
    """Return how far the feed reaches now."""
    numbered, expired = connection.execute(
        sa.select(FEED.c.numbered, FEED.c.expired).where(FEED.c.id == 1)
    ).one()
    return Feed(numbered, expired)


def has_unnumbered(connection: Connection) -> bool:
    """Tell whether there are committed rows without a number."""
    statement = sa.select(OUTBOX.c.id).where(OUTBOX.c.number.is_(None)).limit(1)
    return connection.execute(statement).first() is not None


def number_some(transaction: Transaction) -> int:
    """Number the oldest rows that are committed and have no number; return how many there were.

    The lock on the feed's row makes such transactions follow each other. So whoever sees a number
    sees all that are lower, and what commits later gets a higher one.
    """
    connection = transaction.connection
    numbered = connection.execute(
        sa.select(FEED.c.numbered).where(FEED.c.id == 1).with_for_update()
    ).scalar_one()
    waiting = (
        sa.select(OUTBOX.c.month, OUTBOX.c.id)
        .where(OUTBOX.c.number.is_(None))
        .order_by(sa.literal_column(WRITTEN.get(transaction.engine, "written")))
        .limit(AT_ONCE)
    )
    rows = connection.execute(waiting).all()
    if not rows:
        return 0
    connection.execute(
        sa.update(OUTBOX)
        .where(
            OUTBOX.c.month == sa.bindparam("in_month", type_=OUTBOX.c.month.type),
            OUTBOX.c.id == sa.bindparam("of_id", type_=OUTBOX.c.id.type),
        )
        .values(number=sa.bindparam("given", type_=OUTBOX.c.number.type)),
        [
            {"in_month": month, "of_id": id_, "given": number}
            for number, (month, id_) in enumerate(rows, numbered + 1)
        ],
    )
    connection.execute(sa.update(FEED).where(FEED.c.id == 1).values(numbered=numbered + len(rows)))
    return len(rows)


def number_committed(store: "Store") -> int:
    """Give every event that is committed by now its place in the feed; return how many."""
    with store.database.reader.connect() as connection:
        if not has_unnumbered(connection):
            return 0
    total = 0
    while True:
        count = store.run(number_some)
        total += count
        if count < AT_ONCE:
            return total


def read_events(
    connection: Connection, after: int, entities: Sequence[str], limit: int
) -> Sequence[sa.Row[Any]]:
    """Return numbered rows of ``entities`` that follow the number ``after``."""
    statement = (
        sa.select(OUTBOX)
        .where(OUTBOX.c.number > after, OUTBOX.c.entity.in_(entities))
        .order_by(OUTBOX.c.number)
        .limit(limit)
    )
    return connection.execute(statement).all()


def last_before(transaction: Transaction, month: int) -> int:
    """Note the highest number of the months before ``month`` as expired, and return it."""
    connection = transaction.connection
    found = connection.execute(
        sa.select(sa.func.max(OUTBOX.c.number)).where(OUTBOX.c.month < month)
    ).scalar_one()
    if found is None:
        return 0
    row = sa.update(FEED).where(FEED.c.id == 1, FEED.c.expired < found)
    connection.execute(row.values(expired=found))
    return int(found)


def remove_expired(transaction: Transaction, last: int) -> int:
    """Remove some rows up to the number ``last``; return how many there were."""
    connection = transaction.connection
    first = connection.execute(
        sa.select(sa.func.min(OUTBOX.c.number)).where(OUTBOX.c.number <= last)
    ).scalar_one()
    if first is None:
        return 0
    end = min(last, first + AT_ONCE - 1)
    return int(connection.execute(sa.delete(OUTBOX).where(OUTBOX.c.number <= end)).rowcount)


def forget_values(connection: Connection, entity: str, ids: "Sequence[UUID]") -> None:
    """Remove from the events of records what changed in them; that something did, stays."""
    theirs = (OUTBOX.c.entity == entity, OUTBOX.c.record.in_(ids))
    connection.execute(sa.update(OUTBOX).where(*theirs).values(changed=None))


def outbox_figures(connection: Connection) -> OutboxFigures:
    """Return how the outbox stands, for those who watch over the site."""
    count, oldest = connection.execute(
        sa.select(sa.func.count(OUTBOX.c.id), sa.func.min(OUTBOX.c.at)).where(
            OUTBOX.c.number.is_(None)
        )
    ).one()
    if oldest is None:
        return OutboxFigures(unnumbered=0, oldest=0.0)
    age = max(0.0, (database_time(connection) - oldest).total_seconds())
    return OutboxFigures(unnumbered=int(count), oldest=age)
