"""Anything at all may be sent: no answer is a 500, every error is a problem."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.garden import PLANT
from tests.integration.rest.conftest import PROBLEM, Caller

FIELDS = [*PLANT["fields"], "id", "owner", "team", "version", "created_at", "deleted_at"]
IDS = ["0190a000-0000-7000-8000-000000000000", "1", "", "..", "%", "restore", "batch"]
HEADERS = ["If-Match", "If-None-Match", "Accept-Language", "Accept", "X-Request-ID", "Range"]
TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["", " ", "\0", "1e999", "-0", "2026-02-30", "9999-12-31", "0001-01-01"]),
    st.datetimes().map(lambda moment: moment.isoformat()),
    st.decimals(allow_nan=True).map(str),
    st.uuids().map(str),
)
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), TEXTS)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=6,
)
BODIES = st.one_of(
    st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=6),
    st.dictionaries(st.one_of(st.sampled_from(FIELDS), TEXTS), VALUES, max_size=4),
    VALUES,
)
OPERATORS = [
    "==",
    "!=",
    "<",
    ">=",
    "in",
    "not in",
    "is None",
    "and",
    "or",
    "not",
    "(",
    ")",
    "[",
    "]",
]
WORDS = st.one_of(
    st.sampled_from([*FIELDS, *OPERATORS, "user", "True", "False", "None", "today()", "."]),
    st.integers().map(str),
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
    TEXTS.map(repr),
    st.text(max_size=5),
)
FILTERS = st.lists(WORDS, max_size=9).map(" ".join)
NAMES = st.lists(
    st.one_of(st.sampled_from(FIELDS), st.sampled_from(FIELDS).map("-".__add__), TEXTS), max_size=4
).map(",".join)
QUERIES = st.fixed_dictionaries(
    {},
    optional={
        "filter": FILTERS,
        "sort": NAMES,
        "fields": NAMES,
        "limit": st.one_of(st.integers().map(str), TEXTS),
        "cursor": st.one_of(TEXTS, st.binary(max_size=60).map(bytes.hex)),
        "count": st.one_of(st.just("exact"), TEXTS),
        "anything": TEXTS,
    },
)

fuzz = settings(suppress_health_check=[*HealthCheck])


@pytest.fixture
def known(ann: Caller) -> str:
    """Return the id of a record that is there."""
    return str(ann.create(name="Aster", code="A-1", height=3)["id"])


def accepted(caller: Caller, method: str, path: str, **options: Any) -> None:
    answer = caller.call(method, path, **options)
    assert answer.status_code < 500, answer.text
    assert answer.status_code < 400 or answer.content_type == PROBLEM or method == "HEAD"


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@fuzz
@given(body=BODIES)
def test_any_json_is_created_or_refused(ann: Caller, body: object) -> None:
    accepted(ann, "POST", "/records/plant", data=encoded(json.dumps(body, ensure_ascii=False)))


@fuzz
@given(body=BODIES)
def test_any_json_changes_a_record_or_is_refused(ann: Caller, known: str, body: object) -> None:
    accepted(ann, "PATCH", f"/records/plant/{known}", data=encoded(json.dumps(body)))


@fuzz
@given(body=st.binary(max_size=200), kind=st.one_of(st.none(), st.text(max_size=20)))
def test_any_bytes_are_refused(ann: Caller, body: bytes, kind: str | None) -> None:
    headers = {"Content-Type": kind.encode().hex()} if kind else {}
    accepted(ann, "POST", "/records/plant", data=body, headers=headers)


@fuzz
@given(query=QUERIES)
def test_any_query_is_answered_or_refused(ann: Caller, known: str, query: dict[str, str]) -> None:
    assert known
    text = "&".join(f"{name}={quote(encoded(value))}" for name, value in query.items())
    accepted(ann, "GET", f"/records/plant?{text}")


@fuzz
@given(filter_=FILTERS)
def test_any_filter_is_answered_or_refused(ann: Caller, known: str, filter_: str) -> None:
    assert known
    accepted(ann, "GET", f"/records/plant?filter={quote(encoded(filter_))}")


@fuzz
@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS", "TRACE"]),
    entity=st.one_of(st.sampled_from(["plant", "bed", "user", "team"]), st.text(max_size=10)),
    id_=st.one_of(st.sampled_from(IDS), st.uuids().map(str), st.text(max_size=40)),
    end=st.sampled_from(["", "/", "/restore", "/restore/", "/x/y"]),
    headers=st.dictionaries(
        st.sampled_from(HEADERS),
        st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30),
        max_size=3,
    ),
)
def test_any_address_method_and_header_is_answered_or_refused(
    ann: Caller, method: str, entity: str, id_: str, end: str, headers: dict[str, str]
) -> None:
    path = f"/records/{quote(encoded(entity), safe='')}/{quote(encoded(id_), safe='')}{end}"
    accepted(ann, method, path, data=b"{}", headers=headers)


@fuzz
@given(token=st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60))
def test_any_token_is_refused(ann: Caller, token: str) -> None:
    header = f"Bearer {token}"
    answer = ann.get("/records/plant", headers={"Authorization": header})
    assert answer.status_code == 401
