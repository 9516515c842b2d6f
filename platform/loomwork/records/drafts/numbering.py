"""Numbers of records: taken from the counters of their entity's sequences."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from loomwork.errors import N_, ConflictError
from loomwork.model.actor import system
from loomwork.model.types.sequence import SequenceType
from loomwork.records.context import later
from loomwork.store.engine import translated
from loomwork.store.numbers import give_back, reach_number, take_numbers
from loomwork.store.reading.whole_rows import lock_rows
from loomwork.store.types import SQLITE

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from loomwork.model.entity import Entity
    from loomwork.records.runtime import Runtime
    from loomwork.records.writing import Writer
    from loomwork.store.schema.tables import EntityTable
    from loomwork.store.transaction import Transaction

FILLER = system("numbers")
AT_ONCE = 200
"""Records that are numbered in one transaction."""
STAYS = N_("“{field}” has no gaps: a record with such a number cannot be removed for good.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """A field that numbers records, and the name of its counter."""

    name: str
    counter: str
    type: SequenceType


@dataclass(slots=True)
class Block:
    """Numbers that were taken and not all given out: from ``next`` to ``last``."""

    first: int
    next: int
    last: int


def numbered_fields(runtime: "Runtime", entity: "Entity") -> tuple[Numbered, ...]:
    """Return the sequences of an entity, in the order in which their counters are locked."""

    def make() -> tuple[Numbered, ...]:
        return tuple(
            Numbered(name=member.name, counter=_counter(table, member.name), type=member.type)
            for member in entity.fields.values()
            if isinstance(member.type, SequenceType)
        )

    table = runtime.tables[entity.name]
    return runtime.made.get(("numbered", entity.name), make)


def _counter(table: "EntityTable", field: str) -> str:
    return f"{table.entity.name}.{table.columns[field].name}"


@dataclass(slots=True, kw_only=True)
class Numbering:
    """Gives numbers to the new records of one entity, within one transaction."""

    runtime: "Runtime"
    transaction: "Transaction"
    entity: "Entity"
    expected: int = 1
    _blocks: dict[tuple[str, str], Block] = field(default_factory=dict)

    @property
    def fields(self) -> tuple[Numbered, ...]:
        """Return the fields that get numbers."""
        return numbered_fields(self.runtime, self.entity)

    def number(self, values: dict[str, Any]) -> None:
        """Give a new record its numbers, but for those without gaps.

        They are taken at once, so that nobody waits for this transaction; if it fails, they are
        lost. A number that a part of the platform brings along is not given again.
        """
        for one in self.fields:
            if not one.type.gapless:
                self._number(one, values)

    def _number(self, one: Numbered, values: dict[str, Any]) -> None:
        day = day_of(self.runtime, values)
        if values.get(one.name) is not None:
            with self._apart() as connection:
                _reach(connection, one, values[one.name], day)
            return
        place = (one.name, one.type.period(day))
        block = self._blocks.get(place)
        if block is None or block.next > block.last:
            count = max(self.expected, 1)
            with self._apart() as connection:
                first = _take(connection, one, place[1], count)
            block = self._blocks[place] = Block(first, first, first + count - 1)
        values[one.name] = one.type.write(block.next, day)
        block.next += 1
        self.expected -= 1

    def end(self, *, kept: bool) -> None:
        """Give back what was taken for records that did not come, unless others took more since.

        Without ``kept`` none of the records stays, and all of it goes back.
        """
        for one in self.fields:
            for (name, period), block in self._blocks.items():
                unused = block.last - (block.next if kept else block.first) + 1
                if name == one.name and unused:
                    with self._apart() as connection:
                        give_back(connection, one.counter, period, block.last, unused)
        self._blocks = {}

    def number_gapless(self, rows: Sequence[dict[str, Any]]) -> frozenset[str]:
        """Give new records that are about to be inserted their numbers without gaps.

        From now until the end of the transaction others wait who do the same. Returns the fields.
        """
        fields = [one for one in self.fields if one.type.gapless]
        connection = self.transaction.connection
        for one in sorted(fields, key=lambda one: one.counter):
            brought = [row for row in rows if row.get(one.name) is not None]
            for row in brought:
                _reach(connection, one, row[one.name], day_of(self.runtime, row))
            bare = [row for row in rows if row.get(one.name) is None]
            number_rows(self.runtime, connection, one, bare)
        return frozenset(one.name for one in fields)

    def require_removable(self) -> None:
        """Refuse to remove a record for good whose number would then be missing."""
        for one in self.fields:
            if one.type.gapless:
                raise ConflictError(STAYS, field=self.entity.fields[one.name].label)

    @contextmanager
    def _apart(self) -> Iterator["Connection"]:
        """Give a connection whose statements hold for themselves, where the engine has one."""
        if self.transaction.engine == SQLITE:
            yield self.transaction.connection
            return
        with translated(), self.runtime.store.database.reader.connect() as connection:
            yield connection


def number_rows(
    runtime: "Runtime", connection: "Connection", one: Numbered, rows: Sequence[dict[str, Any]]
) -> None:
    """Give rows their numbers in their order, with one statement for each period."""
    by_period: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_period.setdefault(one.type.period(day_of(runtime, row)), []).append(row)
    for period in sorted(by_period):
        first = _take(connection, one, period, len(by_period[period]))
        for number, row in enumerate(by_period[period], first):
            row[one.name] = one.type.write(number, day_of(runtime, row))


def _take(connection: "Connection", one: Numbered, period: str, count: int) -> int:
    return take_numbers(connection, one.counter, period, start=one.type.start, count=count)


def _reach(connection: "Connection", one: Numbered, text: str, day: date) -> None:
    found = one.type.read(text, day)
    if found is not None:
        reach_number(connection, one.counter, *found)


def day_of(runtime: "Runtime", values: Mapping[str, Any]) -> date:
    """Return the day, at the site, on which a record came into being."""
    day: date = values["created_at"].astimezone(runtime.zone).date()
    return day


def fill_numbers(writer: "Writer", name: str) -> int:
    """Number the oldest records that have no number in the field ``name``; return how many.

    Those in the recycle bin are among them. There are more where it returns `AT_ONCE`.
    """
    table, transaction = writer.table, writer.transaction
    one = next(one for one in numbered_fields(writer.runtime, writer.entity) if one.name == name)
    column = table.columns[name]
    oldest = (
        sa.select(table.columns["id"])
        .where(column.is_(None))
        .order_by(table.columns["created_at"], table.columns["id"])
        .limit(AT_ONCE)
    )
    ids = list(transaction.connection.scalars(oldest))
    found = lock_rows(transaction, table, table.columns["id"].in_(ids) & column.is_(None))
    found.sort(key=lambda row: (row["created_at"], row["id"]))
    numbered = [dict(row) for row in found]
    number_rows(writer.runtime, transaction.connection, one, numbered)
    for before, after in zip(found, numbered, strict=True):
        stamp = {
            "updated_at": later(before["updated_at"]),
            "updated_by": None,
            "version": before["version"] + 1,
        }
        transaction.update(table, before["id"], {name: after[name], **stamp})
        writer.unit.touched(writer.entity, before, {**after, **stamp}, writer.acting)
    return len(found)
