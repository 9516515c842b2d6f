"""The JSON forms of all types: what is shown is taken again, what does not fit is told."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from loomwork.cli.packs import install
from loomwork.cli.setup import prepare_site
from loomwork.publishing.site import Site
from loomwork.web.fab.users import Users
from tests.assortment import FULL, assortment
from tests.integration.rest.conftest import PASSWORD, Caller, errors, settings_of


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = prepare_site(settings_of(tmp_path / "home"))
    install(made, [assortment().read()], "test")
    Users(made).add("ann", "Ann", password=PASSWORD, roles=["keeper"])
    made.refresh()
    yield made
    made.close()


def test_what_is_shown_is_what_was_sent_and_is_taken_again(ann: Caller) -> None:
    made = ann.create_in("item", **FULL)
    assert {name: made[name] for name in FULL} == FULL
    read = ann.get(f"/records/item/{made['id']}").json
    assert read == made
    again = ann.call(
        "PATCH", f"/records/item/{made['id']}", json={name: made[name] for name in FULL}
    ).json
    assert again is not None
    assert again["version"] == 1


def test_values_are_taken_in_other_forms_and_shown_in_one(ann: Caller) -> None:
    made = ann.create_in(
        "item",
        name="one",
        email="Ann@EXAMPLE.com",
        phone="030 901820",
        takes="1:30",
        opens_at="09:30:00",
        share=12.5,
        paint="ABC",
        code="x-9",
        extra="[1]",
    )
    assert made["email"] == "ann@example.com"
    assert (made["phone"], made["takes"], made["opens_at"]) == ("+4930901820", "PT1H30M", "09:30")
    assert (made["share"], made["paint"], made["code"]) == ("12.5", "#aabbcc", "X-9")
    assert made["extra"] == [1]


def test_a_list_filters_by_durations_and_shows_them(ann: Caller) -> None:
    ann.create_in("item", **FULL)
    listed = ann.get(
        "/records/item", query_string={"filter": "takes >= hours(1)", "fields": "takes,extra"}
    ).json
    assert listed is not None
    (one,) = listed["items"]
    assert (one["takes"], one["extra"]) == ("PT1H30M", FULL["extra"])


def test_everything_that_does_not_fit_is_told_at_once(ann: Caller) -> None:
    wrong = {
        "email": "x",
        "phone": "x",
        "page": "javascript:alert(1)",
        "code": "a b",
        "paint": "red",
        "ean": "1",
        "extra": 5,
        "opens_at": "25:00",
        "share": "101",
        "stars": 0,
        "takes": "soon",
    }
    answer = ann.call("POST", "/records/item", json={"name": "one", **wrong})
    assert {pointer for pointer, _ in errors(answer)} == {f"/{name}" for name in wrong}


def test_rich_text_is_kept_without_what_could_run(ann: Caller) -> None:
    hostile = '<p onclick="x()">a<script>b</script><img src=x onerror=c><iframe></iframe></p>'
    assert ann.create_in("item", name="one", body=hostile)["body"] == "<p>a</p>"


def test_effects_know_what_is_typed(ann: Caller) -> None:
    values = {"name": "one", "takes": "2h", "stars": 5, "opens_at": "10:00"}
    found = ann.call("POST", "/records/item/effects", json={"values": values}).json
    assert found is not None
    assert found["fill"]["twice"] == "PT4H"
