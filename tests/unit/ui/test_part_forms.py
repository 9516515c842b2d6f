"""Forms and lists of fields with parts and with many values, as the server makes and reads them."""

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from loomwork.model.actor import system
from loomwork.publishing.site import Site
from loomwork.records.lists.listing import ListQuery
from tests.deals_site import make_deals_site
from tests.unit.ui.clients import signed_in, token, value

SYSTEM = system("test")
TYPED: Mapping[str, Any] = {
    "price": ["1,200.50", "usd"],
    "address": ["DE", "", "Berlin", "", "Hauptstr. 1", "10115"],
    "spot": ["52.52, 13.405", ""],
    "channels": ["web", "mail"],
    "words": "warm\nnew\nwarm",
    "phones": "1\r\n2",
}


@pytest.fixture(scope="module")
def deals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = make_deals_site(tmp_path_factory.mktemp("deals"))
    yield site
    site.close()


@pytest.fixture(scope="module")
def ann(deals: Site) -> FlaskClient:
    return signed_in(deals, "ann")


def make(site: Site, name: str, entity: str = "deal", **values: Any) -> Mapping[str, Any]:
    return site.records.create(SYSTEM, entity, {"name": name, **values})


def only(site: Site, name: str) -> Mapping[str, Any]:
    return site.records.page(SYSTEM, "deal", ListQuery(filter=f"name == '{name}'")).items[0]


def base_of(html: Any, name: str) -> dict[str, str]:
    return {f"_base.{name}": value(html, f"_base.{name}")}


def test_what_is_entered_is_kept_shown_and_saved_again_unchanged(
    deals: Site, ann: FlaskClient
) -> None:
    kiel = make(deals, "Kiel", "city")
    page = ann.get("/app/deal/new")
    sent = {
        "csrf_token": token(page),
        "name": "whole",
        **TYPED,
        "about": f"city:{kiel['id']}",
        "cities": [str(kiel["id"])],
    }
    assert ann.post("/app/deal/new", data=sent).status_code == 303
    made = only(deals, "whole")
    assert {name: str(part) for name, part in made["price"].items()} == {
        "amount": "1200.50",
        "currency": "USD",
    }
    assert made["address"]["city"] == "Berlin"
    assert str(made["spot"]["latitude"]) == "52.520000"
    assert (made["channels"], made["words"]) == (("web", "mail"), ("warm", "new"))
    assert made["phones"] == ("1", "2")
    assert made["about"]["title"] == made["cities"][0]["title"] == "Kiel"
    assert str(made["fee"]["amount"]) == "1.50"

    address = f"/app/deal/{made['id']}"
    shown = ann.get(address)
    again = {
        "csrf_token": token(shown),
        "_version": "1",
        **{
            name: found
            for field in ("price", "address", "spot", "channels", "words", "cities", "about")
            for name, found in base_of(shown, field).items()
        },
        **sent,
        "words": "warm\nnew",
    }
    assert ann.post(address, data=again).status_code == 303
    assert only(deals, "whole")["version"] == 1


def test_unticking_everything_empties_a_field(deals: Site, ann: FlaskClient) -> None:
    made = make(deals, "ticked", channels=["web"])
    shown = ann.get(f"/app/deal/{made['id']}")
    sent = {"csrf_token": token(shown), "_version": "1", **base_of(shown, "channels")}
    ann.post(f"/app/deal/{made['id']}", data=sent)
    assert only(deals, "ticked")["channels"] is None


def test_what_cannot_be_read_stays_typed(ann: FlaskClient) -> None:
    page = ann.get("/app/deal/new")
    sent = {
        "csrf_token": token(page),
        "name": "wrong",
        "price": ["12x", "USD"],
        "address": ["DE", "", "Berlin", "", "", "1" * 30],
        "words": "kept\n" + "x" * 80,
        "channels": ["web"],
    }
    answer = ann.post("/app/deal/new", data=sent)
    assert answer.status_code == 422
    assert 'value="12x"' in answer.text
    assert 'value="USD"' in answer.text
    assert "1" * 30 in answer.text
    assert "kept\n" in answer.text
    assert re.search(r'value="web" checked', answer.text)
    for name in ("price", "address", "words"):
        assert f'id="f-{name}-error"' in answer.text


def test_a_conflict_shows_both_values(deals: Site, ann: FlaskClient) -> None:
    made = make(deals, "both", price={"amount": "1", "currency": "USD"}, words=["a"])
    address = f"/app/deal/{made['id']}"
    shown = ann.get(address)
    deals.records.update(SYSTEM, "deal", made["id"], {"price": "7", "words": ["b"]})
    sent = {
        "csrf_token": token(shown),
        "_version": "1",
        **base_of(shown, "price"),
        **base_of(shown, "words"),
        "price": ["9", "USD"],
        "words": "c\nd",
    }
    answer = ann.post(address, data=sent)
    assert answer.status_code == 412
    text = re.sub(r"<[^>]+>", "|", answer.text)
    assert re.search(r"Price\|+€7\.00\|+9 USD", text)
    assert re.search(r"Words\|+b\|+c, d", text)


def test_effects_know_the_worth_of_what_is_typed(ann: FlaskClient) -> None:
    page = ann.get("/app/deal/new")
    sent = {"csrf_token": token(page), "name": "x", "price": ["1,112", "USD"]}
    assert ann.post("/app/deal/effects", data=sent).json["fields"]["large"]["visible"]  # type: ignore[index]
    sent["price"] = ["1,111", "USD"]
    assert not ann.post("/app/deal/effects", data=sent).json["fields"]["large"]["visible"]  # type: ignore[index]


def test_the_browser_follows_sets_by_itself_and_asks_about_parts(ann: FlaskClient) -> None:
    page = ann.get("/app/deal/new")
    found = re.search(r'data-conditions="([^"]*)"', page.text)
    assert found
    told = json.loads(unescape(found.group(1)))
    assert {program[0] for program in told["programs"]} == {"page", "silent"}
    assert {"address", "price"} <= set(told["asks"])
    assert told["fields"]["channels"]["type"] == "multi_select"


@pytest.mark.parametrize(
    ("field", "operator", "values", "filter_"),
    [
        ("price", ">=", ["1,000"], "price >= 1000"),
        ("price.currency", "==", ["usd"], "price.currency == 'USD'"),
        ("address", "contains", ["Haupt"], "contains(address, 'Haupt')"),
        ("address.city", "==", ["Berlin"], "address.city == 'Berlin'"),
        ("channels", "in", ["web"], "'web' in channels"),
        ("channels", "in", ["web", "fair"], "('web' in channels or 'fair' in channels)"),
        ("words", "not in", ["warm"], "'warm' not in words"),
        ("phones", "is None", [], "phones is None"),
        ("about.entity", "in", ["city"], "about.entity == 'city'"),
    ],
)
def test_lists_are_filtered_by_parts_and_members(
    ann: FlaskClient, field: str, operator: str, values: list[str], filter_: str
) -> None:
    asked = ann.get("/app/deal/condition", query_string={"filter_field": field})
    assert f'value="{operator}"' in asked.text.replace("&gt;", ">")
    query = {"filter_field": field, "filter_operator": operator, "filter_value": values}
    answer = ann.get("/app/deal", query_string=query, follow_redirects=True)
    assert answer.status_code == 200
    assert answer.request.args["filter"] == filter_
    assert "<code>" not in answer.text.split('class="chip"')[1].split("</span>")[0]
    assert 'id="filter-error"' not in answer.text


def test_tags_in_use_are_suggested_to_those_who_may_read_them(
    deals: Site, ann: FlaskClient
) -> None:
    make(deals, "tagged", words=["Blue sky", "green"])
    make(deals, "tagged too", words=["green"])
    assert ann.get("/app/deal/used/words?q=SKY").json == ["Blue sky"]
    assert ann.get("/app/deal/used/words").json[0] in ("green", "warm")  # type: ignore[index]
    assert ann.get("/app/deal/used/name").status_code == 404


def test_an_address_of_a_new_record_can_suggest_parts(ann: FlaskClient) -> None:
    page = ann.get("/app/deal/new?price=5&price=CHF&channels=web&channels=fair")
    assert 'value="CHF"' in page.text
    assert page.text.count(" checked") == 2
