"""What the worker tidies by itself."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import make_url

from loomwork.automation.housekeeping import (
    DEAD_KEPT,
    DONE_KEPT,
    KEPT,
    housekeeping,
    remove_ended_jobs,
    remove_ended_tokens,
)
from loomwork.automation.jobs import job_kinds
from loomwork.automation.queue import declare_jobs, open_queue
from loomwork.store.engine import connect
from loomwork.store.jobs.overview import list_jobs
from loomwork.store.jobs.table import JOB, enqueue
from loomwork.store.settings import Settings
from loomwork.store.store import Store
from loomwork.store.system import SYSTEM, TOKEN

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LONG_AGO, LATELY = NOW - KEPT - timedelta(days=1), NOW - timedelta(days=1)
LITTLE = timedelta(minutes=1)
TOKENS: dict[int, dict[str, datetime | None]] = {
    1: {"expires_at": None, "revoked_at": None},
    2: {"expires_at": NOW + timedelta(days=1), "revoked_at": None},
    3: {"expires_at": LATELY, "revoked_at": None},
    4: {"expires_at": LONG_AGO, "revoked_at": None},
    5: {"expires_at": None, "revoked_at": LATELY},
    6: {"expires_at": NOW + timedelta(days=1), "revoked_at": LONG_AGO},
}


@pytest.fixture
def store(sqlite_database: str) -> Iterator[Store]:
    """Yield a store with one token of each kind."""
    database = connect(make_url(sqlite_database))
    SYSTEM.create_all(database.writer, tables=[TOKEN, JOB])
    rows = [
        {
            "id": UUID(int=number),
            "user": UUID(int=9),
            "name": "test",
            "digest": f"{number:064}",
            "created_at": LONG_AGO,
            **ends,
        }
        for number, ends in TOKENS.items()
    ]
    with database.transaction() as connection:
        connection.execute(sa.insert(TOKEN), rows)
    yield Store(database)
    database.dispose()


def left(store: Store) -> list[int]:
    with store.database.reader.connect() as connection:
        ids = connection.scalars(sa.select(TOKEN.c.id).order_by(TOKEN.c.id)).all()
    return [id_.int for id_ in ids]


def test_tokens_go_some_time_after_they_have_ended(store: Store) -> None:
    assert remove_ended_tokens(store, NOW) == 2
    assert left(store) == [1, 2, 3, 5]
    assert remove_ended_tokens(store, NOW) == 0


def test_ended_jobs_go_some_time_after_they_have_ended(store: Store) -> None:
    ages = {
        "done": (DONE_KEPT, DONE_KEPT + LITTLE),
        "dead": (DONE_KEPT + LITTLE, DEAD_KEPT + LITTLE),
    }
    for state, spans in ages.items():
        for span in spans:
            id_ = store.run(lambda transaction: enqueue(transaction, "note", {}))
            ended = {"state": state, "run_at": None, "ended_at": NOW - span}
            with store.database.transaction() as connection:
                connection.execute(sa.update(JOB).where(JOB.c.id == id_).values(ended))
    store.run(lambda transaction: enqueue(transaction, "note", {}))
    assert remove_ended_jobs(store, NOW) == 2
    with store.database.reader.connect() as connection:
        assert sorted(job.state for job in list_jobs(connection)) == ["dead", "done", "waiting"]


def test_the_queue_asks_for_the_tidying_and_only_once(store: Store, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, database_url=store.database.url, secret_key=b"k" * 32)
    carried = declare_jobs(open_queue(settings), store, lambda: None)
    carried["housekeeping"].call_local()
    carried["housekeeping"].call_local()
    with store.database.reader.connect() as connection:
        kinds = [job.kind for job in list_jobs(connection)]
    assert kinds.count("housekeeping") == 1
    assert len(kinds) == len(set(kinds))


def test_the_tidying_is_a_kind_of_job_that_is_installed() -> None:
    assert job_kinds()["housekeeping"] is housekeeping
