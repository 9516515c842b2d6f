"""Whatever is sent as a field's value is kept, or refused with the field's pointer."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from loomwork.errors import InvalidError, Problem
from loomwork.publishing.site import Site
from loomwork.records.service import Records
from tests.sites import TESTER

FIELDS = (
    "name",
    "code",
    "notes",
    "seats",
    "price",
    "built",
    "checked",
    "running",
    "state",
    "maker",
    "order",
    "owner",
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(min_value=-(10**400), max_value=10**400),
    st.floats(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.text(max_size=50),
    st.text(st.characters(categories=("Cs", "Cc", "Cf", "Co", "Mn", "So")), max_size=30),
    st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
    st.dates().map(str),
    st.uuids().map(str),
)
VALUES = st.one_of(
    SCALARS,
    st.lists(SCALARS, max_size=2),
    st.dictionaries(st.text(max_size=5), SCALARS, max_size=2),
)


@pytest.mark.parametrize("field", FIELDS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(value=VALUES)
@example(value=10**400)
@example(value=Decimal("1E+400"))
@example(value=float("inf"))
@example(value=float("nan"))
@example(value="\x00")
@example(value="a\ud800b")
@example(value="\U0010ffff" * 30)
@example(value="x" * 1_000_000)
@example(value="\\'\"%_{}[]$:?")
@example(value="0001-01-01")
@example(value="0001-01-01T00:00:00Z")
@example(value="9999-12-31T23:59:59.999999Z")
@example(value="-0.0000")
@example(value=2**53 - 1)
@example(value=-(2**53 - 1))
@example(value=2**63)
def test_a_value_is_kept_as_it_was_read_or_refused_at_its_pointer(
    shared_site: Site, field: str, value: Any
) -> None:
    records = shared_site.records
    type_ = shared_site.model.entities["machine"].fields[field].type
    made, problems = attempt(records, {"name": "x", field: value})
    assert {problem.pointer for problem in problems} <= {f"/{field}"}
    assert all(problem.message() for problem in problems)
    for record in made:
        assert records.read(TESTER, "machine", record["id"]) == record
        assert record[field] == (None if value is None else type_.parse(value))


def attempt(records: Records, payload: Mapping[str, Any]) -> tuple[list[Any], Sequence[Problem]]:
    """Return the new record, or the problems that it has."""
    try:
        return [records.create(TESTER, "machine", payload)], ()
    except InvalidError as error:
        return [], error.problems


@pytest.mark.parametrize(
    "payload",
    [None, True, 7, 1.5, "x", [], [["name", "x"]], [{"name": "x"}]],
)
def test_what_is_no_object_is_refused(shared_site: Site, payload: object) -> None:
    with pytest.raises(InvalidError) as caught:
        shared_site.records.create(TESTER, "machine", payload)
    assert [problem.code for problem in caught.value.problems] == ["not_an_object"]


@pytest.mark.parametrize(
    "key", ["", "_schema", "name\x00", "\ud800", "n" * 100_000, "a/b~c", "__class__", "Meta", "名"]
)
def test_a_strange_key_is_an_unknown_field(shared_site: Site, key: str) -> None:
    with pytest.raises(InvalidError) as caught:
        shared_site.records.create(TESTER, "machine", {"name": "x", key: 1})
    assert [problem.code for problem in caught.value.problems] == ["unknown_field"]
