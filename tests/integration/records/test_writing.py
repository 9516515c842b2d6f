"""What creating, changing, deleting and restoring promise."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from loomwork.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    StaleVersionError,
)
from loomwork.model.actor import Actor, system
from loomwork.publishing.site import Site
from loomwork.records.lists.listing import ListQuery
from tests.sites import TESTER, person

FULL: dict[str, Any] = {
    "name": "  Müller & 苏州江南 𠀀 ",
    "code": "A-1",
    "notes": "one\r\ntwo",
    "seats": "12",
    "price": "1200.5",
    "built": "0001-01-01",
    "checked": "9999-12-31T23:59:59.999999Z",
    "running": False,
    "state": "closed",
    "order": -5,
    "group": "g",
    "row_id": "r",
    "fields": "f",
    "load": "l",
    "xmin": 3,
}


def problems(caught: pytest.ExceptionInfo[InvalidError]) -> list[tuple[str, str]]:
    return [(problem.pointer, problem.code) for problem in caught.value.problems]


def test_a_record_reads_as_it_was_written(site: Site, ann: Actor) -> None:
    made = site.records.create(ann, "machine", FULL)
    wanted = {
        **FULL,
        "name": "Müller & 苏州江南 𠀀",
        "notes": "one\ntwo",
        "seats": 12,
        "price": Decimal("1200.5000"),
        "built": date(1, 1, 1),
        "checked": datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    }
    assert {name: made[name] for name in wanted} == wanted
    assert site.records.read(ann, "machine", made["id"]) == made
    assert made["owner"] == made["created_by"] == {"id": ann.user}
    assert (made["version"], made["deleted_at"], made["maker"], made["serial"]) == (
        1,
        None,
        None,
        None,
    )


def test_defaults_fill_what_is_not_given_and_nothing_else(site: Site, ann: Actor) -> None:
    assert site.records.create(ann, "machine", {"name": "a"})["state"] == "open"
    assert site.records.create(ann, "machine", {"name": "a", "state": None})["state"] is None


def test_an_empty_text_is_missing_for_every_type(site: Site, ann: Actor) -> None:
    given = dict.fromkeys(FULL, "") | {"name": "a", "maker": ""}
    made = site.records.create(ann, "machine", given)
    assert {made[name] for name in given} == {"a", None}


def test_every_bad_field_is_named_at_once_with_a_hint_for_unknown_ones(
    site: Site, ann: Actor
) -> None:
    given = {"nam": "a", "seats": 1001, "built": "31.1.2026", "serial": "x", "version": 7, "id": 1}
    with pytest.raises(InvalidError) as caught:
        site.records.create(ann, "machine", given)
    assert sorted(problems(caught)) == [
        ("/built", "not_a_date"),
        ("/id", "readonly"),
        ("/nam", "unknown_field"),
        ("/name", "required"),
        ("/seats", "too_large"),
        ("/serial", "readonly"),
        ("/version", "readonly"),
    ]
    assert "Did you mean “name”?" in str(caught.value)


def test_a_required_field_cannot_be_left_out_or_emptied(site: Site, ann: Actor) -> None:
    with pytest.raises(InvalidError) as caught:
        site.records.create(ann, "machine", {})
    assert problems(caught) == [("/name", "required")]
    made = site.records.create(ann, "machine", {"name": "a"})
    with pytest.raises(InvalidError) as caught:
        site.records.update(ann, "machine", made["id"], {"name": " "})
    assert problems(caught) == [("/name", "required")]


@pytest.mark.parametrize("field", ["code", "code_no"])
def test_a_value_that_is_taken_is_named_by_its_own_field(
    site: Site, ann: Actor, chief: Actor, field: str
) -> None:
    made = site.records.create(ann, "machine", {"name": "a", field: "X"})
    with pytest.raises(InvalidError) as caught:
        site.records.create(chief, "machine", {"name": "b", field: "X"})
    assert problems(caught) == [(f"/{field}", "not_unique")]
    other = site.records.create(chief, "machine", {"name": "b", field: "X2"})
    with pytest.raises(InvalidError) as caught:
        site.records.update(chief, "machine", other["id"], {field: "X"})
    assert problems(caught) == [(f"/{field}", "not_unique")]
    site.records.delete(chief, "machine", made["id"])
    assert site.records.update(chief, "machine", other["id"], {field: "X"})[field] == "X"
    with pytest.raises(InvalidError) as caught:
        site.records.restore(chief, "machine", made["id"])
    assert problems(caught) == [(f"/{field}", "not_unique")]


def test_unique_values_differ_by_case_and_accent(site: Site, ann: Actor) -> None:
    for code in ("a", "A", "ä", "á"):
        site.records.create(ann, "machine", {"name": "a", "code": code})
    assert site.records.page(ann, "machine", ListQuery(count=True)).count == 4


def test_a_stale_version_is_refused_and_nothing_changes(site: Site, ann: Actor) -> None:
    made = site.records.create(ann, "machine", {"name": "a"})
    changed = site.records.update(ann, "machine", made["id"], {"name": "b"}, version=1)
    assert changed["version"] == 2
    with pytest.raises(StaleVersionError):
        site.records.update(ann, "machine", made["id"], {"name": "c"}, version=1)
    assert site.records.read(ann, "machine", made["id"]) == changed


def test_a_change_that_changes_nothing_keeps_version_and_time(site: Site, ann: Actor) -> None:
    made = site.records.create(ann, "machine", {"name": "a", "price": "1.5", "seats": 3})
    same = {"name": " a ", "price": "1.50", "seats": "3", "owner": str(ann.user)}
    assert site.records.update(ann, "machine", made["id"], same) == made
    assert site.records.update(ann, "machine", made["id"], {}) == made


def test_a_change_moves_who_and_when(site: Site, ann: Actor, chief: Actor) -> None:
    made = site.records.create(ann, "machine", {"name": "a"})
    changed = site.records.update(chief, "machine", made["id"], {"name": "b"})
    assert changed["updated_by"]["id"] == chief.user
    assert changed["created_by"]["id"] == ann.user
    assert changed["updated_at"] > made["updated_at"]


def test_deletion_is_refused_while_records_link_with_their_number(site: Site, chief: Actor) -> None:
    maker = site.records.create(chief, "maker", {"name": "m"})
    for name in ("a", "b"):
        site.records.create(chief, "machine", {"name": name, "maker": str(maker["id"])})
    with pytest.raises(ConflictError, match="2 records of “Machines”"):
        site.records.delete(chief, "maker", maker["id"])


def test_a_clearing_link_is_emptied_and_its_record_moves_a_version(
    site: Site, chief: Actor
) -> None:
    machine = site.records.create(chief, "machine", {"name": "a"})
    part = site.records.create(chief, "part", {"name": "p", "machine": {"id": machine["id"]}})
    site.records.delete(chief, "machine", machine["id"])
    after = site.records.read(chief, "part", part["id"])
    assert (after["machine"], after["version"]) == (None, 2)


def test_a_deleted_record_is_gone_until_it_is_restored(site: Site, chief: Actor) -> None:
    made = site.records.create(chief, "machine", {"name": "a"})
    site.records.delete(chief, "machine", made["id"], version=1)
    with pytest.raises(NotFoundError):
        site.records.read(chief, "machine", made["id"])
    with pytest.raises(NotFoundError):
        site.records.delete(chief, "machine", made["id"])
    assert site.records.page(chief, "machine", ListQuery(count=True)).count == 0
    back = site.records.restore(chief, "machine", made["id"])
    assert (back["deleted_at"], back["version"], back["name"]) == (None, 3, "a")
    with pytest.raises(NotFoundError):
        site.records.restore(chief, "machine", made["id"])


def test_a_record_does_not_come_back_before_those_that_it_links_to(
    site: Site, chief: Actor
) -> None:
    maker = site.records.create(chief, "maker", {"name": "m"})
    machine = site.records.create(chief, "machine", {"name": "a", "maker": str(maker["id"])})
    site.records.delete(chief, "machine", machine["id"])
    site.records.delete(chief, "maker", maker["id"])
    with pytest.raises(ConflictError, match="Maker"):
        site.records.restore(chief, "machine", machine["id"])
    site.records.restore(chief, "maker", maker["id"])
    assert site.records.restore(chief, "machine", machine["id"])["maker"]["title"] == "m"


def test_without_a_recycle_bin_a_record_is_removed_for_good(site: Site, chief: Actor) -> None:
    part = site.records.create(chief, "part", {"name": "p"})
    site.records.delete(chief, "part", part["id"])
    with pytest.raises(NotFoundError):
        site.records.restore(chief, "part", part["id"])
    assert "deleted_at" not in part


def test_users_are_managed_by_the_platform_alone(site: Site, ann: Actor) -> None:
    admin = Actor(name="root", user=ann.user, admin=True)
    with pytest.raises(ForbiddenError):
        site.records.create(admin, "user", {"username": "x", "name": "x"})
    with pytest.raises(ForbiddenError):
        site.records.delete(admin, "user", ann.user or uuid4())
    assert site.records.allowed(admin, "user") == {"read", "update", "assign"}


def test_an_unknown_entity_is_not_found(site: Site, ann: Actor) -> None:
    with pytest.raises(NotFoundError, match="no entity “machin”"):
        site.records.create(ann, "machin", {})


def test_a_link_to_nothing_is_refused_with_its_pointer(site: Site, chief: Actor) -> None:
    with pytest.raises(InvalidError) as caught:
        site.records.create(chief, "machine", {"name": "a", "maker": str(uuid4())})
    assert problems(caught) == [("/maker", "no_such_record")]


def test_a_record_goes_to_the_team_of_its_maker_though_he_may_not_read_teams(site: Site) -> None:
    team = site.records.create(TESTER, "team", {"name": "North"})
    eve = person(site, "eve", "mechanic", team=team["id"])
    assert site.records.create(eve, "machine", {"name": "a"})["team"] == {"id": team["id"]}


def test_a_write_can_join_a_running_transaction_and_goes_with_it(site: Site) -> None:
    def half(transaction: Any) -> None:
        site.records.create(system("x"), "maker", {"name": "m"}, transaction=transaction)
        raise ConflictError

    with pytest.raises(ConflictError):
        site.store.run(half)
    assert site.records.page(TESTER, "maker", ListQuery(count=True)).count == 0
