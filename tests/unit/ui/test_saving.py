"""What saving a form touches, and how it meets what somebody else saved meanwhile."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from loomwork.model.actor import Actor, system
from loomwork.publishing.site import Site
from loomwork.records.lists.listing import ListQuery
from tests.unit.ui.clients import signed_in, token, value

SYSTEM = system("tests")
BASES = re.compile(r'name="(_base\.[a-z_]+)" value="([^"]*)"')
Make: TypeAlias = Callable[..., str]


@pytest.fixture(scope="module")
def manager(site: Site) -> FlaskClient:
    return signed_in(site, "mia")


@pytest.fixture
def make(site: Site) -> Make:
    """Return a function that makes a record and returns the address of its page."""

    def create(entity: str, **values: object) -> str:
        record = site.records.create(SYSTEM, entity, {**first(entity), **values})
        return f"/app/{entity}/{record['id']}"

    return create


def first(entity: str) -> dict[str, object]:
    title = {"task": "subject"}.get(entity, "name")
    return {title: "Kept"}


def stored(site: Site, url: str) -> Mapping[str, Any]:
    _, _, entity, id_ = url.split("/")
    return site.records.read(SYSTEM, entity, UUID(id_))


def save(site: Site, url: str, actor: Actor = SYSTEM, **values: object) -> None:
    _, _, entity, id_ = url.split("/")
    site.records.update(actor, entity, UUID(id_), values)


def opened(page: TestResponse) -> dict[str, str]:
    """Return what the form of a page sends along with its visible fields."""
    hidden = {"csrf_token": token(page), "_version": value(page, "_version")}
    return {**hidden, **dict(BASES.findall(page.text))}


def person(site: Site, login: str) -> Actor:
    found = site.records.page(SYSTEM, "user", ListQuery(filter=f"username == '{login}'")).items[0]
    return Actor(name=found["name"], user=found["id"], admin=True)


def test_a_field_that_the_form_does_not_hold_keeps_its_value(
    site: Site, manager: FlaskClient, make: Make
) -> None:
    url = make("account", website="https://kept.example", industry="textiles")
    page = manager.get(url)
    form = {"csrf_token": token(page), "_version": value(page, "_version"), "name": "Renamed"}
    assert manager.post(url, data=form).status_code == 303
    found = stored(site, url)
    assert (found["name"], found["website"]) == ("Renamed", "https://kept.example")
    assert found["industry"] == "textiles"


def test_a_field_that_is_sent_empty_is_emptied(
    site: Site, manager: FlaskClient, make: Make
) -> None:
    url = make("account", website="https://kept.example")
    form = {**opened(manager.get(url)), "website": ""}
    manager.post(url, data=form)
    assert stored(site, url)["website"] is None


def test_a_box_is_unchecked_only_by_a_form_that_shows_it(site: Site, make: Make) -> None:
    admin = signed_in(site, "admin")
    url = make("product", code="P-1")
    page = admin.get(url)
    form = {"csrf_token": token(page), "_version": value(page, "_version"), "code": "P-2"}
    admin.post(url, data=form)
    assert (stored(site, url)["code"], stored(site, url)["active"]) == ("P-2", True)
    page = admin.get(url)
    admin.post(url, data={**opened(page), "code": "P-3"})
    assert stored(site, url)["active"] is False


def test_only_the_sent_fields_of_a_new_record_are_given_to_the_service(
    site: Site, manager: FlaskClient
) -> None:
    form = {"csrf_token": token(manager.get("/app/account/new")), "name": "Short form"}
    answer = manager.post("/app/account/new", data=form)
    assert answer.status_code == 303
    assert stored(site, answer.location)["owner"]["id"] == person(site, "mia").user


def test_a_new_form_suggests_the_owner_and_team_that_the_service_gives(site: Site) -> None:
    team = site.records.create(SYSTEM, "team", {"name": "North"})["id"]
    mia = person(site, "mia")
    site.records.update(SYSTEM, "user", mia.user or team, {"team": str(team)})
    client = signed_in(site, "mia")
    page = client.get("/app/account/new")
    assert f'<option value="{team}" selected>North</option>' in page.text
    form = {"csrf_token": token(page), "name": "Ours", "owner": str(mia.user), "team": str(team)}
    shown = stored(site, client.post("/app/account/new", data=form).location)
    short = {"csrf_token": token(page), "name": "Ours"}
    given = stored(site, client.post("/app/account/new", data=short).location)
    assert (shown["owner"], shown["team"]) == (given["owner"], given["team"])
    assert shown["team"]["id"] == team
    site.records.update(SYSTEM, "user", mia.user or team, {"team": None})


def test_an_option_that_is_no_more_stays_chosen_until_somebody_changes_it(
    site: Site, manager: FlaskClient, make: Make
) -> None:
    url = make("account", name="Gone", industry="textiles")
    with site.store.database.transaction() as connection:
        connection.execute(text("UPDATE account SET industry = 'given_up' WHERE name = 'Gone'"))
    page = manager.get(url)
    assert '<option value="given_up" selected>given_up (no longer an option)</option>' in page.text
    form = {**opened(page), "industry": "given_up", "name": "Renamed"}
    assert manager.post(url, data=form).status_code == 303
    found = stored(site, url)
    assert (found["industry"], found["name"]) == ("given_up", "Renamed")


def test_changes_of_different_fields_are_both_kept(
    site: Site, manager: FlaskClient, make: Make
) -> None:
    url = make("account", website="https://old.example")
    form = {**opened(manager.get(url)), "name": "Mine", "website": "https://old.example"}
    save(site, url, website="https://theirs.example")
    assert manager.post(url, data=form).status_code == 303
    found = stored(site, url)
    assert (found["name"], found["website"]) == ("Mine", "https://theirs.example")


def test_the_same_change_on_both_sides_is_no_conflict(
    site: Site, manager: FlaskClient, make: Make
) -> None:
    url = make("account")
    form = {**opened(manager.get(url)), "name": "Agreed"}
    save(site, url, name="Agreed")
    assert manager.post(url, data=form).status_code == 303


def test_only_what_both_changed_is_asked_about_and_only_my_changes_overwrite(
    site: Site, manager: FlaskClient, make: Make
) -> None:
    url = make("account", website="https://old.example")
    sent = {"name": "Mine", "website": "https://old.example", "phone": "+49 30 901820"}
    form = {**opened(manager.get(url)), **sent}
    save(site, url, person(site, "ann"), name="Theirs", website="https://theirs.example")
    asked = manager.post(url, data=form)
    assert asked.status_code == 412
    assert "Ann Lindqvist saved this record meanwhile." in asked.text
    assert re.findall(r'<th scope="row">([^<]+)', asked.text) == ["Name"]
    again = {**opened(asked), **sent, "website": "https://theirs.example"}
    assert manager.post(url, data=again).status_code == 412
    over = {**again, "_overwrite": value(asked, "_overwrite")}
    assert manager.post(url, data=over).status_code == 303
    found = stored(site, url)
    assert (found["name"], found["phone"]) == ("Mine", "+4930901820")
    assert found["website"] == "https://theirs.example"


def test_overwriting_holds_only_for_what_was_shown(
    site: Site, manager: FlaskClient, make: Make
) -> None:
    url = make("account")
    form = {**opened(manager.get(url)), "name": "Mine"}
    save(site, url, name="Theirs")
    over = {**form, "_overwrite": value(manager.post(url, data=form), "_overwrite")}
    save(site, url, name="Still another")
    assert manager.post(url, data=over).status_code == 412
    assert stored(site, url)["name"] == "Still another"


def test_ones_own_second_window_is_not_called_somebody_else(
    site: Site, manager: FlaskClient, make: Make
) -> None:
    url = make("account")
    form = {**opened(manager.get(url)), "name": "Mine"}
    save(site, url, person(site, "mia"), name="Mine, but elsewhere")
    assert "You saved this record in another window." in manager.post(url, data=form).text


def test_what_is_wrong_after_a_merge_shows_the_present_values_of_the_rest(
    site: Site, manager: FlaskClient, make: Make
) -> None:
    url = make("account", website="https://old.example")
    form = {**opened(manager.get(url)), "name": "", "website": "https://old.example"}
    save(site, url, website="https://theirs.example")
    answer = manager.post(url, data=form)
    assert answer.status_code == 422
    assert value(answer, "website") == "https://theirs.example"
    assert value(answer, "name") == ""


@pytest.mark.parametrize("version", ["9" * 5_000, "", "-1", "²"])
def test_a_version_that_cannot_be_read_is_a_stale_one(
    site: Site, manager: FlaskClient, make: Make, version: str
) -> None:
    url = make("account")
    form = {"csrf_token": token(manager.get(url)), "_version": version, "name": "Mine"}
    for extra in ({}, {"_overwrite": version}):
        assert manager.post(url, data={**form, **extra}).status_code == 412
    assert stored(site, url)["name"] == "Kept"


def test_times_are_read_in_the_zone_in_which_the_form_showed_them(
    site: Site, manager: FlaskClient, make: Make
) -> None:
    url = make("task", due_at="2026-12-01T01:30:00Z")
    page = manager.get(url)
    form = {**opened(page), "_zone": value(page, "_zone"), "due_at": value(page, "due_at")}
    manager.set_cookie("tz", "Asia/Shanghai")
    manager.post(url, data={**form, "subject": "Renamed"})
    manager.delete_cookie("tz")
    found = stored(site, url)
    assert found["subject"] == "Renamed"
    assert found["due_at"] == datetime(2026, 12, 1, 1, 30, tzinfo=UTC)
