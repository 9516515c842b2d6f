"""Forms whose fields depend on values: what the server renders, answers and saves."""

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from loomwork.model.actor import system
from loomwork.publishing.site import Site
from loomwork.records.lists.listing import ListQuery
from tests.browser.conditions_pack import make_offers_site
from tests.unit.ui.clients import signed_in, token, value

SYSTEM = system("test")
NEW = "/app/offer/new"


@pytest.fixture(scope="module")
def offers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = make_offers_site(tmp_path_factory.mktemp("offers"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def clerk(offers: Site) -> FlaskClient:
    return signed_in(offers, "cleo")


def only(site: Site, entity: str, name: str) -> Mapping[str, Any]:
    return site.records.page(SYSTEM, entity, ListQuery(filter=f"name == '{name}'")).items[0]


def address(site: Site, name: str) -> str:
    return f"/app/offer/{only(site, 'offer', name)['id']}"


def field(page: TestResponse, name: str) -> str:
    found = re.search(
        rf'<div class="field[^>]*data-field="{name}"[^>]*>.*?</fieldset>', page.text, re.S
    )
    assert found, name
    return found.group(0)


def options(page: TestResponse, name: str) -> list[str]:
    return re.findall(r'<option value="([^"]+)"', field(page, name))


def conditions(page: TestResponse) -> dict[str, Any]:
    found = re.search(r'data-conditions="([^"]*)"', page.text)
    assert found
    told: dict[str, Any] = json.loads(unescape(found.group(1)))
    return told


def sent(page: TestResponse, **typed: str) -> dict[str, str]:
    """Return what a browser sends of a new offer's page, with what somebody has typed."""
    names = re.findall(r'name="_base\.([a-z_]+)"', page.text)
    bases = {f"_base.{name}": value(page, f"_base.{name}") for name in names}
    begun = {"kind": "new", "stage": "open", "reference": "Offer", "name": ""}
    return {"csrf_token": token(page), "_form": "offer", **bases, **begun, **typed}


def test_the_first_sight_is_already_right(offers: Site, clerk: FlaskClient) -> None:
    page = clerk.get(NEW)
    assert " hidden>" in field(page, "close_reason").split("\n")[0]
    assert " hidden>" in field(page, "referred_by").split("\n")[0]
    assert options(page, "kind") == ["new"]
    assert re.search(r'<fieldset class="section columns-1" hidden>', page.text)
    acme = only(offers, "customer", "Acme")["id"]
    suggested = clerk.get(f"{NEW}?customer={acme}")
    assert " hidden>" not in field(suggested, "referred_by").split("\n")[0]
    assert options(suggested, "kind") == ["new", "renewal"]
    assert ">North</option>" in field(suggested, "region")


def test_a_locked_field_is_shown_as_a_value_and_its_input_sends_nothing(
    offers: Site, clerk: FlaskClient
) -> None:
    locked = field(clerk.get(address(offers, "Won offer")), "discount")
    assert '<fieldset class="input" role="presentation" disabled hidden>' in locked
    assert re.search(r'<div class="value"[^>]*data-shown>5.0</div>', locked)
    assert "disabled" not in field(clerk.get(address(offers, "Stale offer")), "discount")


def test_only_what_the_form_itself_holds_is_left_to_the_browser(
    offers: Site, clerk: FlaskClient
) -> None:
    told = conditions(clerk.get(NEW))
    assert {tuple(one[:3]) for one in told["programs"]} == {
        ("close_reason", "visible", ""),
        ("close_reason", "required", ""),
        ("amount", "required", ""),
        ("kind", "option", "large"),
        ("approver", "visible", ""),
        ("approver", "required", ""),
    }
    assert told["asks"] == ["contact", "customer", "name"]
    won = conditions(clerk.get(address(offers, "Won offer")))
    assert ["discount", "readonly"] in [one[:2] for one in won["programs"]]
    assert won["asks"] == ["contact", "customer"]


def test_a_page_without_conditions_tells_the_browser_nothing(clerk: FlaskClient) -> None:
    assert "data-conditions" not in clerk.get("/app/region/new").text


def test_the_server_answers_what_needs_other_records(offers: Site, clerk: FlaskClient) -> None:
    page = clerk.get(NEW)
    bolt = str(only(offers, "customer", "Bolt")["id"])
    south = only(offers, "region", "South")["id"]
    told = clerk.post("/app/offer/effects", data=sent(page, name="A", customer=bolt)).get_json()
    assert told["fill"]["region"] == {"entry": str(south), "title": "South"}
    assert told["fill"]["reference"] == {"entry": "Offer A", "title": ""}
    assert told["fields"]["referred_by"]["visible"] is False
    assert told["fields"]["kind"]["options"] == ["new"]
    north = str(only(offers, "region", "North")["id"])
    form = sent(page, customer=bolt, region=north)
    assert "region" not in clerk.post("/app/offer/effects", data=form).get_json()["fill"]
    again = clerk.post("/app/offer/effects", data={**form, "_filled.region": ""}).get_json()
    assert again["fill"]["region"]["title"] == "South"


def test_a_link_offers_only_what_fits_to_what_is_typed(offers: Site, clerk: FlaskClient) -> None:
    form = sent(clerk.get(NEW), customer=str(only(offers, "customer", "Acme")["id"]))
    found = clerk.post("/app/offer/lookup/contact", data={**form, "_q": "o"}).get_json()
    assert [one["title"] for one in found] == ["Ada of Acme"]
    without = clerk.post("/app/offer/lookup/contact", data={**form, "customer": ""})
    assert without.get_json() == []
    assert clerk.post("/app/offer/lookup/name", data=form).status_code == 404


@pytest.mark.parametrize("record", ["nonsense", "00000000-0000-7000-8000-000000000000"])
def test_what_is_asked_of_no_record_is_not_found(clerk: FlaskClient, record: str) -> None:
    form = sent(clerk.get(NEW))
    assert clerk.post(f"/app/offer/effects?record={record}", data=form).status_code == 404


def test_what_a_hidden_field_holds_is_not_saved(offers: Site, clerk: FlaskClient) -> None:
    form = sent(clerk.get(NEW), name="Hidden reason", close_reason="Too dear")
    assert clerk.post(NEW, data=form).status_code == 303
    assert only(offers, "offer", "Hidden reason")["close_reason"] is None
    shown = sent(clerk.get(NEW), name="Seen reason", close_reason="Too dear", stage="lost")
    assert clerk.post(NEW, data=shown).status_code == 303
    assert only(offers, "offer", "Seen reason")["close_reason"] == "Too dear"
    url = address(offers, "Seen reason")
    change = {
        "csrf_token": token(clerk.get(url)),
        "_version": "1",
        "_form": "offer",
        "stage": "open",
        "close_reason": "Something else",
    }
    assert clerk.post(url, data=change).status_code == 303
    stored = only(offers, "offer", "Seen reason")
    assert (stored["stage"], stored["close_reason"]) == ("open", "Too dear")


def test_what_follows_is_saved_unless_it_was_set_by_hand(offers: Site, clerk: FlaskClient) -> None:
    bolt = str(only(offers, "customer", "Bolt")["id"])
    clerk.post(NEW, data=sent(clerk.get(NEW), name="Follows", customer=bolt))
    followed = only(offers, "offer", "Follows")
    assert followed["region"]["title"] == "South"
    assert followed["reference"] == "Offer Follows"
    by_hand = sent(clerk.get(NEW), name="By hand", customer=bolt, region="")
    clerk.post(NEW, data={**by_hand, "_given.region": "1", "reference": "R-1"})
    set_ = only(offers, "offer", "By hand")
    assert (set_["region"], set_["reference"]) == (None, "R-1")


def test_a_warning_is_accepted_by_name_and_a_refusal_is_not(
    offers: Site, clerk: FlaskClient
) -> None:
    form = sent(clerk.get(NEW), name="Doubtful", discount="45")
    asked = clerk.post(NEW, data=form)
    assert asked.status_code == 422
    assert value(asked, "_accept") == "dear"
    assert value(asked, "discount") == "45"
    refused = clerk.post(NEW, data={**form, "discount": "200", "_accept": "dear"})
    assert refused.status_code == 422
    assert 'name="_accept"' not in refused.text
    assert clerk.post(NEW, data={**form, "_accept": "dear,no_such"}).status_code == 303
    assert only(offers, "offer", "Doubtful")["discount"] == 45


def test_what_a_condition_asks_for_is_told_beside_its_field(clerk: FlaskClient) -> None:
    form = sent(clerk.get(NEW), name="Lost", stage="lost")
    answer = clerk.post(NEW, data=form)
    assert answer.status_code == 422
    assert 'id="f-close_reason-error"' in answer.text
    assert " hidden>" not in field(answer, "close_reason").split("\n")[0]


def test_flags_and_what_is_missing_are_shown(offers: Site, clerk: FlaskClient) -> None:
    page = clerk.get(address(offers, "Stale offer"))
    assert "The close date is long past." in page.text
    assert "60% complete" in page.text
    assert '<a class="menu-item" href="#f-amount" data-goes-to>Amount</a>' in page.text
    assert 'class="standing"' not in clerk.get(NEW).text
