"""A publish in a process that is killed for good: at named moments, and after random times."""

import random
from pathlib import Path
from uuid import uuid4

import pytest

from tests.integration.engines import ENGINES, shared_database
from tests.integration.publishing.killing import (
    Ended,
    fill,
    moments,
    new_pack,
    old_pack,
    publish_in_child,
    require_sound,
)
from tests.sites import made_site, settings_of

SEED = 4
IN_EVERY_RUN = 20
IN_A_SOAK = 210


def survived(url: str, home: Path, *, at: int | None = None, delay: float | None = None) -> Ended:
    """Publish on a fresh site in a process that is killed, and assert that nothing is harmed."""
    with made_site(url, home, old_pack()) as site:
        fill(site)
        settings = site.settings
    ended = publish_in_child(settings, [new_pack()], at=at, delay=delay)
    require_sound(settings, [new_pack()])
    return ended


def reached(factory: pytest.TempPathFactory, engine: str) -> int:
    """Return how many moments a publish has that nobody kills."""
    with shared_database(engine, factory) as (url, home):
        ended = survived(url, home)
        assert not ended.killed
        return len(ended.reached)


def tried(factory: pytest.TempPathFactory, engine: str, count: int) -> tuple[int, int]:
    """Return how many of the processes were killed, and how many were to be."""
    killed = 0
    at = [*moments(SEED, count, reached(factory, engine))]
    for moment in at:
        with shared_database(engine, factory) as (url, home):
            killed += survived(url, home, at=moment).killed
    return killed, len(at)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_publish_survives_a_kill_at_any_named_moment(
    engine: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    killed, wanted = tried(tmp_path_factory, engine, IN_EVERY_RUN // len(ENGINES))
    assert killed == wanted


def test_the_home_of_a_killed_publish_is_used_again(database_url: str, tmp_path: Path) -> None:
    ended = survived(database_url, tmp_path, at=0)
    assert ended == Ended(killed=True, reached=("begun",))
    settings = settings_of(database_url, tmp_path)
    assert publish_in_child(settings, [new_pack()]) == Ended(killed=False, reached=())


@pytest.mark.soak
@pytest.mark.parametrize("engine", ENGINES)
def test_a_publish_survives_kills_at_every_named_moment(
    engine: str, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    killed, wanted = tried(tmp_path_factory, engine, IN_A_SOAK)
    with capsys.disabled():
        print(f"\n{engine}: survived {killed} kills at {wanted} named moments")  # noqa: T201
    assert killed == wanted


@pytest.mark.soak
@pytest.mark.parametrize("engine", ENGINES)
def test_a_publish_survives_kills_at_random_times(
    engine: str, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    source, killed = random.Random(uuid4().int), 0
    for _ in range(IN_A_SOAK // len(ENGINES)):
        with shared_database(engine, tmp_path_factory) as (url, home):
            killed += survived(url, home, delay=source.uniform(0.0, 0.6)).killed
    with capsys.disabled():
        print(f"\n{engine}: survived {killed} kills at random times")  # noqa: T201
    assert killed
