"""Counters, from which records get their numbers: never one twice, whoever asks."""

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import Column, Table

from loomwork.store.system import SYSTEM
from loomwork.store.types import integer, text

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

COUNTER = Table(
    "lw_counter",
    SYSTEM,
    Column("name", text(120), primary_key=True),
    Column("period", text(20), primary_key=True),
    Column("value", integer(), nullable=False),
)
"""The last number that was taken, by counter and period. The counter of a field has the name of its
column, which stays whatever the field is called."""

ON_CONFLICT = (
    "INSERT INTO lw_counter (name, period, value) VALUES (:name, :period, :first)"
    " ON CONFLICT (name, period) DO UPDATE SET value ="
    " CASE WHEN lw_counter.value < :least THEN :first ELSE lw_counter.value + :count END"
    " RETURNING value"
)
ON_DUPLICATE = (
    "INSERT INTO lw_counter (name, period, value) VALUES (:name, :period, :first)"
    " ON DUPLICATE KEY UPDATE value ="
    " CASE WHEN value < :least THEN :first ELSE value + :count END"
    " RETURNING value"
)


def take_numbers(
    connection: "Connection", name: str, period: str, *, start: int, count: int = 1
) -> int:
    """Return the first of ``count`` numbers that follow each other and are nobody else's.

    No number is below ``start``. Whoever takes more of them from the same counter waits until the
    connection's transaction ends.
    """
    least = start - 1
    values = {"name": name, "period": period, "least": least, "count": count}
    statement = ON_DUPLICATE if connection.dialect.name in ("mariadb", "mysql") else ON_CONFLICT
    taken = connection.execute(sa.text(statement), {**values, "first": least + count})
    return int(taken.scalar_one()) - count + 1


def reach_number(connection: "Connection", name: str, period: str, number: int) -> None:
    """See to it that ``number``, which was used without being taken, is not given again."""
    take_numbers(connection, name, period, start=number + 1, count=0)


def give_back(connection: "Connection", name: str, period: str, last: int, unused: int) -> None:
    """Give back the ``unused`` ones before and with ``last``, unless somebody took more since."""
    connection.execute(
        sa.update(COUNTER)
        .where(COUNTER.c.name == name, COUNTER.c.period == period, COUNTER.c.value == last)
        .values(value=last - unused)
    )
