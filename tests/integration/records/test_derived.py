"""Formulas, lookups and rollups on every engine: kept with each write, or worked out on reading."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from loomwork.errors import InvalidError
from loomwork.publishing.settings import set_setting, setting_of
from loomwork.publishing.site import Site
from loomwork.records.deriving import settling
from loomwork.records.deriving.building import (
    build_derived,
    build_missing,
    check_derived,
    chosen,
)
from loomwork.records.deriving.renewing import catch_up
from loomwork.records.drafts.effects import Question
from loomwork.records.lists.listing import ListQuery
from loomwork.store.schema.derived import stale_fields
from tests.integration.engines import ENGINES, shared_database
from tests.shop import shop
from tests.sites import TESTER, empty, made_site, person, put

WHOLE = 1_000_000


@pytest.fixture(scope="module", params=ENGINES)
def shared_shop(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Yield a site with the shop, once for each engine."""
    with (
        shared_database(request.param, tmp_path_factory) as (url, home),
        made_site(url, home, shop()) as site,
    ):
        yield site


@pytest.fixture
def site(shared_shop: Site) -> Site:
    """Return the module's site without a single record."""
    empty(shared_shop)
    return shared_shop


def new(site: Site, entity: str, **values: Any) -> UUID:
    values.setdefault("name", entity)
    id_: UUID = site.records.create(TESTER, entity, values)["id"]
    return id_


def change(site: Site, entity: str, id_: UUID, **values: Any) -> dict[str, Any]:
    return dict(site.records.update(TESTER, entity, id_, values))


def shown(site: Site, entity: str, id_: UUID, *names: str) -> tuple[Any, ...]:
    record = site.records.read(TESTER, entity, id_)
    return tuple(record[name] for name in names)


def drifts(site: Site) -> list[str]:
    """Return the kept fields of which any record has a wrong value."""
    runtime = site.current()
    found = (check_derived(runtime, one) for one in chosen(runtime))
    return [f"{one.entity}.{one.field}" for one in found if one.count]


def test_a_chain_of_derived_values_follows_a_write_in_the_same_transaction(site: Site) -> None:
    product = new(site, "product", price="2.50")
    account = new(site, "account", industry="steel", credit="9")
    order = new(site, "order", account=account, chance=50, stage="won")
    new(site, "line", order=order, product=product, quantity=4)
    assert shown(site, "order", order, "total", "expected") == (Decimal(10), Decimal(5))
    assert shown(site, "account", account, "turnover", "over") == (Decimal(10), True)
    assert shown(site, "product", product, "sold") == (4,)
    change(site, "product", product, price=3)
    assert shown(site, "order", order, "total", "expected") == (Decimal(12), Decimal(6))
    assert shown(site, "account", account, "largest", "usual") == (Decimal(12), Decimal(12))
    assert drifts(site) == []


def test_derived_changes_bump_no_version_and_no_time(site: Site) -> None:
    product = new(site, "product", price=1)
    order = new(site, "order")
    before = shown(site, "order", order, "version", "updated_at")
    new(site, "line", order=order, product=product, quantity=4)
    assert shown(site, "order", order, "total") == (Decimal(4),)
    assert shown(site, "order", order, "version", "updated_at") == before


def test_what_follows_is_not_told_as_a_change(site: Site) -> None:
    order = new(site, "order", name="first")
    start = site.records.changes(TESTER, after="now").next
    change(site, "order", order, name="second")
    told = site.records.changes(TESTER, after=start).items
    assert [one.changed for one in told if one.record == order] == [("name",)]


def test_a_child_that_moves_changes_both_parents(site: Site) -> None:
    one, other = new(site, "account"), new(site, "account")
    order = new(site, "order", account=one)
    change(site, "order", order, account=str(other))
    assert shown(site, "account", one, "orders_count") == (0,)
    assert shown(site, "account", other, "orders_count") == (1,)


def test_what_is_deleted_counts_no_more_until_it_comes_back(site: Site) -> None:
    account, product = new(site, "account"), new(site, "product", price=1)
    order = new(site, "order", account=account, stage="won")
    line = new(site, "line", order=order, product=product, quantity=7)
    site.records.delete(TESTER, "order", order)
    assert shown(site, "account", account, "orders_count", "turnover") == (0, Decimal(0))
    site.records.restore(TESTER, "order", order)
    assert shown(site, "account", account, "orders_count", "turnover") == (1, Decimal(7))
    site.records.delete(TESTER, "line", line)
    assert shown(site, "account", account, "turnover") == (Decimal(0),)
    assert drifts(site) == []


def test_links_that_a_deletion_empties_count_no_more(site: Site) -> None:
    account = new(site, "account", name="Ann")
    order = new(site, "order", name="first", account=account)
    assert shown(site, "order", order, "title_line") == ("first / Ann",)
    site.records.delete(TESTER, "account", account)
    assert shown(site, "order", order, "title_line", "industry") == ("first / ", None)
    site.records.restore(TESTER, "account", account)
    assert shown(site, "order", order, "title_line") == ("first / Ann",)
    assert drifts(site) == []


def test_the_first_record_that_fits_is_looked_up(site: Site) -> None:
    for least, rate in ((0, 1), (10, 5), (100, 9)):
        new(site, "tier", least=least, rate=rate)
    account, product = new(site, "account"), new(site, "product", price=1)
    order = new(site, "order", account=account, stage="won")
    new(site, "line", order=order, product=product, quantity=20)
    assert shown(site, "account", account, "rebate") == (Decimal(5),)
    assert shown(site, "order", order, "rebated", "double") == (Decimal(19), Decimal(38))


def test_lists_filter_and_sort_by_what_is_worked_out(site: Site) -> None:
    new(site, "tier", least=0, rate=1)
    new(site, "tier", least=5, rate=2)
    product = new(site, "product", price=1)
    for number in range(6):
        account = new(site, "account", name=f"a{number}", industry="steel", credit=3)
        order = new(site, "order", account=account, stage="won")
        new(site, "line", order=order, product=product, quantity=number * 2)
    query = ListQuery(filter="over and peers == 5", sort=("-rebate", "name"), limit=2)
    names: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = site.records.page(
            TESTER,
            "account",
            ListQuery(filter=query.filter, sort=query.sort, limit=2, cursor=cursor or None),
        )
        names += [record["name"] for record in page.items]
        cursor = page.next
    assert names == ["a3", "a4", "a5", "a2"]


def test_a_filter_sees_derived_values_over_links(site: Site) -> None:
    account = new(site, "account", industry="paper")
    order = new(site, "order", account=account)
    new(site, "order", account=new(site, "account", industry="steel"))
    query = ListQuery(filter="industry == 'paper' and account.peers == 0")
    assert [record["id"] for record in site.records.page(TESTER, "order", query).items] == [order]


def test_nobody_sets_what_is_worked_out(site: Site) -> None:
    order = new(site, "order")
    ann = person(site, "ann", "seller")
    for name in ("total", "rebated", "industry"):
        with pytest.raises(InvalidError) as told:
            site.records.update(ann, "order", order, {name: 1})
        assert [problem.code for problem in told.value.problems] == ["readonly"]


def test_checks_see_the_formulas_of_the_draft(site: Site) -> None:
    product = new(site, "product", price=WHOLE)
    order = new(site, "order", chance=0)
    new(site, "line", order=order, product=product, quantity=3)
    with pytest.raises(InvalidError) as told:
        change(site, "order", order, chance=50)
    assert [problem.pointer for problem in told.value.problems] == ["/chance"]
    assert shown(site, "order", order, "chance", "expected") == (0, Decimal(0))


def test_whoever_types_sees_what_follows(site: Site) -> None:
    product = new(site, "product", price=10)
    order = new(site, "order", chance=0)
    new(site, "line", order=order, product=product, quantity=3)
    found = site.records.effects(TESTER, "order", order, Question(values={"chance": 50}))
    assert found.values["expected"] == Decimal(15)
    assert found.values["double"] == Decimal(60)
    assert found.fields["expected"].readonly


def test_more_dependants_than_a_writer_waits_for_are_left_to_a_job(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "MOST_AT_ONCE", 3)
    product = new(site, "product", price=1)
    order = new(site, "order", chance=100)
    for _ in range(5):
        new(site, "line", order=order, product=product, quantity=1)
    change(site, "product", product, price=2)
    assert shown(site, "order", order, "total") == (Decimal(5),)
    with site.database.reader.connect() as connection:
        assert stale_fields(connection) == {("line", "net")}
    assert site.records.read(TESTER, "order", order)["stale"] == ["expected", "total"]
    assert catch_up(site.current()) == 5
    assert shown(site, "order", order, "total", "expected") == (Decimal(10), Decimal(10))
    with site.database.reader.connect() as connection:
        assert stale_fields(connection) == frozenset()
    assert "stale" not in site.records.read(TESTER, "order", order)
    assert drifts(site) == []


def test_drift_is_found_and_mended(site: Site) -> None:
    account = new(site, "account")
    new(site, "order", account=account)
    table = site.tables["account"]
    with site.database.transaction() as connection:
        connection.execute(sa.update(table.table).values({table.columns["orders_count"]: 7}))
    assert drifts(site) == ["account.orders_count"]
    assert build_derived(site.current(), "account", "orders_count") == 1
    assert drifts(site) == []


def test_a_field_whose_column_is_not_filled_is_worked_out(site: Site) -> None:
    account = new(site, "account")
    order = new(site, "order", account=account, name="old")
    changed = shop()
    fields = next(one for one in changed.documents if one["name"] == "order")["fields"]
    fields["title_line"]["is"] = "concat(account.name, ': ', name)"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("loomwork.publishing.publish.fill_derived", lambda *_: None)
        put(site, changed)
    assert shown(site, "order", order, "title_line") == ("account: old",)
    table = site.tables["order"]
    with site.database.reader.connect() as connection:
        kept = connection.execute(sa.select(table.columns["title_line"])).scalar_one()
    assert kept == "old / account"
    assert build_missing(site.current()) == (("order", "title_line"),)
    site.refresh()
    with site.database.reader.connect() as connection:
        kept = connection.execute(sa.select(table.columns["title_line"])).scalar_one()
    assert kept == "account: old"
    put(site, shop())
    assert shown(site, "order", order, "title_line") == ("old / account",)


def test_a_setting_that_changes_changes_what_follows_from_it_at_once(site: Site) -> None:
    order = new(site, "order", chance=10)
    assert shown(site, "order", order, "scaled") == (20,)
    set_setting(site.database, setting_of(site.model, "shop", "factor"), "3")
    site.refresh()
    assert shown(site, "order", order, "scaled") == (30,)
    assert build_missing(site.current()) == (("order", "scaled"),)
    site.refresh()
    assert drifts(site) == []
    set_setting(site.database, setting_of(site.model, "shop", "factor"), None)
    site.refresh()
    build_missing(site.current())
    site.refresh()


def test_records_are_found_by_what_follows_from_others(site: Site) -> None:
    account = new(site, "account", name="Nightingale")
    order = new(site, "order", name="first", account=account)

    def found(word: str) -> list[UUID]:
        page = site.records.page(TESTER, "order", ListQuery(search=word))
        return [record["id"] for record in page.items]

    assert found("nightingale") == [order]
    change(site, "account", account, name="Blackbird")
    assert (found("nightingale"), found("blackbird")) == ([], [order])


def test_a_link_that_is_worked_out_has_a_title(site: Site) -> None:
    account = new(site, "account", name="Ann")
    order = new(site, "order", account=account)
    assert shown(site, "order", order, "buyer") == ({"id": account, "title": "Ann"},)
    query = ListQuery(filter="buyer is not None", sort=("buyer",), fields=("buyer",))
    (one,) = site.records.page(TESTER, "order", query).items
    assert one["buyer"] == {"id": account, "title": "Ann"}


def test_a_stored_formula_may_become_one_of_another_kind(site: Site) -> None:
    order = new(site, "order", name="first", chance=5)
    changed = shop()
    fields = next(one for one in changed.documents if one["name"] == "order")["fields"]
    fields["title_line"] = {
        "type": "formula",
        "result": "integer",
        "is": "chance + 1",
        "stored": True,
    }
    put(site, changed)
    assert shown(site, "order", order, "title_line") == (6,)
    assert drifts(site) == []
    put(site, shop())
    assert shown(site, "order", order, "title_line") == ("first / ",)
    assert drifts(site) == []
