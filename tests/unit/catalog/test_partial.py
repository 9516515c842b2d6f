"""Documents that change others are checked against what a change may say."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loomwork.catalog import schema_check
from loomwork.catalog.partial import check_patch, check_patch_body
from loomwork.catalog.schema_check import check_body
from loomwork.extension.field_types import field_types
from loomwork.model.types.text import TextType
from loomwork_metadata import KINDS
from tests.documents import Body, PackBuilder
from tests.unit.metadata.kinds import example_of_each_kind

EXAMPLES = example_of_each_kind()
PATCHED = [kind for kind in KINDS if kind not in ("pack", "translation", "scenario")]


def entity(**changes: object) -> Body:
    return {"kind": "entity", "name": "deal", "extends": True, **changes}


def field(**changes: object) -> Body:
    return entity(fields={"one": changes})


def form(**tab: object) -> Body:
    return {"kind": "form", "name": "deal", "extends": True, "tabs": {"one": tab}}


def view(**changes: object) -> Body:
    return {"kind": "view", "name": "deals", "extends": True, **changes}


def found_in(body: Body) -> list[tuple[str, str]]:
    """Return pointer and code of everything that is wrong with a patch."""
    return [(problem.pointer, problem.code) for problem in check_patch_body(body["kind"], body)]


@pytest.mark.parametrize(
    "body",
    [
        entity(),
        entity(label="Deal", icon=None, checks=None),
        entity(fields={"x_note": {"type": "text", "label": "Note"}, "old": None}),
        entity(checks={"full": {"message": "Fill it in."}}),
        entity(order={"$before": {"name": ["x_note"]}}),
        entity(indexes={"pipeline": {"$add": ["x_note"], "$remove": ["stage"]}}),
        entity(indexes={"pipeline": ["stage"]}),
        entity(fields={"$replace": {"name": {"type": "text"}}}),
        field(label=None, min=5),
        field(default={"is": "today()"}),
        field(options={"won": {"color": None}, "lost": None, "x_open": {}}),
        field(options={"$replace": {"a": {}}}),
        field(type="long_text", unique=None, places=None),
        field(**{"$replace": {"type": "text"}}),
        form(sections={"main": {"fields": {"$after": {"name": ["x_note"]}}}}),
        form(label="More"),
        form(sections=None, panel="timeline"),
        form(columns={"$add": ["x_note"]}),
        view(columns={"$remove": ["stage"]}, sort=["name"]),
        view(type="kanban", group="stage", columns=None),
        {
            "kind": "role",
            "name": "clerk",
            "extends": True,
            "grants": {"deal": {"read": True, "fields": {"margin": {"read": "owner == user"}}}},
        },
        {
            "kind": "automation",
            "name": "tidy",
            "extends": True,
            "trigger": {"when": None},
            "steps": {"mail": {"to": {"is": "email"}}, "x_tag": {"action": "tag", "add": ["a"]}},
        },
    ],
)
def test_a_patch_says_only_what_differs(body: Body) -> None:
    assert found_in(body) == []


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (entity(lable="Deal"), ("/lable", "unknown_key")),
        (entity(lable=None), ("/lable", "unknown_key")),
        (entity(name=None), ("/name", "cannot_remove")),
        (entity(fields=None), ("/fields", "cannot_remove")),
        (entity(fields=[]), ("/fields", "wrong_type")),
        (entity(fields={"Bad": {"type": "text"}}), ("/fields/Bad", "bad_name")),
        (entity(ownership="everybody"), ("/ownership", "unknown_value")),
        (entity(extends="yes"), ("/extends", "wrong_value")),
        (entity(order={"$before": {"name": "x_note"}}), ("/order/$before/name", "wrong_type")),
        (entity(order={"$before": ["name"]}), ("/order/$before", "wrong_type")),
        (entity(order={"$add": ["Bad"]}), ("/order/$add/0", "bad_name")),
        (entity(order={"$add": "name"}), ("/order/$add", "wrong_type")),
        (entity(order={"$append": ["name"]}), ("/order", "wrong_type")),
        (entity(fields={"$add": ["name"]}), ("/fields/$add", "bad_name")),
        (entity(title={"$replace": "name"}), ("/title/$replace", "wrong_type")),
        (entity(title={"$replace": {"is": ""}}), ("/title/$replace/is", "empty")),
        (entity(title={"$replace": {"is": "name"}, "is": "name"}), ("/title/is", "unknown_key")),
        (field(type=None), ("/fields/one/type", "cannot_remove")),
        (field(type="txt"), ("/fields/one/type", "unknown_value")),
        (field(type="text", places=2), ("/fields/one/places", "unknown_key")),
        (field(lable="One"), ("/fields/one/lable", "unknown_key")),
        (field(places="two"), ("/fields/one/places", "wrong_type")),
        (field(default={"iss": "today()"}), ("/fields/one/default/iss", "unknown_key")),
        (
            field(options={"$replace": {"a": {"color": "mauve"}}}),
            ("/fields/one/options/$replace/a/color", "unknown_value"),
        ),
        (field(**{"$replace": {"type": "link"}}), ("/fields/one/$replace", "missing_key")),
        (form(colums=3), ("/tabs/one/colums", "unknown_key")),
        (form(sections={"main": {"columns": 4}}), ("/tabs/one/sections/main/columns", "too_large")),
        (view(type="gallery", columns=["name"]), ("/columns", "unknown_key")),
        (view(kind="form"), ("/kind", "wrong_kind")),
    ],
)
def test_what_no_patch_can_say_is_told_at_its_place(body: Body, problem: tuple[str, str]) -> None:
    if_in_place = "view" if body["name"] == "deals" else body["kind"]
    problems = check_patch_body(if_in_place, body)
    assert [(one.pointer, one.code) for one in problems] == [problem]
    assert all(one.message() for one in problems)


def test_a_patch_without_a_name_is_for_nothing() -> None:
    assert found_in({"kind": "entity", "extends": True}) == [("", "missing_key")]


def test_a_patch_in_a_file_is_told_with_the_file() -> None:
    (_, document) = PackBuilder(entity(lable="Deal")).read()
    (problem,) = check_patch(document)
    assert problem.file == "entities/deal.json"
    assert problem.message() == "The key “lable” is not known here. Did you mean “label”?"


def test_a_field_of_a_plug_ins_type_can_be_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = field(type="iban", countries=["DE"])
    assert ("/fields/one/type", "unknown_value") in found_in(whole)
    monkeypatch.setattr(schema_check, "field_types", lambda: {**field_types(), "iban": TextType})
    assert found_in(whole) == []
    assert found_in(field(countries=["DE"], label=None)) == []
    assert found_in(field(type="iban", label="")) == [("/fields/one/label", "empty")]


@pytest.mark.parametrize("kind", PATCHED)
def test_every_whole_document_could_be_a_patch(kind: str) -> None:
    assert found_in({**EXAMPLES[kind], "extends": True}) == []


@st.composite
def thinned(draw: st.DrawFn) -> Body:
    """Draw an example from which some keys are gone, on every level, as from a patch."""

    def thin(value: Any, *, top: bool = False) -> Any:
        if not isinstance(value, dict):
            return value
        kept = [key for key in value if (top and key in ("kind", "name")) or draw(st.booleans())]
        return {key: thin(value[key]) for key in kept}

    body: Body = thin(copy.deepcopy(EXAMPLES[draw(st.sampled_from(PATCHED))]), top=True)
    return {**body, "extends": True}


@given(body=thinned())
def test_what_is_left_out_of_a_patch_is_never_missed(body: Body) -> None:
    assert found_in(body) == []


@given(body=thinned())
def test_a_patch_with_nothing_wrong_in_it_breaks_nothing_but_what_it_lacks(body: Body) -> None:
    lacking = {problem.code for problem in check_body(body["kind"], body)}
    assert lacking <= {"missing_key", "not_one_of", "empty"}
