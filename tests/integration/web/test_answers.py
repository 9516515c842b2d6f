"""What every answer carries, and how errors are told."""

import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.integration.web.conftest import api_login, bearer


def test_every_answer_carries_the_security_headers(client: FlaskClient) -> None:
    for address in ("/login", "/nowhere", "/api/v1/nowhere", "/broken"):
        headers = client.get(address).headers
        policy = headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "private, no-cache"
        assert "Strict-Transport-Security" not in headers


def test_transport_security_is_asked_for_over_https_only(client: FlaskClient) -> None:
    headers = client.get("/login", base_url="https://localhost").headers
    assert headers["Strict-Transport-Security"].startswith("max-age=")


@pytest.mark.parametrize(
    ("method", "address", "status", "code"),
    [
        ("GET", "/api/v1/nowhere", 404, "not_found"),
        ("DELETE", "/api/v1/security/login", 405, "method_not_allowed"),
        ("GET", "/api/v1/try/broken", 500, "internal"),
        ("GET", "/api/v1/try/invalid", 422, "invalid"),
    ],
)
def test_the_api_tells_every_error_as_problem_json(
    client: FlaskClient, method: str, address: str, status: int, code: str
) -> None:
    answer = client.open(address, method=method)
    body = answer.get_json(force=True)
    assert answer.content_type == "application/problem+json"
    assert set(body) == {"type", "title", "status", "detail", "code", "errors", "trace_id"}
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code)
    assert body["trace_id"] == answer.headers["X-Request-ID"]


def test_a_refused_value_is_named_with_its_place_in_the_readers_language(
    client: FlaskClient,
) -> None:
    english = client.get("/api/v1/try/invalid").get_json(force=True)
    chinese = client.get("/api/v1/try/invalid", headers={"Accept-Language": "zh"}).get_json(
        force=True
    )
    assert english["errors"] == [
        {"pointer": "/amount", "code": "too_small", "message": "The value must be at least 3."}
    ]
    assert chinese["errors"][0]["message"] == "值不能小于 3。"
    assert chinese["title"] == "部分值不符合要求。"


@pytest.mark.parametrize("address", ["/broken", "/api/v1/try/broken"])
def test_an_unexpected_error_is_in_the_log_and_not_in_the_answer(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = client.get(address)
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert answer.headers["X-Request-ID"] in answer.text
    assert answer.headers["X-Request-ID"] in caplog.text
    assert "secret detail" in caplog.text


def test_a_wrong_method_is_told_the_right_ones(client: FlaskClient) -> None:
    allowed = client.put("/api/v1/security/login").headers["Allow"]
    assert set(allowed.split(", ")) == {"OPTIONS", "POST"}


def test_a_body_that_is_too_large_is_refused(app: Flask, client: FlaskClient) -> None:
    headers = bearer(api_login(client, "ann"))
    app.config["MAX_CONTENT_LENGTH"] = 100
    small = client.post("/api/v1/try/body", data=b"x" * 100, headers=headers)
    large = client.post("/api/v1/try/body", data=b"x" * 101, headers=headers)
    assert (small.status_code, large.status_code) == (200, 413)
    assert large.get_json(force=True)["code"] == "too_large"


def test_rights_that_change_all_the_time_end_in_a_refusal(client: FlaskClient) -> None:
    headers = bearer(api_login(client, "ann"))
    answers = [client.open("/api/v1/try/moved", method=m, headers=headers) for m in ("GET", "POST")]
    assert [answer.status_code for answer in answers] == [503, 503]


def test_the_callers_id_is_kept_where_it_is_harmless(client: FlaskClient) -> None:
    kept = client.get("/login", headers={"X-Request-ID": "job-4711-a"})
    replaced = client.get("/login", headers={"X-Request-ID": "a b<script>"})
    assert kept.headers["X-Request-ID"] == "job-4711-a"
    assert replaced.headers["X-Request-ID"] != "a b<script>"


def test_pages_and_files_of_flask_appbuilder_are_not_reachable(app: Flask) -> None:
    addresses = {rule.rule for rule in app.url_map.iter_rules()}
    assert {address for address in addresses if "appbuilder" in address} == set()
    assert "/back" not in addresses
    assert "/lang/<string:locale>" not in addresses


def test_nothing_runs_before_or_after_a_request_but_the_csrf_check(app: Flask) -> None:
    before = [call.__name__ for calls in app.before_request_funcs.values() for call in calls]
    after = [call for calls in app.after_request_funcs.values() for call in calls]
    assert (before, after) == (["protect"], [])
