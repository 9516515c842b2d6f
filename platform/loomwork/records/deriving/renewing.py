"""What is worked out after the write: what was left to a job, totals of the hour and the day."""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from loomwork.records.deriving.building import build_derived, chosen, renew, worker
from loomwork.records.deriving.finding import Finder
from loomwork.records.deriving.plan import Kept, Place, plan_of
from loomwork.records.deriving.settling import pages_of
from loomwork.store.clock import database_time
from loomwork.store.schema.derived import computed_at, note_computed, settle_stale, waiting

if TYPE_CHECKING:
    from loomwork.records.runtime import Runtime
    from loomwork.store.transaction import Transaction

NOTES = 50
"""Notes of what waits that are read at once."""
HOURLY = "hourly"


def catch_up(runtime: "Runtime") -> int:
    """Work out everything that was left to a job; return how many values were others by then."""
    moved = 0
    while True:
        with runtime.store.database.reader.connect() as connection:
            found = waiting(connection, NOTES)
        if not found:
            return moved
        for (entity, field, source), notes in found.items():
            one = plan_of(runtime).kept.get((entity, field))
            if one is not None:
                moved += _catch_up(runtime, one, source, sorted({record for _, record in notes}))
            done = [note for note, _ in notes]
            runtime.store.run(partial(_forget, done))


def _catch_up(runtime: "Runtime", one: Kept, source: str, records: Sequence[UUID]) -> int:
    moved = 0
    for page in _pages(runtime, one, source, records):
        moved += runtime.store.run(partial(_renew_page, runtime, one, page))
    return moved


def _renew_page(
    runtime: "Runtime", one: Kept, page: Sequence[UUID], transaction: "Transaction"
) -> int:
    return renew(transaction, worker(runtime, transaction), one, page, carry=True)


def _forget(notes: Sequence[UUID], transaction: "Transaction") -> None:
    settle_stale(transaction.connection, notes)


def _pages(
    runtime: "Runtime", one: Kept, source: str, records: Sequence[UUID]
) -> Iterator[list[UUID]]:
    with runtime.store.database.reader.connect() as connection:
        yield from pages_of(Finder(runtime, connection), one, source, records)


def renew_due(runtime: "Runtime") -> dict[Place, int]:
    """Work out all totals whose hour or day is over; return how many values were others."""
    with runtime.store.database.reader.connect() as connection:
        computed, now = computed_at(connection), database_time(connection)
    found: dict[Place, int] = {}
    for one in chosen(runtime):
        if one.live or not _is_due(one, computed.get(one.place), now, runtime.zone):
            continue
        found[one.place] = build_derived(runtime, *one.place)
        runtime.store.run(partial(_note_computed, one.place, now))
    return found


def _is_due(one: Kept, computed: datetime | None, now: datetime, zone: tzinfo) -> bool:
    if computed is None:
        return True
    unit = "%Y-%m-%d %H" if one.refresh == HOURLY else "%Y-%m-%d"
    return computed.astimezone(zone).strftime(unit) != now.astimezone(zone).strftime(unit)


def _note_computed(place: Place, at: datetime, transaction: "Transaction") -> None:
    note_computed(transaction.connection, place, at)
