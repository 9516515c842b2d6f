"""Foreign keys: all are checked, and links whose records have gone do not come back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from loomwork.publishing.site import Site
from tests.documents import Body, PackBuilder
from tests.sites import TESTER, made_site, put

NAME: Body = {"type": "text"}
PEER: Body = {
    "kind": "entity",
    "name": "peer",
    "ownership": "none",
    "features": {"recycle": False},
    "fields": {"name": NAME},
}


def pack(**fields: Body) -> PackBuilder:
    gadget = {"kind": "entity", "name": "gadget", "fields": {"name": NAME, **fields}}
    return PackBuilder(gadget, PEER)


def unchecked(site: Site) -> list[str]:
    with site.database.reader.connect() as connection:
        found = "SELECT conname FROM pg_constraint WHERE contype = 'f' AND NOT convalidated"
        return list(connection.exec_driver_sql(found).scalars())


@pytest.fixture(params=["postgresql", "mariadb"])
def server_site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """Yield a site where foreign keys come and go; SQLite's stay with their columns."""
    with made_site(request.getfixturevalue(f"{request.param}_database"), tmp_path) as site:
        yield site


def test_no_foreign_key_stays_unchecked(postgresql_database: str, tmp_path: Path) -> None:
    with made_site(postgresql_database, tmp_path, pack()) as site:
        put(site, pack(peer={"type": "link", "to": "peer"}, peers={"type": "links", "to": "peer"}))
        assert unchecked(site) == []


def test_links_to_what_has_gone_do_not_come_back(server_site: Site) -> None:
    site = server_site
    links = {"peer": {"type": "link", "to": "peer"}, "peers": {"type": "links", "to": "peer"}}
    put(site, pack(**links))
    stays, goes = (site.records.create(TESTER, "peer", {"name": "p"})["id"] for _ in range(2))
    values = {"name": "g", "peer": str(goes), "peers": [str(goes), str(stays)]}
    id_ = site.records.create(TESTER, "gadget", values)["id"]
    put(site, pack())
    with site.database.transaction() as connection:
        table = site.tables["peer"]
        connection.execute(sa.delete(table.table).where(table.columns["id"] == goes))
    plan = put(site, pack(**links)).plan
    assert plan is not None
    told = [one for one in plan.notes if one.code == "links_lost"]
    assert [(one.name, one.context["count"]) for one in told] == [("peer", 1), ("peers", 1)]
    record = site.records.read(TESTER, "gadget", id_)
    assert record["peer"] is None
    assert [one["id"] for one in record["peers"]] == [stays]
