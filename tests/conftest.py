"""What every test can ask for: services, fresh databases, and how hard property tests look."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import make_url, text

from tests.services import MARIADB, POSTGRESQL, REDIS, administer, empty_postgresql, find_chromium

SOAK = os.environ.get("LOOMWORK_SOAK") == "1"
NO_SKIPS = os.environ.get("REQUIRE_SERVICES") == "1"

SLOW_IS_FINE = (HealthCheck.too_slow, HealthCheck.data_too_large)
settings.register_profile(
    "sample",
    max_examples=60,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=SLOW_IS_FINE,
)
settings.register_profile(
    "soak",
    max_examples=2_000,
    deadline=None,
    print_blob=True,
    suppress_health_check=SLOW_IS_FINE,
)
settings.load_profile("soak" if SOAK else "sample")


def _is_long(item: pytest.Item) -> bool:
    is_property = getattr(getattr(item, "function", None), "is_hypothesis_test", False)
    return bool(is_property) or item.get_closest_marker("soak") is not None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep what is long for a soak, what is not marked ``soak`` for every other run.

    A property test belongs to both: its profile decides how many cases it makes.
    """
    if SOAK:
        kept = [item for item in items if _is_long(item)]
    else:
        kept = [item for item in items if item.get_closest_marker("soak") is None]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if not NO_SKIPS or report.outcome != "skipped" or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome = "failed"
    report.longrepr = f"REQUIRE_SERVICES=1 makes this a failure. {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skipped test into a failed one where every service has to be there."""
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Do the same for a module that skips itself."""
    report = yield
    _refuse_skip(report)
    return report


@pytest.fixture(scope="session")
def postgresql_url() -> str:
    """Return the address of a PostgreSQL where databases can be created."""
    return POSTGRESQL.url()


@pytest.fixture(scope="session")
def mariadb_url() -> str:
    """Return the address of a MariaDB where databases can be created."""
    return MARIADB.url()


@pytest.fixture(scope="session")
def redis_url() -> str:
    """Return the address of a Redis database that tests may fill and empty."""
    return REDIS.url()


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Return the path of a Chromium that can run without a window."""
    return find_chromium()


def _new_name() -> str:
    return f"loomwork_test_{uuid4().hex[:12]}"


@pytest.fixture(scope="session")
def _postgresql_of_worker(postgresql_url: str) -> Iterator[str]:
    # One database for each worker, emptied for each test: making and dropping one costs 150 ms,
    # emptying one 5 ms. A schema alone would share advisory locks with the other workers.
    name = _new_name()
    admin = administer(postgresql_url)
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE template0'))
    yield make_url(postgresql_url).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture
def postgresql_database(_postgresql_of_worker: str) -> str:
    """Return the URL of an empty PostgreSQL database."""
    empty_postgresql(_postgresql_of_worker)
    return _postgresql_of_worker


@pytest.fixture
def mariadb_database(mariadb_url: str) -> Iterator[str]:
    """Yield the URL of an empty MariaDB database, which is dropped afterwards."""
    name = _new_name()
    admin = administer(mariadb_url)
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4"))
    yield make_url(mariadb_url).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE `{name}`"))


@pytest.fixture
def sqlite_database(tmp_path: Path) -> str:
    """Return the URL of an SQLite database whose file does not exist yet."""
    return f"sqlite:///{tmp_path / 'site.db'}"


@pytest.fixture(params=["sqlite", "postgresql", "mariadb"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of an empty database, once for each engine."""
    url: str = request.getfixturevalue(f"{request.param}_database")
    return url
