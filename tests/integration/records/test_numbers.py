"""Numbers of records: each once, by whoever and however many, without gaps where that is said."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from loomwork.errors import InvalidError, LoomworkError, UnavailableError
from loomwork.publishing.site import Site
from loomwork.records.importing.mapping import map_columns
from loomwork.records.importing.run import Import, Outcome
from loomwork.records.importing.source import open_source
from loomwork.records.lists.listing import ListQuery
from loomwork.store.numbers import COUNTER
from tests.integration.engines import ENGINES, shared_database
from tests.sites import TESTER, empty, made_site, person
from tests.vault import vault

YEAR = datetime.now(UTC).year


@pytest.fixture(scope="module", params=ENGINES)
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Yield a site with the vault, once for each engine."""
    with (
        shared_database(request.param, tmp_path_factory) as (url, home),
        made_site(url, home, vault()) as made,
    ):
        yield made


@pytest.fixture
def site(shared: Site) -> Site:
    """Return the module's site without a single record or number."""
    empty(shared)
    with shared.database.transaction() as connection:
        connection.execute(sa.delete(COUNTER))
    return shared


def create(site: Site, name: str = "one", **values: Any) -> dict[str, Any]:
    return site.records.create(TESTER, "invoice", {"name": name, **values})


def invoices(site: Site) -> list[dict[str, Any]]:
    query = ListQuery(sort=("number",), limit=500)
    return site.records.page(TESTER, "invoice", query).items


def numbers(site: Site, field: str = "number") -> list[str]:
    return [one[field] for one in invoices(site)]


def load(site: Site, file: Path, *, match: str = "", rehearsal: bool = False) -> Outcome:
    source, outcome = open_source(file, ""), Outcome()
    Import(
        records=site.records,
        actor=lambda: TESTER,
        entity="invoice",
        source=source,
        columns=map_columns(site.current().entity("invoice"), source.columns, {}),
        match=match,
        rehearsal=rehearsal,
    ).run(outcome, lambda count: count)
    return outcome


def test_records_are_numbered_in_their_order_and_formulas_see_it(site: Site) -> None:
    first, second = create(site, "a"), create(site, "b")
    assert (first["number"], second["number"]) == ("R-0001", "R-0002")
    assert (first["ticket"], second["ticket"]) == (f"T{YEAR}-100", f"T{YEAR}-101")
    assert (first["title"], second["title"]) == ("R-0001 a", "R-0002 b")
    assert second["mark"] == f"#T{YEAR}-101"
    (change, *_) = site.records.history(TESTER, "invoice", first["id"]).items
    assert {"field": "number", "from": None, "to": "R-0001"} in change["changes"]
    found = site.records.search(TESTER, "R-0002")
    assert [one["id"] for one in found] == [second["id"]]


def test_nobody_sets_a_number(site: Site) -> None:
    clerk = person(site, "clerk", "clerk")
    with pytest.raises(InvalidError) as told:
        site.records.create(clerk, "invoice", {"name": "x", "number": "R-0009"})
    assert [(one.code, one.pointer) for one in told.value.problems] == [("readonly", "/number")]
    made = site.records.create(clerk, "invoice", {"name": "x"})
    with pytest.raises(InvalidError):
        site.records.update(clerk, "invoice", made["id"], {"ticket": "T1"})


def test_a_refused_record_takes_no_number_without_gaps(site: Site) -> None:
    create(site, code="A")
    for values in ({"amount": -1}, {"code": "A"}, {"name": ""}):
        with pytest.raises(InvalidError):
            create(site, **values)
    assert create(site, code="B")["number"] == "R-0002"


def test_numbers_begin_again_with_the_year_of_the_record(site: Site) -> None:
    old = site.records.create(
        TESTER, "invoice", {"name": "old"}, at=datetime(YEAR - 1, 7, 1, tzinfo=UTC)
    )
    assert old["ticket"] == f"T{YEAR - 1}-100"
    assert create(site)["ticket"] == f"T{YEAR}-100"


def test_numbers_from_elsewhere_are_not_given_again(site: Site) -> None:
    create(site, number="R-0040", ticket=f"T{YEAR}-250")
    following = create(site)
    assert (following["number"], following["ticket"]) == ("R-0041", f"T{YEAR}-251")
    create(site, number="from another program", ticket="X")
    create(site, number="R-0007")
    assert create(site)["number"] == "R-0042"


def test_more_digits_than_the_pattern_has_are_no_harm(site: Site) -> None:
    create(site, number="R-9999")
    assert create(site)["number"] == "R-10000"


def test_a_deleted_record_keeps_its_number(site: Site) -> None:
    first = create(site)
    site.records.delete(TESTER, "invoice", first["id"])
    assert create(site)["number"] == "R-0002"
    assert site.records.restore(TESTER, "invoice", first["id"])["number"] == "R-0001"


def test_an_import_takes_its_numbers_at_once_and_refused_rows_none(
    site: Site, tmp_path: Path
) -> None:
    create(site, code="taken")
    file = tmp_path / "invoices.csv"
    lines = [f"row {number},C{number},{number}" for number in range(30)]
    lines[7], lines[9] = "row 7,C7,-1", "row 9,taken,9"
    file.write_text("name,code,amount\n" + "\n".join(lines) + "\n", encoding="utf-8")
    outcome = load(site, file)
    assert (outcome.created, len(outcome.rejects)) == (28, 2)
    assert numbers(site) == [f"R-{number:04}" for number in range(1, 30)]
    names = [one["name"] for one in invoices(site)][1:]
    assert names == [f"row {number}" for number in range(30) if number not in (7, 9)]
    assert len(set(numbers(site, "ticket"))) == 29
    assert all(one["title"] == f"{one['number']} {one['name']}" for one in invoices(site))


def test_a_rehearsal_and_rows_that_are_there_use_no_numbers(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "invoices.csv"
    file.write_text("name,code,number\na,A,R-77\nb,B,R-78\n", encoding="utf-8")
    assert load(site, file, rehearsal=True).created == 2
    assert load(site, file).created == 2
    assert load(site, file, match="code").unchanged == 2
    following = create(site)
    assert (following["number"], following["ticket"]) == ("R-0003", f"T{YEAR}-102")


def at_once(site: Site, writers: int, times: int) -> list[str]:
    """Let threads create records, one in three of which is refused; return what went wrong."""
    wrong: list[str] = []
    together = threading.Barrier(writers)

    def write(writer: int) -> None:
        together.wait()
        for time in range(times):
            values = {"name": f"{writer}-{time}", "amount": -1 if time % 3 == 2 else 1}
            try:
                patiently(site, values)
            except InvalidError:
                continue
            except LoomworkError as error:
                wrong.append(repr(error))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def patiently(site: Site, values: dict[str, Any]) -> None:
    """Create two records in one transaction, again where the database was busy."""
    while True:
        try:
            site.records.write(
                TESTER,
                lambda writer: [
                    writer("invoice").create({**values, "amount": 1}),
                    writer("invoice").create(values),
                ],
            )
        except UnavailableError:
            continue
        return


def require_exact(site: Site) -> None:
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        query = ListQuery(sort=("number",), limit=500, cursor=cursor)
        page = site.records.page(TESTER, "invoice", query)
        found += page.items
        cursor = page.next
        if cursor is None:
            break
    assert [one["number"] for one in found] == [f"R-{n:04}" for n in range(1, len(found) + 1)]
    assert len({one["ticket"] for one in found}) == len(found)


def test_many_writers_leave_no_gap_and_use_no_number_twice(site: Site) -> None:
    assert at_once(site, writers=16, times=3) == []
    assert len(invoices(site)) == 64
    require_exact(site)


@pytest.mark.soak
def test_many_writers_for_long(site: Site) -> None:
    assert at_once(site, writers=16, times=60) == []
    require_exact(site)


def test_records_of_one_moment_and_day_are_numbered_by_the_sites_days(site: Site) -> None:
    midnight = datetime(YEAR - 1, 12, 31, 23, 59, tzinfo=UTC)
    made = [
        site.records.create(
            TESTER, "invoice", {"name": "x"}, at=midnight + timedelta(minutes=later)
        )
        for later in (0, 1)
    ]
    assert [one["ticket"] for one in made] == [f"T{YEAR - 1}-100", f"T{YEAR}-100"]
