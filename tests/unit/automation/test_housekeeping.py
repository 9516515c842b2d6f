"""What the worker tidies by itself."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import make_url

from loomwork.automation.housekeeping import KEPT, remove_ended_tokens
from loomwork.automation.queue import declare_jobs, open_queue
from loomwork.store.engine import connect
from loomwork.store.settings import Settings
from loomwork.store.store import Store
from loomwork.store.system import SYSTEM, TOKEN

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LONG_AGO, LATELY = NOW - KEPT - timedelta(days=1), NOW - timedelta(days=1)
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
    SYSTEM.create_all(database.writer, tables=[TOKEN])
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


def test_the_queue_has_the_tidying_as_a_job(store: Store, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, database_url=store.database.url, secret_key=b"k" * 32)
    jobs = declare_jobs(open_queue(settings), store)
    jobs["housekeeping"].call_local()
    assert 4 not in left(store)
