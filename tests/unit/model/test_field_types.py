"""Field types take what fits, refuse the rest with one problem, and never fail otherwise."""

import json
import random
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from loomwork.errors import InvalidError, Problem
from loomwork.extension.field_types import field_types
from loomwork.model.field_type import FieldType
from loomwork.model.text import Text
from loomwork.model.types.identity import IdentityType
from loomwork.model.types.integer import IntegerType
from loomwork.web.rest.message import json_text

SETTINGS: Mapping[str, dict[str, Any]] = {
    "text": {"max_length": 20},
    "long_text": {"max_length": 50},
    "integer": {"min": -5, "max": 1000},
    "decimal": {"places": 4},
    "date": {},
    "datetime": {},
    "boolean": {},
    "select": {"options": {"new": {"label": "New"}, "old": {}}},
    "link": {"to": "machine"},
    "rich_text": {"max_length": 300},
    "email": {},
    "phone": {"region": "DE"},
    "url": {},
    "person_name": {},
    "code": {"max_length": 12},
    "color": {},
    "barcode": {},
    "json": {},
    "time": {},
    "percent": {"places": 3, "min": 0},
    "rating": {"max": 5},
    "duration": {"min": "15min", "max": "4w"},
}
"""The types that keep their value in one column, with settings of each."""
TYPES: Mapping[str, FieldType] = {
    name: field_types()[name].from_document(settings, lambda _, source: Text(source))
    for name, settings in SETTINGS.items()
} | {"id": IdentityType()}
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(min_value=-(10**400), max_value=10**400),
    st.integers(min_value=-2000, max_value=2000),
    st.floats(),
    st.decimals(),
    st.text(max_size=60),
    st.text(st.characters(categories=("Cs", "Cc", "Co", "Nd", "Zs")), max_size=40),
    st.from_regex(r"[-+]?[0-9]{1,70}(\.[0-9]{1,70})?([eE][-+]?[0-9]{1,5})?", fullmatch=True),
    st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]{0,15}(Z|[-+][0-9:]{0,6})?)?"),
    st.dates().map(str),
    st.datetimes().map(str),
    st.uuids().map(str),
    st.emails(),
    st.from_regex(r"(https?|ftp|javascript)://?[a-zа-я例.@:%\[\]/\\-]{0,30}", fullmatch=True),
    st.from_regex(r"[+＋]?[0-9０-９ ()/-]{3,20}(x[0-9]{1,4})?", fullmatch=True),
    st.from_regex(r"[-+]?P?[0-9.,:]{0,9}[DTHMShmdw周天 ]{0,3}[0-9.]{0,9}[HMSmin分]{0,3}"),
    st.from_regex(r"(<[a-z/!][a-z =\"':;&#]{0,20}>?|[^<]{1,5}){1,8}", fullmatch=True),
    st.from_regex(r"[\[{][\[\]{}\",:0-9a-z.eE-]{0,30}", fullmatch=True),
    st.from_regex(r"[0-2]?[0-9]:[0-6][0-9](:[0-6][0-9])?(\.[0-9]*)?", fullmatch=True),
    st.from_regex(r"#?[0-9a-fA-F]{3,6}", fullmatch=True),
)
JSON = st.recursive(
    VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner)
)
KEPT = (str, int, Decimal, date, datetime, bool, UUID)


@pytest.mark.parametrize("name", TYPES)
@given(value=JSON)
@example(value=Decimal("1E+400"))
@example(value=Decimal("1E-400"))
@example(value=Decimal("123456789012345678901234567890"))
@example(value=10**5000)
@example(value="9" * 5000)
@example(value=float("nan"))
@example(value=float("-inf"))
@example(value="\ud800")
@example(value="a\x00b")
@example(value="x" * 1_000_000)
@example(value="1." + "0" * 40 + "1")
@example(value="0001-01-01T00:00:00+14:00")
@example(value="9999-12-31T23:59:59-14:00")
@example(value="2026-01-01\ud80000:00")
@example(value={"id": {"id": "x"}})
@example(value=["\x00"])
@example(value={"\ud800": 1})
@example(value={"a": float("inf")})
@example(value={"a": Decimal("1E+999999999")})
@example(value="[" * 100_000)
@example(value='{"a": 1, "a": 2}')
@example(value="１２:３０")
@example(value="\u202e+49 30 901820\u202c")
@example(value="https://example.com:99999/")
@example(value="http://[::1")
@example(value="https://xn--a.com")
@example(value="a@xn--a.com")
@example(value="<" * 5000)
@example(value="<svg><style><img src=x onerror=alert(1)>")
@example(value="P99999999999999999D")
@example(value="\u200b")
@example(value="ŉ")
def test_any_value_is_kept_is_missing_or_is_refused_with_one_problem(
    name: str, value: object
) -> None:
    parsed, problems = attempt(TYPES[name], value)
    assert len(problems) <= 1
    assert all(problem.message() for problem in problems)
    assert parsed is None or isinstance(parsed, KEPT)
    assert parsed is None or TYPES[name].parse(_json(parsed)) == parsed


def attempt(type_: FieldType, value: object) -> tuple[object, Sequence[Problem]]:
    """Return the parsed value, or None and the problems."""
    try:
        return type_.parse(value), ()
    except InvalidError as error:
        return None, error.problems


def _json(value: object) -> object:
    """Return a value as the REST API shows it."""
    return json.loads(json_text(value), parse_float=Decimal)


@pytest.mark.parametrize("name", sorted(TYPES.keys() - {"id"}))
@pytest.mark.parametrize("value", ["", "  ", "\t"])
def test_an_empty_text_counts_as_missing(name: str, value: str) -> None:
    assert TYPES[name].parse(value) is None


@pytest.mark.parametrize("name", TYPES)
def test_a_sample_is_acceptable_and_survives_export(name: str) -> None:
    source = random.Random(7)
    for _ in range(20):
        sample = TYPES[name].sample(source)
        assert TYPES[name].parse(_json(sample)) == sample
        assert TYPES[name].parse_text(TYPES[name].to_text(sample)) == sample


@pytest.mark.parametrize("name", sorted(TYPES.keys() - {"id", "datetime"}))
@given(value=JSON)
@example(value="a\nb")
@example(value="<x>a\nb</x>")
@example(value="1d 2h")
@example(value="+49 30 901820 ext. 12")
def test_what_is_kept_survives_export_and_import(name: str, value: object) -> None:
    parsed, _ = attempt(TYPES[name], value)
    cell = "" if parsed is None else TYPES[name].to_text(parsed).strip()
    assert (TYPES[name].parse_text(cell) if cell else None) == parsed


@pytest.mark.parametrize("name", TYPES)
@given(text=st.text(max_size=60) | st.from_regex(r"[0-9０-９./:点分% ]{1,20}(am|pm)?"))
@example(text="9" * 5000)
@example(text="\ud800\x00")
def test_any_cell_is_read_or_refused_with_one_problem(name: str, text: str) -> None:
    problems: Sequence[Problem] = ()
    try:
        TYPES[name].parse_text(text.strip() or "x")
    except InvalidError as error:
        problems = error.problems
    assert len(problems) <= 1


@pytest.mark.parametrize(
    ("name", "value", "parsed"),
    [
        ("text", "  Grüße ", "Grüße"),
        ("text", "e\u0301", "é"),
        ("long_text", "a\r\nb\rc\n", "a\nb\nc"),
        ("integer", "+7", 7),
        ("integer", 7.0, 7),
        ("integer", Decimal("7.0"), 7),
        ("decimal", 1200.5, Decimal("1200.5")),
        ("decimal", "1e3", Decimal(1000)),
        ("decimal", "-0", Decimal(0)),
        ("decimal", "99999999999999.9999", Decimal("99999999999999.9999")),
        ("decimal", "1.50000000", Decimal("1.5")),
        ("date", "0001-01-01", date(1, 1, 1)),
        ("datetime", "2026-01-31T09:30:00+08:00", datetime(2026, 1, 31, 1, 30, tzinfo=UTC)),
        ("datetime", "2026-01-31 09:30", datetime(2026, 1, 31, 9, 30, tzinfo=UTC)),
        ("select", "new", "new"),
        ("boolean", True, True),
        ("rich_text", "<p onclick='x'>a<script>b</script></p>", "<p>a</p>"),
        (
            "rich_text",
            "<a href='https://x.org' target=_top>x</a><a href=javascript:y>y</a>",
            '<a href="https://x.org" rel="noopener noreferrer nofollow">x</a>'
            '<a rel="noopener noreferrer nofollow">y</a>',
        ),
        ("rich_text", "1 < 2\nyes", "1 &lt; 2<br>yes"),
        ("rich_text", "<p> </p>", None),
        ("email", " Ann.Lee@EXAMPLE.com ", "ann.lee@example.com"),
        ("email", "ann@例子.公司", "ann@例子.公司"),
        ("phone", "(030) 901820", "+4930901820"),
        ("phone", "+1 415-555-2671 x12", "+14155552671;ext=12"),
        ("phone", "＋８６ １３８００１３８０００", "+8613800138000"),
        ("url", "HTTPS://Example.COM/Way", "https://example.com/Way"),
        ("url", "https://例子.公司/x?y#z", "https://xn--fsqu00a.xn--55qx5d/x?y#z"),
        ("url", "http://[0:0::1]:80/", "http://[::1]:80/"),
        ("person_name", " Ann \u3000 Lee ", "Ann Lee"),
        ("code", " ab-１２/x ", "AB-12/X"),
        ("color", "#ABC", "#aabbcc"),
        ("color", "1F6FEB", "#1f6feb"),
        ("json", {"b": [1, Decimal("2.50")], "a": None}, '{"b": [1, 2.50], "a": null}'),
        ("json", '["é", "\\n"]', '["é", "\\n"]'),
        ("time", "09:30:00", "09:30"),
        ("time", "23:59:59", "23:59:59"),
        ("percent", "12.5", Decimal("12.5")),
        ("rating", "4", 4),
        ("duration", "PT1H30M", 5_400_000_000),
        ("duration", "1:30", 5_400_000_000),
        ("duration", "90m", 5_400_000_000),
        ("duration", "1d 2h", 93_600_000_000),
        ("duration", "P1.5D", 129_600_000_000),
        ("duration", "0:20:00.000001", 1_200_000_001),
        (
            "link",
            {"id": "01234567-89ab-7def-8123-456789abcdef", "title": "x"},
            UUID("01234567-89ab-7def-8123-456789abcdef"),
        ),
    ],
)
def test_what_fits_is_kept_in_one_form(name: str, value: object, parsed: object) -> None:
    assert TYPES[name].parse(value) == parsed


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("text", "x" * 21, "too_long"),
        ("text", "a\nb", "line_break"),
        ("text", "a\u2028b", "line_break"),
        ("text", "a\x00", "bad_character"),
        ("text", "\ud83d", "bad_character"),
        ("text", 5, "not_text"),
        ("integer", 7.5, "not_an_integer"),
        ("integer", True, "not_an_integer"),
        ("integer", 1001, "too_large"),
        ("integer", -6, "too_small"),
        ("integer", "１２", "not_an_integer"),
        ("decimal", "1.00001", "too_many_places"),
        ("decimal", "1.0000000000000000000000000000000001", "too_many_places"),
        ("decimal", 10**14, "too_large"),
        ("decimal", "NaN", "not_a_number"),
        ("decimal", "1_000", "not_a_number"),
        ("decimal", "1,5", "not_a_number"),
        ("decimal", False, "not_a_number"),
        ("date", "2026-2-1", "not_a_date"),
        ("date", "2026-02-30", "not_a_date"),
        ("date", 20260101, "not_a_date"),
        ("datetime", "2026-01-01", "not_a_datetime"),
        ("boolean", "true", "not_a_boolean"),
        ("boolean", 1, "not_a_boolean"),
        ("select", "New", "not_an_option"),
        ("rich_text", "<b>" + "x" * 300 + "</b>", "too_long"),
        ("rich_text", 5, "not_text"),
        ("email", "ann@localhost", "not_an_email"),
        ("email", "Ann <ann@example.com>", "not_an_email"),
        ("email", "ann@exa mple.com", "not_an_email"),
        ("email", "a" * 250 + "@example.com", "not_an_email"),
        ("phone", "12", "not_a_phone"),
        ("phone", "+999 1234567", "not_a_phone"),
        ("phone", "+49 30 9018201234567890", "not_a_phone"),
        ("phone", 4930901820, "not_text"),
        ("url", "example.com", "not_a_url"),
        ("url", "javascript:alert(1)", "bad_scheme"),
        ("url", "data:text/html,x", "bad_scheme"),
        ("url", "https://bank.example@evil.example/", "not_a_url"),
        ("url", "https://a b.example", "not_a_url"),
        ("url", "https:\\\\example.com", "not_a_url"),
        ("url", "https://-x.example", "not_a_url"),
        ("url", "https://example.com/" + "x" * 2000, "too_long"),
        ("person_name", "Ann\nLee", "line_break"),
        ("code", "a b", "not_a_code"),
        ("code", "a\u200bb", "not_a_code"),
        ("code", "x" * 13, "too_long"),
        ("color", "red", "not_a_color"),
        ("barcode", "ä", "not_printable"),
        ("json", 5, "not_json"),
        ("json", "{'a': 1}", "not_json"),
        ("json", '{"a": NaN}', "not_a_number"),
        ("json", '{"a": 1, "a": 2}', "key_twice"),
        ("json", {"a": "\x00"}, "bad_character"),
        ("json", ["x" * 100_001], "too_long"),
        ("time", "24:00", "not_a_time"),
        ("time", "9:30", "not_a_time"),
        ("percent", "-1", "too_small"),
        ("percent", "1.0001", "too_many_places"),
        ("rating", 0, "too_small"),
        ("rating", 6, "too_large"),
        ("rating", 2.5, "not_an_integer"),
        ("duration", "90", "not_a_duration"),
        ("duration", 5400, "not_a_duration"),
        ("duration", "PT", "not_a_duration"),
        ("duration", "2h 1d", "not_a_duration"),
        ("duration", "14m", "too_small"),
        ("duration", "5w", "too_large"),
        ("duration", "1.0000000001h", "too_exact"),
        ("link", "x", "not_an_id"),
        ("link", {"title": "x"}, "not_an_id"),
    ],
)
def test_what_does_not_fit_is_told_by_its_reason(name: str, value: object, code: str) -> None:
    with pytest.raises(InvalidError) as caught:
        TYPES[name].parse(value)
    assert [problem.code for problem in caught.value.problems] == [code]


@pytest.mark.parametrize(
    ("name", "text", "parsed"),
    [
        ("boolean", "是", True),
        ("boolean", "No", False),
        ("date", "2026年1月31日", date(2026, 1, 31)),
        ("date", "2026/1/31", date(2026, 1, 31)),
        ("select", "NEW", "new"),
        ("select", "Old", "old"),
        ("email", "Ann Lee <ann@example.com>", "ann@example.com"),
        ("email", "mailto:ann@example.com", "ann@example.com"),
        ("url", "example.com:8080/x", "https://example.com:8080/x"),
        ("time", "9:30", "09:30"),
        ("time", "下午3点", "15:00"),
        ("time", "９点３０分", "09:30"),
        ("time", "12 am", "00:00"),
        ("percent", "1,200.5 %", Decimal("1200.5")),
        ("percent", "１２％", Decimal(12)),
        ("rating", "★★★☆☆", 3),
        ("rating", "4/5", 4),
        ("duration", "2小时30分钟", 9_000_000_000),
    ],
)
def test_cells_of_files_are_read_more_kindly(name: str, text: str, parsed: object) -> None:
    assert TYPES[name].parse_text(text) == parsed


def test_the_built_in_types_are_found_like_a_plug_in_is() -> None:
    built_in = {"text", "long_text", "integer", "decimal", "date", "datetime", "boolean"}
    assert set(field_types()) >= built_in | {"select", "link"}
    assert all(issubclass(type_, FieldType) for type_ in field_types().values())


@pytest.mark.parametrize("word", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_a_decimal_that_is_no_number_is_no_integer(word: str) -> None:
    with pytest.raises(InvalidError):
        IntegerType().parse(Decimal(word))


def test_a_cell_is_read_by_the_signs_of_its_language() -> None:
    assert TYPES["percent"].parse_text("1.234,5 %", locale="de") == Decimal("1234.5")
    with pytest.raises(InvalidError):
        TYPES["percent"].parse_text("1,5", locale="en")


@pytest.mark.parametrize(("length", "text"), [("14m", "15min"), ("5w", "4w")])
def test_the_limit_of_a_duration_is_told_as_its_document_has_it(length: str, text: str) -> None:
    with pytest.raises(InvalidError) as caught:
        TYPES["duration"].parse(length)
    assert caught.value.problems[0].message().endswith(f"{text}.")


@given(first=st.times(), second=st.times())
def test_times_sort_as_texts(first: time, second: time) -> None:
    texts = [TYPES["time"].parse(f"{one:%H:%M:%S}") for one in (first, second)]
    wanted = first.replace(microsecond=0) < second.replace(microsecond=0)
    assert (str(texts[0]) < str(texts[1])) == wanted
