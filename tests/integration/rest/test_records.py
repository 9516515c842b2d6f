"""One record: created, read, changed, deleted, brought back; versions; the form of its values."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.integration.rest.conftest import Caller, errors, problem

FULL = {
    "name": "Rosa 'Gruß an Aachen' 玫瑰 🌹",
    "code": "R-1",
    "notes": "first line\nsecond “line”",
    "height": 120,
    "price": "1200.50",
    "mass": "0.00000001",
    "planted": "2026-02-28",
    "watered": "2026-02-28T09:30:00.250000Z",
    "alive": True,
    "light": "half_shade",
}


def test_a_created_record_is_answered_whole_with_its_place_and_version(ann: Caller) -> None:
    answer = ann.call("POST", "/records/plant", json=FULL)
    assert answer.status_code == 201
    assert answer.content_type == "application/json"
    record = answer.json
    assert record is not None
    assert {name: record[name] for name in FULL} == FULL
    assert record["bed"] is None
    assert record["version"] == 1
    assert answer.headers["ETag"] == '"1"'
    assert answer.headers["Location"] == f"/api/v1/records/plant/{record['id']}"
    assert ann.get(f"/records/plant/{record['id']}").json == record


def test_the_creator_owns_a_record_and_is_shown_as_a_link(ann: Caller, mia: Caller) -> None:
    record = ann.create(name="Aster")
    assert record["owner"].keys() <= {"id", "title"}
    assert record["created_by"]["id"] == record["owner"]["id"]
    assert mia.list(filter="name == 'Aster'")[0]["owner"]["id"] == record["owner"]["id"]


def test_times_are_in_utc_and_end_with_z(ann: Caller) -> None:
    record = ann.create(name="Aster", watered="2026-03-01T01:00:00+08:00")
    assert record["watered"] == "2026-02-28T17:00:00Z"
    created = datetime.fromisoformat(record["created_at"])
    assert record["created_at"].endswith("Z")
    assert abs(datetime.now(UTC) - created) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("field", "written", "kept"),
    [
        ("price", "9999999999999999.99", "9999999999999999.99"),
        ("price", "-9999999999999999.99", "-9999999999999999.99"),
        ("mass", "1234567890.12345678", "1234567890.12345678"),
        ("price", "1234567890123456.78", "1234567890123456.78"),
        ("price", "1e3", "1000.00"),
        ("price", "0.10", "0.10"),
        ("price", "-0", "0.00"),
        ("height", "9007199254740991", 9007199254740991),
        ("height", "12.0", 12),
    ],
)
def test_numbers_keep_every_digit_that_was_sent(
    ann: Caller, field: str, written: str, kept: object
) -> None:
    body = f'{{"name": "Aster", "{field}": {written}}}'
    answer = ann.call("POST", "/records/plant", data=body)
    assert answer.status_code == 201, answer.json
    assert answer.json is not None
    assert answer.json[field] == kept
    again = ann.get(f"/records/plant/{answer.json['id']}").json
    assert again is not None
    assert again[field] == kept


def test_a_link_is_an_id_on_input_and_an_id_with_title_on_output(ann: Caller, mia: Caller) -> None:
    bed = mia.create_in("bed", name="North")
    record = ann.create(name="Aster", bed=bed["id"])
    assert record["bed"] == {"id": bed["id"], "title": "North"}
    answer = ann.patch(record, bed=record["bed"])
    assert answer.status_code == 200
    assert answer.json["version"] == 1  # type: ignore[index]


def test_the_title_of_a_linked_record_that_may_not_be_read_is_absent(
    ann: Caller, mia: Caller
) -> None:
    bed = mia.create_in("bed", name="Secret", hidden=True)
    record = ann.create(name="Aster")
    mia.patch(record, bed=bed["id"])
    assert ann.list()[0]["bed"] == {"id": bed["id"]}
    assert "Secret" not in ann.get(f"/records/plant/{record['id']}").text


def test_a_link_to_what_the_caller_may_not_read_is_refused_like_one_to_nothing(
    ann: Caller, mia: Caller
) -> None:
    hidden = mia.create_in("bed", name="Secret", hidden=True)["id"]
    nothing = "0190a000-0000-7000-8000-000000000000"
    answers = [
        ann.call("POST", "/records/plant", json={"name": "A", "bed": id_})
        for id_ in (hidden, nothing)
    ]
    assert [errors(answer) for answer in answers] == [[("/bed", "no_such_record")]] * 2


@pytest.mark.parametrize("empty", [None, "", "  "])
def test_what_is_empty_is_missing_and_missing_is_null(ann: Caller, empty: object) -> None:
    names = [name for name in FULL if name != "name"]
    record = ann.create(**FULL)
    answer = ann.patch(record, **dict.fromkeys(names, empty))
    assert answer.status_code == 200, answer.json
    assert answer.json is not None
    assert [answer.json[name] for name in names] == [None] * len(names)


def test_every_wrong_field_is_named_with_its_pointer(ann: Caller) -> None:
    wrong: dict[str, Any] = {
        "name": 5,
        "height": -1,
        "price": "1.234",
        "planted": "2026-02-30",
        "watered": "yesterday",
        "alive": "perhaps",
        "light": "neon",
        "bed": "here",
        "colour": "red",
        "a/b~c": 1,
        "id": "0190a000-0000-7000-8000-000000000000",
        "version": 7,
        "created_at": "2026-01-01T00:00:00Z",
    }
    assert dict(errors(ann.call("POST", "/records/plant", json=wrong))) == {
        "/name": "not_text",
        "/height": "too_small",
        "/price": "too_many_places",
        "/planted": "not_a_date",
        "/watered": "not_a_datetime",
        "/alive": "not_a_boolean",
        "/light": "not_an_option",
        "/bed": "not_an_id",
        "/colour": "unknown_field",
        "/a~1b~0c": "unknown_field",
        "/id": "readonly",
        "/version": "readonly",
        "/created_at": "readonly",
    }


@pytest.mark.parametrize("body", ["[]", "null", "5", '"name"', "[{}]"])
def test_json_that_is_no_object_is_not_acceptable(ann: Caller, body: str) -> None:
    answer = ann.call("POST", "/records/plant", data=body)
    assert errors(answer) == [("", "not_an_object")]


def test_a_required_field_is_asked_for(ann: Caller) -> None:
    assert errors(ann.call("POST", "/records/plant", json={})) == [("/name", "required")]
    record = ann.create(name="Aster")
    assert errors(ann.patch(record, name=None)) == [("/name", "required")]


def test_a_unique_value_is_taken_even_by_a_record_that_is_not_seen(
    ann: Caller, bob: Caller
) -> None:
    ann.create(name="Aster", code="A-1")
    answer = bob.call("POST", "/records/plant", json={"name": "Other", "code": "A-1"})
    assert errors(answer) == [("/code", "not_unique")]


def test_a_change_touches_only_what_is_given(ann: Caller) -> None:
    record = ann.create(**FULL)
    changed = ann.patch(record, height=130).json
    assert changed is not None
    assert changed["version"] == 2
    same = record.keys() - {"height", "version", "updated_at", "updated_by"}
    assert {name: changed[name] for name in same} == {name: record[name] for name in same}


def test_a_change_to_what_is_there_already_makes_no_version(ann: Caller) -> None:
    record = ann.create(**FULL)
    answer = ann.patch(record, **FULL)
    assert answer.headers["ETag"] == '"1"'


def test_a_stale_version_is_refused(ann: Caller) -> None:
    record = ann.create(name="Aster")
    ann.patch(record, height=1)
    place = f"/records/plant/{record['id']}"
    stale = {"headers": {"If-Match": '"1"'}}
    assert problem(ann.call("PATCH", place, json={"height": 2}, **stale), 412)["errors"] == []
    problem(ann.call("DELETE", place, **stale), 412)
    fresh = ann.call("PATCH", place, json={"height": 2}, headers={"If-Match": '"2"'})
    assert (fresh.status_code, fresh.headers["ETag"]) == (200, '"3"')
    anyway = ann.call("PATCH", place, json={"height": 3}, headers={"If-Match": "*"})
    assert anyway.status_code == 200


@pytest.mark.parametrize("header", ["nonsense", '"x"', "2", '""', '"99999999999999999999"'])
def test_a_version_that_never_was_is_stale(ann: Caller, header: str) -> None:
    record = ann.create(name="Aster")
    answer = ann.call(
        "PATCH",
        f"/records/plant/{record['id']}",
        json={"height": 2},
        headers={"If-Match": header},
    )
    problem(answer, 412)


@pytest.mark.parametrize("known", ['"1"', 'W/"1"', '"7", "1"', "*", '"2"', "nonsense", ""])
def test_a_record_is_sent_even_where_its_version_is_known(mia: Caller, known: str) -> None:
    bed = mia.create_in("bed", name="North")
    plant = mia.create(name="Aster", bed=bed["id"])
    mia.call("PATCH", f"/records/bed/{bed['id']}", json={"name": "South"})
    answer = mia.get(f"/records/plant/{plant['id']}", headers={"If-None-Match": known})
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"1"')
    assert answer.get_json()["bed"]["title"] == "South"


def test_a_deleted_record_is_gone_until_it_is_restored(ann: Caller) -> None:
    record = ann.create(name="Aster", code="A-1")
    place = f"/records/plant/{record['id']}"
    gone = ann.call("DELETE", place)
    assert (gone.status_code, gone.data) == (204, b"")
    for answer in (ann.get(place), ann.patch(record, height=1), ann.call("DELETE", place)):
        problem(answer, 404)
    assert ann.list() == []
    back = ann.call("POST", f"{place}/restore")
    assert back.status_code == 200
    assert back.json["code"] == "A-1"  # type: ignore[index]
    assert len(ann.list()) == 1
    problem(ann.call("POST", f"{place}/restore"), 404)


def test_a_restored_record_may_find_its_unique_value_taken(ann: Caller) -> None:
    record = ann.create(name="Aster", code="A-1")
    ann.call("DELETE", f"/records/plant/{record['id']}")
    ann.create(name="Other", code="A-1")
    answer = ann.call("POST", f"/records/plant/{record['id']}/restore")
    assert errors(answer) == [("/code", "not_unique")]


def test_a_record_that_others_link_to_stays(ann: Caller, mia: Caller) -> None:
    bed = mia.create_in("bed", name="North")
    ann.create(name="Aster", bed=bed["id"])
    answer = problem(mia.call("DELETE", f"/records/bed/{bed['id']}"), 409)
    assert answer["code"] == "conflict"


def test_links_that_are_cleared_do_not_hold_a_record(ann: Caller) -> None:
    mother = ann.create(name="Mother")
    child = ann.create(name="Child", mother=mother["id"])
    assert ann.call("DELETE", f"/records/plant/{mother['id']}").status_code == 204
    assert ann.get(f"/records/plant/{child['id']}").json["mother"] is None  # type: ignore[index]
