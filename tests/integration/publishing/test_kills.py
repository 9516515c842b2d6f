"""Whatever cuts an installation off leaves the old revision working, and the next try succeeds."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from loomwork.errors import ConflictError, InvalidError
from loomwork.model.whole import Model
from loomwork.publishing import faults, publish
from loomwork.publishing.install import install_packs
from loomwork.publishing.site import Site
from loomwork.records.lists.listing import ListQuery
from tests.documents import PackBuilder, workshop
from tests.integration.publishing.killing import NEW, OLD, WIDGET
from tests.sites import TESTER, another_worker, made_site, put

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class KilledError(Exception):
    """Stands for the end of the process."""


def kill_after(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    left = [number]

    def counted(_: str) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise KilledError

    monkeypatch.setattr(faults, "reach", counted)


def works(site: Site, name: str) -> None:
    """Write and read a record through the revision that is in force."""
    with another_worker(site) as worker:
        made = worker.records.create(TESTER, "gadget", {"name": name, "size": 3})
        assert worker.records.read(TESTER, "gadget", made["id"]) == made
        worker.records.update(TESTER, "gadget", made["id"], {"size": 4})
        assert worker.records.page(TESTER, "gadget", ListQuery(filter="size == 4")).items


def complete(site: Site) -> None:
    put(site, PackBuilder(NEW, WIDGET))
    site.records.create(TESTER, "gadget", {"name": "last", "size": "1.5"})
    with pytest.raises(InvalidError):
        site.records.create(TESTER, "gadget", {"name": "last"})
    found = site.records.page(TESTER, "gadget", ListQuery(search="first", count=True))
    assert (found.count, found.items[0]["size"]) == (1, 4)


@pytest.mark.parametrize("steps", [0, 1, 3, 5, 8, 13])
def test_a_kill_between_two_steps(site: Site, monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    put(site, PackBuilder(OLD))
    works(site, "first")
    with monkeypatch.context() as patch:
        kill_after(steps, patch)
        with pytest.raises(KilledError):
            put(site, PackBuilder(NEW, WIDGET))
    works(site, "second")
    complete(site)


def test_a_kill_before_another_installation(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    put(site, PackBuilder(OLD))
    works(site, "first")
    with monkeypatch.context() as patch:
        kill_after(3, patch)
        with pytest.raises(KilledError):
            put(site, PackBuilder(NEW, WIDGET))
    put(site, PackBuilder(OLD, WIDGET))
    works(site, "second")
    complete(site)


@pytest.mark.parametrize("moment", ["note_columns", "write_revision", "use_columns"])
def test_a_kill_at_another_moment(site: Site, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    put(site, PackBuilder(OLD))
    works(site, "first")
    do = getattr(publish, moment)

    def killed(*given: Any, **named: Any) -> None:
        do(*given, **named)
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(publish, moment, killed)
        with pytest.raises(KilledError):
            put(site, PackBuilder(NEW, WIDGET))
    works(site, "second")
    complete(site)


def test_a_kill_before_the_clean_up_is_made_good_by_the_next_installation(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(site, PackBuilder(NEW, WIDGET))

    def killed(*_: object) -> None:
        raise KilledError

    plain = PackBuilder(NEW, WIDGET)
    plain.documents[0]["fields"]["name"] = {"type": "text", "max_length": 300}
    with monkeypatch.context() as patch:
        patch.setattr(publish, "_clean_up", killed)
        with pytest.raises(KilledError):
            put(site, plain)
    assert put(site, plain).revision is None
    for _ in range(2):
        site.records.create(TESTER, "gadget", {"name": "same"})


def test_an_index_build_that_was_cut_off_is_not_taken_for_an_index(
    postgresql_database: str, tmp_path: Path
) -> None:
    with made_site(postgresql_database, tmp_path, PackBuilder(OLD)) as site:
        for _ in range(2):
            site.records.create(TESTER, "gadget", {"name": "same"})
        with site.database.reader.connect() as connection, pytest.raises(IntegrityError):
            connection.exec_driver_sql(
                "CREATE UNIQUE INDEX CONCURRENTLY gadget__name_u ON gadget (name, live)"
            )
        for one in site.records.page(TESTER, "gadget", ListQuery()).items[:1]:
            site.records.delete(TESTER, "gadget", one["id"])
        unique = PackBuilder(OLD)
        unique.documents[0]["fields"]["name"]["unique"] = True
        put(site, unique)
        with pytest.raises(InvalidError):
            site.records.create(TESTER, "gadget", {"name": "same"})


def test_a_refused_unique_leaves_no_index_that_still_refuses(site: Site) -> None:
    put(site, PackBuilder(OLD))
    for _ in range(2):
        site.records.create(TESTER, "gadget", {"name": "same"})
    unique = PackBuilder(OLD)
    unique.documents[0]["fields"]["name"]["unique"] = True
    with pytest.raises(ConflictError):
        put(site, unique)
    names = {index["name"] for index in inspect(site.database.writer).get_indexes("gadget")}
    assert "gadget__name_u" not in names


def test_a_write_that_began_under_the_old_model_is_parsed_again(site: Site) -> None:
    put(site, PackBuilder(OLD))
    with another_worker(site) as worker:
        stale = worker.current()
        put(site, PackBuilder(NEW, WIDGET))
        assert worker.current() is stale
        made = worker.records.create(TESTER, "gadget", {"name": "a", "size": "1.25"})
        assert str(made["size"]) == "1.25"
        assert worker.current() is not stale


def test_what_is_called_at_the_switch_belongs_to_it(site: Site) -> None:
    seen: list[Sequence[str]] = []

    def note(connection: Connection, model: Model) -> None:
        table = site.tables["team"].table
        seen.append(sorted(model.entities))
        connection.execute(select(table.c.id)).all()

    def fail(*_: object) -> None:
        raise KilledError

    packs = [PackBuilder(OLD).read()]
    with pytest.raises(KilledError):
        install_packs(site.database, packs, author="test", at_switch=[note, fail])
    assert "gadget" not in site.refresh().model.entities
    install_packs(site.database, packs, author="test", at_switch=[note])
    assert "gadget" in site.refresh().model.entities
    assert seen == [["exchange_rate", "gadget", "team", "user"]] * 2


def test_two_installations_at_once_both_count(site: Site) -> None:
    builders: list[Callable[[], PackBuilder]] = [
        workshop,
        lambda: PackBuilder(OLD, name="gadgets"),
    ]
    with ThreadPoolExecutor(2) as pool:
        done = list(
            pool.map(
                lambda make: install_packs(site.database, [make().read()], author="x"), builders
            )
        )
    assert {one.revision for one in done} == {2, 3}
    assert {"machine", "gadget"} <= set(site.refresh().model.entities)
