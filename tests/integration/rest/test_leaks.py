"""Nothing of a record that a caller may not read shows in what he can ask about others."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from loomwork.publishing.site import Site
from loomwork.web.fab.users import Users
from tests.integration.rest.conftest import Caller, caller

FILTERS = (
    "account.name == 'Secret'",
    "account.name != 'Secret'",
    "not (account.name == 'Secret')",
    "account.name is None",
    "account.name is not None",
    "contains(account.name, 'ecr')",
    "length(account.name) > 3",
    "account.name in ['Secret', 'Other']",
    "account.credit > 10",
    "account.customer",
    "not account.customer",
    "account.owner == user",
    "account.region.name == 'North'",
    "coalesce(account.name, name) == 'Secret'",
    "(1 if account.customer else 2) == 1",
    "amount / account.credit > 1",
    "contact.account.name == 'Secret'",
    "any(account.contacts, name == 'Spy')",
    "count(account.contacts) > 1",
    "all(account.contacts, name == 'Spy')",
    "sum(account.deals, amount) > 100",
    "max(account.deals, amount) > 10",
    "count(account.deals, account.credit > 10) > 0",
    "any(lines, deal.account.customer)",
)
OTHERWISE = {"name": "Other", "credit": "1.00", "customer": True, "region": None, "owner": None}


@pytest.fixture
def template(trade_template: Path) -> Path:
    """Return the site with the pack of deals; each test gets a copy."""
    return trade_template


@pytest.fixture
def boss(app: Flask, site: Site) -> Caller:
    """Return somebody who sees and may do everything in the pack."""
    return caller(app, site, "boss")


@pytest.fixture
def seller(app: Flask, site: Site) -> Caller:
    """Return a seller with a team, who sees his team's deals and no hidden account."""
    root = Users(site)
    root.add("admin", "Admin", password="correct horse", admin=True)
    admin = caller(app, site, "admin")
    team = admin.create_in("team", name="North")
    found = root.find("seller")
    answer = admin.call("PATCH", f"/records/user/{found.id}", json={"team": team["id"]})
    assert answer.status_code == 200
    return caller(app, site, "seller")


@pytest.fixture
def hidden(boss: Caller, seller: Caller) -> dict[str, Any]:
    """Return a hidden account with a contact; the seller sees two deals, one of them with it."""
    region = boss.create_in("region", name="North")
    secret = {"name": "Secret", "credit": "99.00", "region": region["id"], "hidden": True}
    account = boss.create_in("account", **secret)
    contact = boss.create_in("contact", name="Spy", account=account["id"])
    team = seller.create_in("deal", name="open deal", amount=5)["team"]
    boss.create_in(
        "deal",
        name="secret deal",
        amount=50,
        account=account["id"],
        contact=contact["id"],
        team=team["id"],
    )
    boss.create_in("deal", name="unseen deal", amount=80, account=account["id"], team=None)
    return account


def seen(who: Caller, **query: str) -> list[Any]:
    answer = who.get("/records/deal", query_string={"count": "exact", **query})
    assert answer.status_code == 200, answer.json
    return [answer.get_json()["count"], *(item["name"] for item in answer.get_json()["items"])]


def answers(who: Caller) -> dict[str, Any]:
    """Return everything that the caller can find out about the deals by asking."""
    found: dict[str, Any] = {text: seen(who, filter=text) for text in FILTERS}
    found |= {f"sort {key}": seen(who, sort=key) for key in ("account", "-account,name")}
    found["list"] = who.get("/records/deal").get_json()
    return found


@pytest.mark.usefixtures("hidden")
def test_the_seller_sees_the_deal_and_not_its_account(seller: Caller) -> None:
    items = seller.get("/records/deal", query_string={"sort": "name"}).get_json()["items"]
    assert [item["name"] for item in items] == ["open deal", "secret deal"]
    assert items[1]["account"].keys() == {"id"}


def test_whatever_the_hidden_record_holds_every_answer_is_the_same(
    boss: Caller, seller: Caller, hidden: dict[str, Any]
) -> None:
    before = answers(seller)
    assert boss.call("PATCH", f"/records/account/{hidden['id']}", json=OTHERWISE).status_code == 200
    # The second contact and the unseen deal belong to what cannot be read, too.
    boss.create_in("contact", name="Other", account=hidden["id"])
    assert answers(seller) == before


def test_a_hidden_record_is_as_if_the_link_led_nowhere(
    seller: Caller, hidden: dict[str, Any]
) -> None:
    del hidden
    assert seen(seller, filter="account.name is None", sort="name") == [
        2,
        "open deal",
        "secret deal",
    ]
    assert seen(seller, filter="account.name == 'Secret'") == [0]
    assert seen(seller, filter="account.credit > 10 or account.customer") == [0]


def test_the_boss_sees_what_the_seller_does_not(boss: Caller, hidden: dict[str, Any]) -> None:
    del hidden
    assert seen(boss, filter="account.name == 'Secret'", sort="name")[0] == 2


def test_a_grant_over_a_link_sees_what_its_holder_does_not(
    boss: Caller, seller: Caller, hidden: dict[str, Any], site: Site
) -> None:
    me = str(Users(site).find("seller").id)
    place = f"/records/account/{hidden['id']}"
    assert boss.call("PATCH", place, json={"owner": me}).status_code == 200
    # The account stays hidden from its owner, yet the grant admits the account's deals.
    assert seller.get(place).status_code == 404
    assert seen(seller, sort="name") == [3, "open deal", "secret deal", "unseen deal"]
