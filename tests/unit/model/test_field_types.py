"""Field types take what fits, refuse the rest with one problem, and never fail otherwise."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
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

SETTINGS: Mapping[str, dict[str, Any]] = {
    "text": {"max_length": 20},
    "long_text": {"max_length": 50},
    "integer": {"min": -5, "max": 1000},
    "decimal": {"places": 4},
    "select": {"options": {"new": {"label": "New"}, "old": {}}},
    "link": {"to": "machine"},
}
TYPES: Mapping[str, FieldType] = {
    name: type_.from_document(SETTINGS.get(name, {}), lambda _, source: Text(source))
    for name, type_ in field_types().items()
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
    return value if isinstance(value, bool | int) else str(value)


@pytest.mark.parametrize("name", sorted(TYPES.keys() - {"id"}))
@pytest.mark.parametrize("value", ["", "  ", "\t"])
def test_an_empty_text_counts_as_missing(name: str, value: str) -> None:
    assert TYPES[name].parse(value) is None


@pytest.mark.parametrize("name", TYPES)
def test_a_sample_is_acceptable_and_survives_export(name: str) -> None:
    source = random.Random(7)
    for _ in range(20):
        sample = TYPES[name].sample(source)
        assert TYPES[name].parse_text(TYPES[name].to_text(sample)) == sample


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
