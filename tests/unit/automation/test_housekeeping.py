"""The platform's own job: tokens that have ended long ago go, every other one stays."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy import make_url

from loomwork.automation.housekeeping import KEPT, remove_ended_tokens
from loomwork.automation.queue import declare_jobs, open_queue
from loomwork.store.engine import connect
from loomwork.store.settings import Settings
from loomwork.store.store import Store
from loomwork.store.system import TOKEN
from loomwork.store.upgrade import upgrade

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LONG_AGO = NOW - KEPT - timedelta(seconds=1)
LATELY = NOW - KEPT + timedelta(seconds=1)


@pytest.fixture
def store(sqlite_database: str) -> Iterator[Store]:
    """Yield a store with the platform's own tables."""
    database = connect(make_url(sqlite_database))
    upgrade(database)
    yield Store(database)
    database.dispose()


def add(store: Store, name: str, expires: datetime | None, revoked: datetime | None) -> None:
    row = {
        "id": uuid4(),
        "user": uuid4(),
        "name": name,
        "digest": uuid4().hex * 2,
        "created_at": NOW,
        "expires_at": expires,
        "revoked_at": revoked,
    }
    store.run(lambda transaction: transaction.connection.execute(sa.insert(TOKEN), row))


def names(store: Store) -> list[str]:
    statement = sa.select(TOKEN.c.name).order_by(TOKEN.c.name)
    return list(store.run(lambda one: one.connection.execute(statement).scalars().all()))


def test_only_what_ended_long_ago_is_removed(store: Store) -> None:
    for name, expires, revoked in (
        ("endless", None, None),
        ("expired", LONG_AGO, None),
        ("just expired", LATELY, None),
        ("just revoked", None, LATELY),
        ("revoked", None, LONG_AGO),
        ("revoked early", NOW + KEPT, LONG_AGO),
    ):
        add(store, name, expires, revoked)
    assert remove_ended_tokens(store, NOW) == 3
    assert names(store) == ["endless", "just expired", "just revoked"]
    assert remove_ended_tokens(store, NOW) == 0


def test_the_queue_of_a_site_runs_the_job(store: Store, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, database_url=make_url("sqlite:///x"), secret_key=b"")
    queue = open_queue(settings)
    jobs = declare_jobs(queue, store)
    add(store, "expired", datetime.now(UTC) - 2 * KEPT, None)
    jobs["housekeeping"].call_local()
    assert names(store) == []
    queue.storage.close()
