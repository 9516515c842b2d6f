"""A publish as the database knows it: its fence token, its steps, and how far they are."""

import json
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from loomwork.errors import N_, ConflictError
from loomwork.publishing.plan import PlannedStep
from loomwork.store.engine import Database, translated
from loomwork.store.lock import Lock
from loomwork.store.schema.journal import FENCE, PUBLISH, STEP
from loomwork.store.types import SQLITE

NAME: Final = "publish"
PREPARING, SWITCHED, DONE, ABANDONED = "preparing", "switched", "done", "abandoned"
WAITING, RUNNING, FINISHED = "waiting", "running", "done"
OVERTAKEN = N_("Another publish has begun meanwhile; this one has been stopped.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A publish that has not come to its end."""

    id: int
    state: str
    base: int
    revision: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A step as the journal has it."""

    ordinal: int
    step: str
    kind: str
    phase: str
    table: str
    name: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What is told of a publish when it begins. ``base`` is the revision that it starts from."""

    base: int
    hash: str
    message: str
    author: str
    state: str = PREPARING


def take_fence(connection: Connection) -> int:
    """Return a token higher than all before; whoever has an older one stops at its next step."""
    row = FENCE.c.name == NAME
    moved = sa.update(FENCE).where(row).values(token=FENCE.c.token + 1)
    if not connection.execute(moved).rowcount:
        connection.execute(sa.insert(FENCE).values(name=NAME, token=1))
    return int(connection.execute(sa.select(FENCE.c.token).where(row)).scalar_one())


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """One publish at work. Every change asks `guard` first, in its own transaction."""

    database: Database
    lock: Lock
    id: int
    token: int
    started: datetime = field(default_factory=lambda: datetime.now(UTC))

    def guard(self, connection: Connection) -> None:
        """Raise unless this publish still holds the lock and nobody came after it."""
        self.lock.require()
        statement = sa.select(FENCE.c.token).where(FENCE.c.name == NAME)
        if self.database.name != SQLITE:
            statement = statement.with_for_update()
        if connection.execute(statement).scalar() != self.token:
            raise ConflictError(OVERTAKEN)

    def mark(self, ordinal: int, state: str, error: str | None = None) -> None:
        """Note that a step has begun or is done."""
        with self.database.transaction() as connection:
            self.guard(connection)
            self.mark_in(connection, ordinal, state, error)

    def mark_in(
        self, connection: Connection, ordinal: int, state: str, error: str | None = None
    ) -> None:
        """Note it in a running transaction."""
        at = "started_at" if state == RUNNING else "ended_at"
        connection.execute(
            sa.update(STEP)
            .where(STEP.c.publish == self.id, STEP.c.ordinal == ordinal)
            .values({"state": state, "token": self.token, "error": error, at: _now()})
        )

    def steps(self, phase: str) -> list[Noted]:
        """Return the steps of a phase in their order."""
        statement = (
            sa.select(STEP)
            .where(STEP.c.publish == self.id, STEP.c.phase == phase)
            .order_by(STEP.c.ordinal)
        )
        with translated(), self.database.reader.connect() as connection:
            rows = connection.execute(statement).mappings().all()
        return [Noted(**{name: row[name] for name in Noted.__slots__}) for row in rows]

    def switched(self, connection: Connection, revision: int) -> None:
        """Note, in the transaction of the switch, that the revision is in force."""
        self._set(connection, state=SWITCHED, revision=revision)

    def end(self, state: str, error: str | None = None) -> None:
        """Note that the publish has come to an end."""
        with self.database.transaction() as connection:
            self.guard(connection)
            self._set(connection, state=state, ended_at=_now(), error=error)

    def _set(self, connection: Connection, **values: object) -> None:
        connection.execute(sa.update(PUBLISH).where(PUBLISH.c.id == self.id).values(**values))


def begin(
    database: Database,
    lock: Lock,
    connection: Connection,
    header: Header,
    steps: Sequence[PlannedStep],
) -> Journal:
    """Open the journal of a publish, with all its steps waiting."""
    token = take_fence(connection)
    connection.execute(
        sa.insert(PUBLISH).values(
            id=token,
            state=header.state,
            base=header.base,
            hash=header.hash,
            message=header.message[:500],
            author=header.author[:120],
            worker=f"{socket.gethostname()}:{os.getpid()}"[:120],
            started_at=_now(),
        )
    )
    rows = [
        {
            "publish": token,
            "ordinal": ordinal,
            "step": step.id[:250],
            "kind": step.kind,
            "phase": step.phase,
            "table": step.table,
            "name": step.name[:120],
            "state": WAITING,
            "token": token,
        }
        for ordinal, step in enumerate(steps)
    ]
    if rows:
        connection.execute(sa.insert(STEP), rows)
    return Journal(database=database, lock=lock, id=token, token=token)


def take_over(database: Database, lock: Lock, opened: Opened) -> Journal:
    """Continue the journal of a publish whose process has gone."""
    with database.transaction() as connection:
        token = take_fence(connection)
    return Journal(database=database, lock=lock, id=opened.id, token=token)


def opened_publishes(connection: Connection) -> list[Opened]:
    """Return the publishes that did not come to their end, the oldest first."""
    rows = connection.execute(
        sa.select(PUBLISH.c.id, PUBLISH.c.state, PUBLISH.c.base, PUBLISH.c.revision)
        .where(PUBLISH.c.state.in_((PREPARING, SWITCHED)))
        .order_by(PUBLISH.c.id)
    )
    return [Opened(id=row[0], state=row[1], base=row[2], revision=row[3]) for row in rows]


def plan_text(steps: Sequence[PlannedStep]) -> str:
    """Return the steps as the revision keeps them."""
    return json.dumps([_entry(step) for step in steps], ensure_ascii=False)


def _entry(step: PlannedStep) -> dict[str, object]:
    values = {name: getattr(step, name) for name in PlannedStep.__slots__}
    return {name: value for name, value in values.items() if value not in (None, "", (), False)}


def _now() -> datetime:
    return datetime.now(UTC)
