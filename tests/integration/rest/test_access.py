"""Who sees and does what: roles, owners, tokens, users that come and go."""

from datetime import timedelta

import pytest
from flask import Flask

from loomwork.publishing.site import Site
from loomwork.web.fab.users import Users
from loomwork.web.tokens import Tokens
from tests.integration.rest.conftest import PASSWORD, Caller, problem


def test_two_users_see_different_lists_and_their_manager_sees_all(
    ann: Caller, bob: Caller, mia: Caller, root: Caller
) -> None:
    mine, his = ann.create(name="Aster"), bob.create(name="Birke")
    assert [item["id"] for item in ann.list()] == [mine["id"]]
    assert [item["id"] for item in bob.list()] == [his["id"]]
    everything = {mine["id"], his["id"]}
    assert {item["id"] for item in mia.list()} == everything
    assert {item["id"] for item in root.list()} == everything
    counted = ann.get("/records/plant?count=exact").json or {}
    assert counted["count"] == 1


def test_a_filter_never_widens_what_is_seen(ann: Caller, bob: Caller) -> None:
    bob.create(name="Birke")
    assert ann.list(filter="name == 'Birke' or height is None or not (name == 'x')") == []


def test_a_record_of_another_is_as_if_it_were_not(ann: Caller, bob: Caller) -> None:
    place = f"/records/plant/{bob.create(name='Birke')['id']}"
    nothing = "/records/plant/0190a000-0000-7000-8000-000000000000"
    for method, end in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/restore")):
        answers = [ann.call(method, path + end, json={}) for path in (place, nothing)]
        known, unknown = (problem(answer, 404) for answer in answers)
        assert known["detail"] == unknown["detail"]


def test_what_is_seen_but_not_granted_is_forbidden(ann: Caller, mia: Caller) -> None:
    record = ann.create(name="Aster", alive=True)
    dead = mia.patch(record, alive=False)
    assert dead.status_code == 200
    problem(ann.patch(record, height=3), 403)
    bed = mia.create_in("bed", name="North")
    place = f"/records/bed/{bed['id']}"
    assert ann.get(place).status_code == 200
    problem(ann.call("POST", "/records/bed", json={"name": "Mine"}), 403)
    problem(ann.call("PATCH", place, json={"name": "Mine"}), 403)
    problem(ann.call("DELETE", place), 403)


def test_giving_a_record_away_needs_a_grant(ann: Caller, bob: Caller, mia: Caller) -> None:
    record, his = ann.create(name="Aster"), bob.create(name="Birke")
    given = {"owner": his["owner"]["id"]}
    problem(ann.patch(record, **given), 403)
    problem(ann.call("POST", "/records/plant", json={"name": "C", **given}), 403)
    assert mia.patch(record, **given).status_code in (200, 422)


def test_a_user_without_a_role_sees_nothing_and_may_nothing(guest: Caller, ann: Caller) -> None:
    ann.create(name="Aster")
    assert guest.list() == []
    problem(guest.call("POST", "/records/plant", json={"name": "Mine"}), 403)


def test_users_are_not_made_through_records(root: Caller) -> None:
    body = {"username": "eve", "name": "Eve"}
    problem(root.call("POST", "/records/user", json=body), 403)


def test_the_platform_s_own_tables_are_no_entities(root: Caller) -> None:
    for name in ("lw_token", "ab_user", "sqlite_master", "plant%20", "Plant", "plant;"):
        problem(root.get(f"/records/{name}"), 404)


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer lw_", "Bearer lw_x", "Basic YW5uOng=", "lw_x", "Bearer é"],
)
def test_a_request_without_a_valid_token_has_to_sign_in(app: Flask, header: str) -> None:
    client = app.test_client()
    for method, path in (("GET", ""), ("POST", ""), ("GET", "/1"), ("PATCH", "/1")):
        answer = client.open(
            f"/api/v1/records/plant{path}", method=method, headers={"Authorization": header}
        )
        problem(answer, 401)
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_from_a_password_serves_like_any_other(app: Flask, ann: Caller) -> None:
    body = {"username": "ann", "password": PASSWORD, "provider": "db"}
    answer = app.test_client().post("/api/v1/security/login", json=body)
    assert answer.json is not None
    ann.create(name="Aster")
    assert len(Caller(app.test_client(), answer.json["access_token"]).list()) == 1


def test_a_token_ends_when_it_expires(app: Flask, site: Site) -> None:
    user = Users(site).find("ann").id
    short = Tokens(site).issue(user, "short", timedelta(microseconds=1))
    problem(Caller(app.test_client(), short.secret).get("/records/plant"), 401)


def test_a_revoked_token_ends_at_the_next_request(app: Flask, site: Site) -> None:
    tokens, user = Tokens(site), Users(site).find("ann").id
    issued = tokens.issue(user, "test")
    caller = Caller(app.test_client(), issued.secret)
    assert caller.list() == []
    tokens.revoke(issued.id)
    problem(caller.get("/records/plant"), 401)


def test_a_disabled_user_is_out_at_the_next_request_and_in_when_enabled(
    ann: Caller, site: Site
) -> None:
    users = Users(site)
    assert ann.list() == []
    users.disable("ann")
    problem(ann.get("/records/plant"), 401)
    problem(ann.call("POST", "/records/plant", json={"name": "Late"}), 401)
    users.enable("ann")
    assert ann.list() == []


def test_a_role_counts_from_the_request_after_it_was_given_or_taken(
    ann: Caller, bob: Caller, site: Site
) -> None:
    users = Users(site)
    bob.create(name="Birke")
    assert ann.list() == []
    users.set_roles("ann", ["head"])
    assert len(ann.list()) == 1
    users.set_roles("ann", [])
    assert ann.list() == []
    problem(ann.call("POST", "/records/plant", json={"name": "Late"}), 403)
