"""What is left to jobs: many dependants of one change, totals of the hour and of the day."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from loomwork.automation.jobs import job_kinds
from loomwork.automation.worker import Worker
from loomwork.publishing.site import Site
from loomwork.records.deriving import settling
from loomwork.store.jobs.overview import list_jobs
from loomwork.store.jobs.table import enqueue
from loomwork.store.schema.derived import DERIVED, RENEW
from tests.documents import PackBuilder
from tests.integration.engines import ENGINES, shared_database
from tests.shop import shop
from tests.sites import TESTER, empty, made_site


def shop_with_daily_totals() -> PackBuilder:
    pack = shop()
    fields = next(one for one in pack.documents if one["name"] == "product")["fields"]
    fields["ordered"] = {
        "type": "rollup",
        "from": "line",
        "function": "sum",
        "field": "quantity",
        "where": "product == this.id",
        "refresh": "daily",
    }
    return pack


@pytest.fixture(scope="module", params=ENGINES)
def shared_shop(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    with (
        shared_database(request.param, tmp_path_factory) as (url, home),
        made_site(url, home, shop_with_daily_totals()) as site,
    ):
        site.store.wake = None
        yield site


@pytest.fixture
def shop_site(shared_shop: Site) -> Site:
    empty(shared_shop)
    return shared_shop


def test_a_job_works_out_what_was_left(shop_site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "MOST_AT_ONCE", 2)
    create = shop_site.records.create
    product = create(TESTER, "product", {"name": "p", "price": 1})["id"]
    order = create(TESTER, "order", {"name": "o"})["id"]
    for _ in range(4):
        line = {"name": "l", "order": str(order), "product": str(product), "quantity": 1}
        create(TESTER, "line", line)
    for price in (2, 3):
        shop_site.records.update(TESTER, "product", product, {"price": price})
    with shop_site.database.reader.connect() as connection:
        waiting = [one.kind for one in list_jobs(connection, ["waiting"])]
    assert waiting == ["derived.catch_up"]
    Worker(shop_site, job_kinds()).do_all()
    assert shop_site.records.read(TESTER, "order", order)["total"] == 12


def test_a_daily_total_is_renewed_when_the_day_is_over(shop_site: Site) -> None:
    product = shop_site.records.create(TESTER, "product", {"name": "p", "price": 1})["id"]
    line = {"name": "l", "product": str(product), "quantity": 5}
    shop_site.records.create(TESTER, "line", line)

    def renewed() -> int:
        shop_site.store.run(lambda transaction: enqueue(transaction, RENEW, {}, key=RENEW))
        Worker(shop_site, job_kinds()).do_all()
        return int(shop_site.records.read(TESTER, "product", product)["ordered"])

    assert renewed() == 0
    with shop_site.database.transaction() as connection:
        row = DERIVED.c.field == "ordered"
        at = connection.execute(sa.select(DERIVED.c.computed_at).where(row)).scalar_one()
        yesterday = at - timedelta(days=1)
        connection.execute(sa.update(DERIVED).where(row).values(computed_at=yesterday))
    assert renewed() == 5
