"""Files that fill fields with parts and fields with many values."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from loomwork.publishing.site import Site
from loomwork.records.importing.mapping import map_columns
from loomwork.records.importing.run import Import, Outcome
from loomwork.records.importing.source import open_source
from loomwork.records.lists.listing import ListQuery
from tests.integration.engines import ENGINES, shared_database
from tests.parts_pack import parts_pack
from tests.sites import TESTER, empty, made_site


@pytest.fixture(scope="module", params=ENGINES)
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    with (
        shared_database(request.param, tmp_path_factory) as (url, home),
        made_site(url, home, parts_pack()) as site,
    ):
        yield site


@pytest.fixture
def site(shared: Site) -> Site:
    empty(shared)
    rate = {"currency": "USD", "rate": "0.9", "valid_from": "2020-01-01"}
    shared.records.create(TESTER, "exchange_rate", rate)
    for name in ("Kiel", "苏州"):
        shared.records.create(TESTER, "city", {"name": name})
    return shared


def imported(site: Site, folder: Path, text: str, match: str = "") -> Outcome:
    file = folder / "deals.csv"
    file.write_text(text, encoding="utf-8")
    source = open_source(file, "")
    columns = map_columns(site.current().entity("deal"), source.columns, {})
    outcome = Outcome()
    plan = Import(
        records=site.records,
        actor=lambda: TESTER,
        entity="deal",
        source=source,
        columns=columns,
        match=match,
    )
    plan.run(outcome, lambda _: None)
    return outcome


def only(site: Site) -> Any:
    (found,) = site.records.page(TESTER, "deal", ListQuery()).items
    return found


WHOLE = (
    "name,price,price.currency,address.street,address.city,spot,channels,words,cities,phones\n"
    'a,"1,200.50",usd,Hauptstr. 1,Berlin,"31.23,121.47",mail; web,warm；new,Kiel; 苏州,1;2\n'
)


def test_parts_and_many_values_come_from_a_file(site: Site, tmp_path: Path) -> None:
    assert not imported(site, tmp_path, WHOLE).rejects
    deal = only(site)
    assert deal["price"] == {"amount": Decimal("1200.50"), "currency": "USD"}
    assert deal["address"] == {"street": "Hauptstr. 1", "city": "Berlin", "country": "DE"}
    assert deal["spot"]["longitude"] == Decimal("121.470000")
    assert (deal["channels"], deal["words"]) == (("mail", "web"), ("warm", "new"))
    assert [one["title"] for one in deal["cities"]] == ["Kiel", "苏州"]
    assert deal["phones"] == ("1", "2")


def test_the_same_file_changes_nothing_and_an_empty_cell_empties(
    site: Site, tmp_path: Path
) -> None:
    imported(site, tmp_path, WHOLE)
    assert imported(site, tmp_path, WHOLE, match="name").unchanged == 1
    outcome = imported(site, tmp_path, "name,price.amount,cities\na,,\n", match="name")
    assert outcome.updated == 1
    assert (only(site)["price"], only(site)["cities"]) == (None, None)


@pytest.mark.parametrize(
    ("header", "cell", "place"),
    [
        ("price.amount", "12x", "/price"),
        ("price", "12 XQQ", "/price"),
        ("price", "12 JPY", "/price"),
        ("address.country", "Atlantis", "/address/country"),
        ("cities", "Kiel; Nowhere", "/cities"),
        ("channels", "mail; post", "/channels/1"),
    ],
)
def test_a_cell_that_does_not_fit_is_told_at_its_field(
    site: Site, tmp_path: Path, header: str, cell: str, place: str
) -> None:
    text = f"name,fee,{header},address.city\na,1,{cell},Kiel\n"
    outcome = imported(site, tmp_path, text)
    (reject,) = outcome.rejects
    assert [problem.pointer for problem in reject.problems] == [place]
    assert not site.records.page(TESTER, "deal", ListQuery()).items
