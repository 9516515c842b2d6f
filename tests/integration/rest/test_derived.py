"""Derived values for programs and people: in records, lists, effects, pages and forms."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from loomwork.cli.packs import install
from loomwork.cli.setup import prepare_site
from loomwork.publishing.site import Site
from loomwork.records.importing.mapping import map_columns
from loomwork.web.app import create_app
from loomwork.web.fab.users import Users
from tests.integration.rest.conftest import PASSWORD, Caller, caller, errors, settings_of
from tests.shop import shop
from tests.unit.ui.clients import signed_in


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = prepare_site(settings_of(tmp_path / "home"))
    install(made, [shop().read()], "test")
    Users(made).add("ann", "Ann", password=PASSWORD, roles=["seller"])
    made.refresh()
    yield made
    made.close()


@pytest.fixture
def app(site: Site) -> Flask:
    return create_app(site)


@pytest.fixture
def ann(app: Flask, site: Site) -> Caller:
    return caller(app, site, "ann")


@pytest.fixture
def page(site: Site) -> FlaskClient:
    return signed_in(site, "ann")


def test_records_and_lists_have_what_is_worked_out(ann: Caller) -> None:
    product = ann.create_in("product", name="p", price="2.50")
    account = ann.create_in("account", name="a", industry="steel", credit="5")
    order = ann.create_in("order", name="o", account=account["id"], chance=50)
    ann.create_in("line", name="l", order=order["id"], product=product["id"], quantity=4)
    read = ann.get(f"/records/order/{order['id']}").get_json()
    assert (read["total"], read["expected"], read["industry"]) == ("10.00", "5.00", "steel")
    listed = ann.get("/records/order?filter=double%20%3E%2019&sort=-rebated&fields=double,industry")
    (one,) = listed.get_json()["items"]
    assert one == {"id": order["id"], "double": "20.00", "industry": "steel"}


def test_nobody_sets_them(ann: Caller) -> None:
    order = ann.create_in("order", name="o")
    for name in ("total", "expected", "industry", "double"):
        answer = ann.call("PATCH", f"/records/order/{order['id']}", json={name: "1"})
        assert errors(answer) == [(f"/{name}", "readonly")]


def test_effects_answer_with_what_would_follow(ann: Caller) -> None:
    account = ann.create_in("account", name="a", industry="paper")
    values = {"name": "o", "account": account["id"], "chance": 10}
    found = ann.call("POST", "/records/order/effects", json={"values": values}).get_json()
    assert found["computed"]["title_line"] == "o / a"
    assert found["computed"]["industry"] == "paper"
    assert found["fields"]["industry"]["readonly"]


def test_pages_show_them_and_forms_follow_them(ann: Caller, page: FlaskClient) -> None:
    product = ann.create_in("product", name="p", price=2000)
    account = ann.create_in("account", name="Acme", industry="steel")
    order = ann.create_in("order", name="o", account=account["id"], chance=50)
    ann.create_in("line", name="l", order=order["id"], product=product["id"], quantity=3)
    shown = page.get(f"/app/order/{order['id']}")
    assert shown.status_code == 200
    assert "6,000.00" in shown.text
    assert "Steel" in shown.text
    assert not re.search(r'name="(total|expected|industry|double)"', shown.text)
    listed = page.get("/app/order")
    assert listed.status_code == 200
    told = re.search(r"&#34;asks&#34;: ?\[[^]]*\]|\"asks\":\[[^]]*\]", shown.text)
    assert told is not None
    assert "chance" in told[0]


def test_what_is_exported_is_read_back(site: Site) -> None:
    entity = site.model.entities["order"]
    mapped = map_columns(entity, list(entity.own_fields), {})
    assert {field.name for field in mapped.values()} == {"name", "account", "stage", "chance"}
