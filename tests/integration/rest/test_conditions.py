"""Conditions, checks and effects over REST: for each kind one record that has to stay out."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from loomwork.publishing.site import Site
from tests.integration.rest.conftest import Caller, caller, errors, problem


@pytest.fixture
def template(trade_template: Path) -> Path:
    """Return the site with the pack of deals; each test gets a copy."""
    return trade_template


@pytest.fixture
def boss(app: Flask, site: Site) -> Caller:
    """Return somebody whom no role and no form restricts."""
    return caller(app, site, "boss")


@pytest.fixture
def seller(app: Flask, site: Site) -> Caller:
    """Return a seller, for whom there is a form."""
    return caller(app, site, "seller")


def post(who: Caller, accept: str = "", **values: Any) -> TestResponse:
    query = {"accept": accept} if accept else {}
    return who.call("POST", "/records/deal", json={"name": "a", **values}, query_string=query)


def effects(who: Caller, **question: Any) -> dict[str, Any]:
    answer = who.call("POST", "/records/deal/effects", json=question)
    assert answer.status_code == 200, answer.json
    found: dict[str, Any] = answer.get_json()
    return found


REFUSED: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"stage": "lost"}, [("/reason", "required")]),
    ({"kind": "renewal"}, [("/kind", "not_offered")]),
    ({"stage": "won"}, [("/amount", "check")]),
    ({"amount": 3, "limit": 2}, [("", "check")]),
    ({"amount": 10000}, [("/amount", "warning")]),
    ({"stage": "quoted"}, [("", "check")]),
]
ADMITTED: list[dict[str, Any]] = [
    {"stage": "lost", "reason": "price"},
    {"kind": "first"},
    {"stage": "won", "amount": 1},
    {"amount": 3, "limit": 3},
    {"amount": 9999},
    {},
]


@pytest.mark.parametrize(("values", "told"), REFUSED)
def test_a_record_that_breaks_a_rule_is_refused_at_its_field(
    boss: Caller, values: dict[str, Any], told: list[tuple[str, str]]
) -> None:
    assert errors(post(boss, **values)) == told


@pytest.mark.parametrize("values", ADMITTED)
def test_a_record_that_keeps_the_rules_is_created(boss: Caller, values: dict[str, Any]) -> None:
    assert post(boss, **values).status_code == 201


@pytest.mark.parametrize(("values", "told"), REFUSED)
def test_a_change_is_held_to_the_same_rules(
    boss: Caller, values: dict[str, Any], told: list[tuple[str, str]]
) -> None:
    made = post(boss).get_json()
    answer = boss.call("PATCH", f"/records/deal/{made['id']}", json=values)
    assert errors(answer) == told


def test_a_locked_field_is_not_changed(boss: Caller) -> None:
    made = post(boss, stage="won", amount=1).get_json()
    place = f"/records/deal/{made['id']}"
    assert errors(boss.call("PATCH", place, json={"amount": 2})) == [("/amount", "readonly")]
    assert boss.call("PATCH", place, json={"amount": 2, "stage": "open"}).status_code == 200


def test_a_link_that_the_filter_leaves_out_is_refused(boss: Caller) -> None:
    account = boss.create_in("account", name="k")
    contact = boss.create_in("contact", name="c", account=account["id"])
    assert errors(post(boss, contact=contact["id"])) == [("/contact", "does_not_fit")]
    assert post(boss, contact=contact["id"], account=account["id"]).status_code == 201


def test_values_come_by_default_by_link_and_normalised(boss: Caller) -> None:
    region = boss.create_in("region", name="North")
    account = boss.create_in("account", name="k", region=region["id"], credit="7.50")
    made = post(boss, account=account["id"], code=" ａb ").get_json()
    assert made["region"] == {"id": region["id"], "title": "North"}
    assert (made["limit"], made["code"], made["share"]) == ("7.50", "AB", 4)


def test_a_warning_is_told_with_its_name_which_accepts_it(boss: Caller) -> None:
    (told,) = problem(post(boss, amount=10000), 422)["errors"]
    assert told == {
        "pointer": "/amount",
        "code": "warning",
        "message": "That is unusually much.",
        "check": "large",
    }
    made = post(boss, accept="large", amount=10000)
    assert made.status_code == 201
    place = f"/records/deal/{made.get_json()['id']}"
    assert errors(boss.call("PATCH", place, json={"amount": 10001})) == [("/amount", "warning")]
    again = boss.call("PATCH", f"{place}?accept=large", json={"amount": 10001})
    assert again.status_code == 200


@pytest.mark.parametrize("name", ["larg", "below_limit", "amount_to_close", "\x00", "x" * 300])
def test_a_name_that_is_no_warning_s_is_refused(boss: Caller, name: str) -> None:
    assert errors(post(boss, accept=name)) == [("/accept", "unknown_warning")]


def test_the_nearest_warning_is_proposed(boss: Caller) -> None:
    (told,) = problem(post(boss, accept="lrage"), 422)["errors"]
    assert "“large”" in told["message"]


def test_other_parameters_are_refused_as_before(boss: Caller) -> None:
    answer = boss.call("POST", "/records/deal?accpet=large", json={"name": "a"})
    assert errors(answer) == [("/accpet", "unknown_parameter")]
    answer = boss.call("POST", "/records/deal?accept=large&accept=x", json={"name": "a"})
    assert errors(answer) == [("/accept", "repeated_parameter")]


def test_refusals_are_in_the_caller_s_language(boss: Caller) -> None:
    chinese = {"headers": {"Accept-Language": "zh-CN"}}
    answer = boss.call("POST", "/records/deal", json={"name": "a", "stage": "won"}, **chinese)
    assert [told["message"] for told in problem(answer, 422)["errors"]] == ["赢单必须填写金额。"]
    made = boss.create_in("deal", name="a", margin=90)
    assert made["flags"] == [{"name": "odd_margin", "message": "Unusually high margin."}]
    read = boss.get(f"/records/deal/{made['id']}", **chinese).get_json()
    assert read["flags"] == [{"name": "odd_margin", "message": "利润率异常偏高。"}]


def test_a_record_alone_carries_flags_and_completeness_and_a_list_does_not(boss: Caller) -> None:
    made = post(boss, amount=1, margin=1).get_json()
    assert made["flags"] == []
    assert made["completeness"] == {"percent": 67, "missing": ["account"]}
    (listed,) = boss.get("/records/deal").get_json()["items"]
    assert {"flags", "completeness"}.isdisjoint(listed)
    contact = boss.create_in("contact", name="c")
    assert {"flags", "completeness"}.isdisjoint(contact)


def test_the_form_of_a_role_rules_over_rest_too(boss: Caller, seller: Caller) -> None:
    values: dict[str, Any] = {"stage": "won", "amount": 600}
    assert errors(post(seller, **values)) == [("/margin", "required")]
    assert post(boss, **values).status_code == 201


def test_effects_tell_what_holds_while_a_record_is_edited(boss: Caller) -> None:
    found = effects(boss, values={"stage": "lost"})
    assert found["fields"]["reason"] == {"visible": True, "required": True, "readonly": False}
    assert found["fields"]["kind"]["options"] == ["first"]
    assert found["completeness"] == {"percent": 0, "missing": ["account", "amount", "margin"]}
    made = post(boss, stage="won", amount=1).get_json()
    stored = effects(boss, id=made["id"], values={"margin": 5})
    assert stored["fields"]["amount"]["readonly"]
    assert stored["fill"] == {}
    assert stored["completeness"]["percent"] == 67


def test_effects_take_a_value_that_cannot_be_read_as_missing_and_say_so(boss: Caller) -> None:
    found = effects(boss, values={"amount": "much", "colour": 1, "stage": "lost"})
    assert [(told["pointer"], told["code"]) for told in found["errors"]] == [
        ("/amount", "not_a_number"),
        ("/colour", "unknown_field"),
    ]
    assert found["fields"]["reason"]["required"]


def test_effects_name_the_form_that_they_are_of(seller: Caller) -> None:
    assert effects(seller, values={})["form"] == "deal_for_sellers"
    assert "form" not in effects(seller, values={"stage": "lost"})
    chosen = effects(seller, values={"stage": "lost"}, form="deal_for_sellers")
    assert chosen["form"] == "deal_for_sellers"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ([], ("", "not_an_object")),
        ({"value": {}}, ("/value", "unknown_key")),
        ({"values": []}, ("", "not_an_object")),
        ({"values": {}, "form": 1}, ("/form", "not_text")),
        ({"values": {}, "id": 1}, ("/id", "not_text")),
    ],
)
def test_a_question_that_cannot_be_read_is_refused(
    boss: Caller, body: object, error: tuple[str, str]
) -> None:
    assert errors(boss.call("POST", "/records/deal/effects", json=body)) == [error]


def test_effects_of_what_is_not_there_are_not_found(boss: Caller, seller: Caller) -> None:
    nothing = "0190a000-0000-7000-8000-000000000000"
    for name, what in (("id", nothing), ("id", "x"), ("form", "nowhere")):
        problem(boss.call("POST", "/records/deal/effects", json={name: what}), 404)
    problem(boss.call("POST", "/records/dael/effects", json={"values": {}}), 404)
    hidden = boss.create_in("account", name="h", hidden=True)
    question: dict[str, Any] = {"id": hidden["id"], "values": {}}
    problem(seller.call("POST", "/records/account/effects", json=question), 404)
