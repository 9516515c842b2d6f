"""Requests that no honest client sends, and how errors are told."""

import gzip
import json

import pytest
from flask import Flask

from loomwork.model.actor import system
from loomwork.publishing.site import Site
from loomwork.web.fab.users import Users
from tests.integration.rest.conftest import Caller, errors, problem

PLANTS = "/records/plant"
DEEP = "[" * 100_000
BODIES = {
    "nothing": b"",
    "no JSON": b"name=Aster",
    "half": b'{"name": ',
    "not UTF-8": b'{"name": "\xff\xfe\xfd"}',
    "deep list": DEEP.encode(),
    "deep object": ('{"a":' * 50_000).encode(),
    "NaN": b'{"price": NaN}',
    "infinity": b'{"price": -Infinity}',
    "half a surrogate pair": b'{"name": "\\ud800"}',
    "half a surrogate pair as a key": b'{"\\udfff": 1}',
    "two values": b"{} {}",
    "single quotes": b"{'name': 'Aster'}",
    "NUL": b"\0",
    "utf-16 surrogate": '{"name": "x"}'.encode("utf-16") + b"\x00\xd8",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_a_body_that_is_no_json_is_a_bad_request(ann: Caller, body: bytes) -> None:
    for method, path in (("POST", PLANTS), ("PATCH", f"{PLANTS}/{ann.create(name='A')['id']}")):
        answer = problem(ann.call(method, path, data=body), 400)
        assert answer["code"] == "bad_request"
        assert len(answer["detail"]) < 400


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ('{"name": "A", "name": "B"}', "name"),
        ('{"name": "A", "n\\u0061me": "B"}', "name"),
        ('{"name": {"x": 1, "高": 1, "高": 1}}', "高"),
        ('{"\\ud800": 1, "\\ud800": 1}', "\\ud800"),
    ],
)
def test_a_key_that_is_written_twice_is_a_bad_request(ann: Caller, body: str, key: str) -> None:
    answer = problem(ann.call("POST", PLANTS, data=body.encode()), 400)
    assert f"“{key}”" in answer["detail"]
    assert ann.list() == []


def test_text_that_cannot_be_stored_is_refused(ann: Caller) -> None:
    answer = ann.call("POST", PLANTS, json={"name": "A\0B", "notes": "\0"})
    assert errors(answer) == [("/name", "bad_character"), ("/notes", "bad_character")]


@pytest.mark.parametrize(
    "number", ["1e400", "-1e400", "1e-400", "1e999999999", "9" * 400, "0." + "9" * 400]
)
@pytest.mark.parametrize("field", ["height", "price", "name", "planted", "bed", "alive", "light"])
def test_a_number_beyond_every_bound_is_refused(ann: Caller, field: str, number: str) -> None:
    values = {"name": '"A"', field: number}
    body = ", ".join(f'"{name}": {value}' for name, value in values.items())
    answer = ann.call("POST", PLANTS, data=f"{{{body}}}")
    ((pointer, _),) = errors(answer)
    assert pointer == f"/{field}"


def test_a_body_may_be_in_any_utf_and_carry_any_or_no_type(ann: Caller) -> None:
    text = json.dumps({"name": "玫瑰"}, ensure_ascii=False)
    for encoding, kind in (("utf-16", "text/plain"), ("utf-8-sig", None), ("utf-8", "x/y")):
        answer = ann.call("POST", PLANTS, data=text.encode(encoding), content_type=kind)
        assert answer.status_code == 201, answer.json
        assert answer.json is not None
        assert answer.json["name"] == "玫瑰"


def test_a_packed_body_is_refused(ann: Caller) -> None:
    packed = gzip.compress(b'{"name": "Aster"}')
    for encoding in ("gzip", "br", "identity, gzip"):
        answer = ann.call("POST", PLANTS, data=packed, headers={"Content-Encoding": encoding})
        problem(answer, 415)


def test_a_body_of_forty_megabytes_is_too_large(ann: Caller) -> None:
    body = b'{"name": "' + b"x" * 40_000_000 + b'"}'
    problem(ann.call("POST", PLANTS, data=body), 413)


def test_a_text_of_a_megabyte_is_too_long_and_not_echoed(ann: Caller) -> None:
    answer = ann.call("POST", PLANTS, json={"name": "x" * 10**6, "light": "x" * 10**6})
    assert errors(answer) == [("/name", "too_long"), ("/light", "not_an_option")]
    assert len(answer.data) < 5_000


def test_a_thousand_wrong_fields_are_told_at_once(ann: Caller) -> None:
    answer = ann.call(
        "POST", PLANTS, json={"name": "A", **dict.fromkeys(map("f{}".format, range(1000)), 1)}
    )
    assert len(errors(answer)) == 1000


@pytest.mark.parametrize(
    "id_", ["1", "x", "null", "%00", "..", "%2e%2e", "0190a000", "'; drop table plant", "%ff", "花"]
)
def test_what_is_no_id_names_no_record(ann: Caller, id_: str) -> None:
    for method in ("GET", "PATCH", "DELETE"):
        answer = ann.call(method, f"{PLANTS}/{id_}", json={})
        assert answer.status_code in (404, 405)
        problem(answer, answer.status_code)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("PUT", PLANTS, 405),
        ("DELETE", PLANTS, 405),
        ("PATCH", PLANTS, 405),
        ("BREW", PLANTS, 405),
        ("PUT", f"{PLANTS}/1", 405),
        ("GET", f"{PLANTS}/1/restore", 405),
        ("GET", "/nothing", 404),
        ("POST", f"{PLANTS}/batch", 405),
        ("GET", "/records", 404),
        ("GET", "/records/", 404),
        ("GET", f"{PLANTS}/", 404),
    ],
)
def test_an_address_or_method_that_is_not_there_is_a_problem_too(
    ann: Caller, method: str, path: str, status: int
) -> None:
    answer = ann.call(method, path)
    problem(answer, status)
    assert ("Allow" in answer.headers) == (status == 405)


def test_head_and_options_answer_without_a_body(ann: Caller) -> None:
    record = ann.create(name="Aster")
    head = ann.call("HEAD", f"{PLANTS}/{record['id']}")
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", '"1"')
    options = ann.call("OPTIONS", PLANTS)
    assert (options.status_code, options.data) == (200, b"")
    assert set(options.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Some of the values are not acceptable."),
        ("zh-CN,zh;q=0.9,en;q=0.8", "有些值不能接受。"),
    ],
)
def test_errors_are_told_in_the_caller_s_language(ann: Caller, language: str, title: str) -> None:
    answer = ann.call(
        "POST",
        PLANTS,
        json={"name": "A", "height": -1, "colour": 1},
        headers={"Accept-Language": language},
    )
    body = problem(answer, 422)
    chinese = language.startswith("zh")
    messages = "".join(error["message"] for error in body["errors"])
    assert (body["title"] == title) or chinese
    assert any("\u4e00" <= sign <= "\u9fff" for sign in messages + body["title"]) == chinese
    assert [error["code"] for error in body["errors"]] == ["too_small", "unknown_field"]


def test_every_kind_of_error_is_told_in_chinese(ann: Caller, app: Flask) -> None:
    headers = {"Accept-Language": "zh"}
    record = ann.create(name="Aster")
    place = f"{PLANTS}/{record['id']}"
    answers = [
        ann.get("/records/nothing", headers=headers),
        ann.get("/nothing", headers=headers),
        ann.call("PUT", PLANTS, headers=headers),
        ann.call("POST", PLANTS, data=b"{", headers=headers),
        ann.call("PATCH", place, json={}, headers={**headers, "If-Match": '"9"'}),
        ann.call("POST", "/records/bed", json={"name": "B"}, headers=headers),
        ann.get(f"{PLANTS}?filter=name%20%3D", headers=headers),
        app.test_client().get("/api/v1/records/plant", headers=headers),
    ]
    for answer in answers:
        body = problem(answer, answer.status_code)
        texts = [body["title"], body["detail"], *(e["message"] for e in body["errors"])]
        assert [text for text in texts if not any("\u4e00" <= s <= "\u9fff" for s in text)] == []


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/no", 404), ("PUT", PLANTS, 405)])
def test_an_address_that_is_not_there_is_told_in_the_user_s_language(
    ann: Caller, app: Flask, site: Site, method: str, path: str, status: int
) -> None:
    user = Users(site).find("ann").id
    site.records.update(system("test"), "user", user, {"language": "zh_cn"})
    headers = {"Accept-Language": "en"}
    hers = problem(ann.call(method, path, headers=headers), status)
    assert any("\u4e00" <= sign <= "\u9fff" for sign in hers["title"])
    nobody = app.test_client().open(f"/api/v1{path}", method=method, headers=headers)
    assert problem(nobody, status)["title"].isascii()


def test_a_trace_id_of_the_caller_is_kept_where_it_is_harmless(ann: Caller) -> None:
    kept = ann.get("/nothing", headers={"X-Request-ID": "abc-12345678"})
    assert problem(kept, 404)["trace_id"] == "abc-12345678"
    replaced = ann.get("/nothing", headers={"X-Request-ID": "<script>alert(1)</script>"})
    assert "script" not in problem(replaced, 404)["trace_id"]
