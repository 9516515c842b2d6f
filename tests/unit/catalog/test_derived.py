"""What cannot be kept or worked out is refused with its place when it is published."""

from copy import deepcopy
from typing import Any

import pytest

from loomwork.model.derived import DerivedType
from loomwork.model.kinds import Kind
from tests.documents import Body, PackBuilder
from tests.shop import ACCOUNT, LINE, ORDER, PRODUCT, TIER, shop
from tests.unit.catalog.problems import compiled, found

SHOP = (PRODUCT, TIER, ACCOUNT, ORDER, LINE)
SETTINGS = {"factor": {"type": "integer", "default": 2}}
STORED = {"type": "formula", "result": "integer", "stored": True}


def told(name: str, settings: dict[str, Any], *more: Body) -> list[tuple[str, str, str]]:
    """Return entity, pointer and code of what is refused where the order gets such a field."""
    documents = [deepcopy(document) for document in SHOP]
    next(one for one in documents if one["name"] == "order")["fields"][name] = settings
    problems = found(PackBuilder(*documents, *more, settings=SETTINGS).read())
    return [(problem.file.split("/")[-1], problem.pointer, problem.code) for problem in problems]


def test_the_values_of_derived_fields_are_those_of_what_they_show() -> None:
    fields = compiled(shop().read()).entities["account"].fields
    assert fields["orders_count"].type.kind is Kind.NUMBER
    kept = {name: one.type.storage.places for name, one in fields.items() if name != "id"}
    assert (kept["turnover"], kept["usual"], kept["rebate"]) == (2, 6, 1)
    order = compiled(shop().read()).entities["order"].fields["industry"]
    assert isinstance(order.type, DerivedType)
    assert order.type.result is not None
    assert order.type.result.name == "select"
    assert order.readonly


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("year(today())", "not_derivable"),
        ("1 if owner_name == user.name else 0", "not_derivable"),
        ("account.peers", "not_derivable"),
        ("coalesce(account.rebate, 0)", "not_derivable"),
        ("sum(lines, quantity * account.peers)", "not_derivable"),
    ],
)
def test_what_changes_without_a_write_cannot_be_stored(source: str, code: str) -> None:
    settings = {**STORED, "is": source.replace("owner_name", "name")}
    assert told("x", settings) in (
        [("order.json", "/fields/x", code)],
        # A line knows nothing of the account of its order.
        [("order.json", "/fields/x/is", "unknown_field")],
    )


def test_what_is_not_stored_may_follow_from_anything() -> None:
    documents = [deepcopy(document) for document in SHOP]
    fields = next(one for one in documents if one["name"] == "order")["fields"]
    fields["age"] = {"type": "formula", "result": "integer", "is": "year(today()) + account.peers"}
    assert (
        "age"
        in compiled(PackBuilder(*documents, settings=SETTINGS).read()).entities["order"].fields
    )


def test_a_live_total_cannot_follow_from_the_day_but_a_daily_one_can() -> None:
    total = {"type": "rollup", "of": "lines", "function": "count", "where": "created_at < now()"}
    assert told("late", total) == [("order.json", "/fields/late", "not_derivable")]
    documents = [deepcopy(document) for document in SHOP]
    fields = next(one for one in documents if one["name"] == "order")["fields"]
    fields["late"] = {**total, "refresh": "daily"}
    type_ = (
        compiled(PackBuilder(*documents, settings=SETTINGS).read())
        .entities["order"]
        .fields["late"]
        .type
    )
    assert isinstance(type_, DerivedType)
    assert (type_.stored, type_.refresh) == (True, "daily")


def test_fields_that_follow_from_each_other_are_told() -> None:
    settings = {**STORED, "is": "account.turnover + 1"}
    documents = [deepcopy(document) for document in SHOP]
    fields = {one["name"]: one["fields"] for one in documents}
    fields["order"]["x"] = settings
    fields["account"]["turnover"]["field"] = "x"
    problems = found(PackBuilder(*documents, settings=SETTINGS).read())
    assert {problem.code for problem in problems} == {"circle"}


@pytest.mark.parametrize("key", ["indexed", "search"])
def test_only_what_is_stored_can_be_found_by_an_index(key: str) -> None:
    settings = {"type": "formula", "result": "text", "is": "name", key: True}
    assert told("x", settings) == [("order.json", f"/fields/x/{key}", "not_stored")]


def test_a_link_that_is_worked_out_names_its_entity_and_leads_no_further() -> None:
    settings = {"type": "formula", "result": "link", "is": "account"}
    assert told("x", settings) == [("order.json", "/fields/x", "no_target")]
    documents = [deepcopy(document) for document in SHOP]
    fields = next(one for one in documents if one["name"] == "order")["fields"]
    fields["x"] = {**settings, "to": "account"}
    fields["y"] = {"type": "lookup", "is": "x.name"}
    codes = [problem.code for problem in found(PackBuilder(*documents, settings=SETTINGS).read())]
    assert codes == ["not_followed"]


def test_no_access_depends_on_a_value_that_may_lag_behind() -> None:
    grants = {"order": {"read": "title_line == 'a'"}, "account": {"read": "turnover > 1"}}
    documents = [deepcopy(document) for document in (*SHOP,)]
    role: Body = {"kind": "role", "name": "reader", "grants": grants}
    problems = found(PackBuilder(*documents, role, settings=SETTINGS).read())
    assert [(one.pointer, one.code) for one in problems] == [
        ("/grants/order/read", "lags"),
        ("/grants/account/read", "lags"),
    ]


def test_a_chain_of_too_many_fields_is_refused() -> None:
    documents = [deepcopy(document) for document in SHOP]
    fields = next(one for one in documents if one["name"] == "order")["fields"]
    fields["x0"] = {"type": "formula", "result": "integer", "is": "chance + 1"}
    for number in range(1, 12):
        source = f"x{number - 1} + 1"
        fields[f"x{number}"] = {"type": "formula", "result": "integer", "is": source}
    codes = {
        (one.pointer, one.code) for one in found(PackBuilder(*documents, settings=SETTINGS).read())
    }
    assert codes == {(f"/fields/x{number}", "not_derivable") for number in range(8, 12)}


def test_a_formula_that_doubles_at_each_step_is_refused() -> None:
    documents = [deepcopy(document) for document in SHOP]
    fields = next(one for one in documents if one["name"] == "order")["fields"]
    fields["x0"] = {"type": "formula", "result": "integer", "is": " + ".join(["chance"] * 8)}
    for number in range(1, 5):
        source = " + ".join([f"x{number - 1}"] * 8)
        fields[f"x{number}"] = {"type": "formula", "result": "integer", "is": source}
    codes = {one.code for one in found(PackBuilder(*documents, settings=SETTINGS).read())}
    assert codes == {"not_derivable"}
