"""References between documents: every one is checked, each with a hint."""

from typing import Any

import pytest

from loomwork.catalog.names import RESERVED_FIELDS
from loomwork.expressions.functions import FUNCTIONS
from tests.documents import Body, PackBuilder, base
from tests.unit.catalog.problems import compiled, entity, field, found, found_in, grants


def form(**changes: Any) -> Body:
    section = {"fields": changes.pop("shown", ["name"])}
    return {
        "kind": "form",
        "name": "note",
        "entity": "note",
        "tabs": {"main": {"sections": {"first": section}}},
        **changes,
    }


def view(**changes: object) -> Body:
    return {
        "kind": "view",
        "name": "all_notes",
        "entity": "note",
        "type": "list",
        "columns": ["name"],
        **changes,
    }


def app(**item: object) -> Body:
    return {"kind": "app", "name": "desk", "items": {"more": {"items": {"one": item}}}}


OPTIONS: Body = {"a": {}, "b": {}}


def computed(said: Body, source: str) -> dict[str, Body]:
    """Return an entity whose field ``one`` is computed: as a default, and filled by a link."""
    fields: dict[str, Body] = {
        "name": {"type": "text"},
        "size": {"type": "integer"},
        "near": {"type": "select", "options": OPTIONS},
        "other": {"type": "select", "options": {"b": {}, "d": {}}},
        "above": {"type": "link", "to": "note"},
    }
    default = {"one": {**said, "default": {"is": source}}}
    link = {"above": {**fields["above"], "fill": {"one": source}}, "one": said}
    return {
        "default": entity(fields={**fields, **default}),
        "fill": entity(fields={**fields, **link}),
    }


LONG = {"type": "text", "max_length": 400}


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (entity(name="lookup"), ("/name", "reserved_name")),
        (entity(name="lw_note"), ("/name", "reserved_name")),
        (entity(name="ab_user"), ("/name", "reserved_name")),
        (entity(name="sqlite_note"), ("/name", "reserved_name")),
        (entity(title={"is": "nmae"}), ("/title/is", "bad_title")),
        (entity(title={"is": "size"}), ("/title/is", "bad_title")),
        (entity(fields={"size": {"type": "integer"}}), ("/fields", "no_title")),
        (entity(indexes={"a": ["nmae"]}), ("/indexes/a/0", "unknown_field")),
        (entity(indexes={"a": ["name", "more"]}), ("/indexes/a", "not_indexable")),
        (
            entity(indexes={"a": ["x", "y"]}, fields={"x": LONG, "y": LONG}),
            ("/indexes/a", "not_indexable"),
        ),
        (field(type="link", to="nota"), ("/fields/one/to", "unknown_entity")),
        (field(type="integer", min=5, max=4), ("/fields/one/min", "bad_bounds")),
        (field(type="decimal", min="5", max="4.5"), ("/fields/one/min", "bad_bounds")),
        (field(type="money", min=5, max=4), ("/fields/one/min", "bad_bounds")),
        (
            field(type="money", default="1", max=4, min=2),
            ("/fields/one/default", "too_small"),
        ),
        (
            field(type="multi_select", options={"a": {}}, default=["b"]),
            ("/fields/one/default", "not_an_option"),
        ),
        (field(type="reference", to=["nowhere"]), ("/fields/one/to/0", "unknown_entity")),
        (field(type="integer", max=4, default=5), ("/fields/one/default", "too_large")),
        (field(type="text", max_length=2, default="abc"), ("/fields/one/default", "too_long")),
        (field(type="date", default="2026-02-30"), ("/fields/one/default", "not_a_date")),
        (field(type="decimal", default="1.555"), ("/fields/one/default", "too_many_places")),
        (
            field(type="select", options={"a": {}}, default="b"),
            ("/fields/one/default", "not_an_option"),
        ),
        (form(entity="nota"), ("/entity", "unknown_entity")),
        (form(shown=["nmae"]), ("/tabs/main/sections/first/fields/0", "unknown_field")),
        (form(header={"highlights": ["nmae"]}), ("/header/highlights/0", "unknown_field")),
        (form(fields={"nmae": {"span": 2}}), ("/fields/nmae", "unknown_field")),
        (view(entity="nota"), ("/entity", "unknown_entity")),
        (view(columns=["nmae"]), ("/columns/0", "unknown_field")),
        (view(sort=["-nmae"]), ("/sort/0", "unknown_field")),
        (view(sort=["more"]), ("/sort/0", "not_sortable")),
        (view(filter="nmae == 'x'"), ("/filter", "unknown_field")),
        (view(filter="size == 'x'"), ("/filter", "wrong_kind")),
        (view(filter="size =="), ("/filter", "syntax")),
        (app(entity="nota"), ("/items/more/items/one/entity", "unknown_entity")),
        (app(view="all_note"), ("/items/more/items/one/view", "unknown_view")),
        (grants(read="nmae == 'x'"), ("/grants/note/read", "unknown_field")),
        (grants(create="1 +"), ("/grants/note/create", "syntax")),
        ({**grants(), "grants": {"nota": {}}}, ("/grants/nota", "unknown_entity")),
    ],
)
def test_a_reference_that_leads_nowhere_is_told_with_its_place(
    document: Body, problem: tuple[str, str]
) -> None:
    beside = [] if document["kind"] == "entity" else [entity(), view(name="all_of_them")]
    pointer, code = problem
    told = dict(found_in(*beside, document))
    assert told.get(pointer) == code


@pytest.mark.parametrize(
    "name",
    [
        "id",
        "created_at",
        "version",
        "live",
        "last_activity_at",
        "owner",
        "team",
        "class",
        "user",
        "old",
        "this",
        "record",
        "settings",
        "ask",
        "lower",
        "contains",
        "today",
        "sum",
        "not",
        "candidate",
        "completeness",
        "flags",
    ],
)
def test_a_reserved_name_is_no_field(name: str) -> None:
    document = entity(fields={"name": {"type": "text"}, name: {"type": "text"}})
    assert found_in(document) == [(f"/fields/{name}", "reserved_name")]


def test_every_function_of_the_language_is_a_reserved_name() -> None:
    assert set(FUNCTIONS) <= RESERVED_FIELDS


def test_owner_and_team_are_free_where_nobody_owns_records() -> None:
    fields = {"name": {"type": "text"}, "owner": {"type": "text"}, "team": {"type": "text"}}
    model = compiled(PackBuilder(entity(fields=fields, ownership="none")).read())
    assert model.entities["note"].fields["owner"].type.name == "text"


def test_a_hint_names_the_nearest_of_what_there_is() -> None:
    (problem,) = found(PackBuilder(entity(), view(columns=["siez"])).read())
    assert problem.message() == "There is no field “siez”. Did you mean “size”?"
    assert problem.file == "workshop/views/all_notes.json"


def test_a_field_stands_in_a_form_once() -> None:
    tabs = {"main": {"sections": {"first": {"fields": ["name"]}, "second": {"fields": ["name"]}}}}
    assert found_in(entity(), form(tabs=tabs)) == [
        ("/tabs/main/sections/second/fields/0", "field_twice")
    ]


@pytest.mark.parametrize(
    ("said", "source", "code"),
    [
        ({"type": "select", "options": OPTIONS}, "'c'", "not_an_option"),
        ({"type": "select", "options": OPTIONS}, "'a' if name == 'x' else 'c'", "not_an_option"),
        ({"type": "select", "options": OPTIONS}, "name", "not_an_option"),
        ({"type": "select", "options": OPTIONS}, "lower(name)", "not_an_option"),
        ({"type": "select", "options": OPTIONS}, "other", "not_an_option"),
        ({"type": "select", "options": OPTIONS}, "above.other", "not_an_option"),
        ({"type": "integer", "min": 0}, "0 - 5", "too_small"),
        ({"type": "integer", "min": 0}, "size if size > 0 else -1", "too_small"),
        ({"type": "decimal", "max": "1.5"}, "1 + 0.51", "too_large"),
        ({"type": "text", "max_length": 3}, "'abcdef'", "too_long"),
    ],
)
@pytest.mark.parametrize("way", ["default", "fill"])
def test_a_computed_value_that_cannot_fit_its_field_is_refused(
    said: Body, source: str, code: str, way: str
) -> None:
    place = {"default": "/fields/one/default/is", "fill": "/fields/above/fill/one"}[way]
    assert found_in(computed(said, source)[way]) == [(place, code)]


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ({"type": "select", "options": OPTIONS}, "near"),
        ({"type": "select", "options": OPTIONS}, "above.near"),
        ({"type": "select", "options": OPTIONS}, "'a' if name == 'x' else near"),
        ({"type": "select", "options": OPTIONS}, "'a' if name == 'x' else None"),
        ({"type": "select", "options": OPTIONS}, "coalesce(near, 'b')"),
        ({"type": "integer", "min": 0}, "size - 5"),
        ({"type": "integer", "min": 0}, "0 - 0.4"),
        ({"type": "decimal", "places": 2}, "1 / 3"),
        ({"type": "text", "max_length": 3}, "name"),
        ({"type": "date"}, "today() + days(3)"),
    ],
)
def test_a_computed_value_that_may_fit_its_field_is_accepted(said: Body, source: str) -> None:
    ways = computed(said, source)
    compiled(PackBuilder(ways["default"]).read())
    compiled(PackBuilder(ways["fill"]).read())


def test_what_two_packs_define_is_refused_with_the_first_place() -> None:
    first = PackBuilder(entity(), name="alpha").read()
    second = PackBuilder(entity(), name="beta").read()
    (problem,) = found(first, second)
    assert problem.code == "defined_twice"
    assert problem.message() == "“note” is defined already, in alpha/entities/note.json."
    assert problem.file == "beta/entities/note.json"


def test_a_pack_cannot_define_what_base_defines() -> None:
    (problem,) = found(PackBuilder(entity(name="user")).read())
    assert problem.code == "defined_twice"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"requires": {"missing": ">=1"}}, ("/requires/missing", "missing_pack")),
        ({"requires": {"base": ">=2"}}, ("/requires/base", "wrong_version")),
        ({"requires": {"base": "<1.0.0"}}, ("/requires/base", "wrong_version")),
        ({"requires": {"base": "~1"}}, ("/requires/base", "bad_form")),
        ({"requires": {"base": "latest"}}, ("/requires/base", "bad_form")),
        ({"requires": ["base"]}, ("/requires", "wrong_type")),
        ({"platform": ">=99"}, ("/platform", "wrong_version")),
        ({"version": "1.0"}, ("/version", "bad_form")),
        ({"version": "1.0.0 "}, ("/version", "bad_form")),
        ({"title": ""}, ("/title", "empty")),
        ({"name": "My pack"}, ("/name", "bad_name")),
        ({"needs": {"skripts": True}}, ("/needs/skripts", "unknown_key")),
        (
            {"settings": {"days": {"type": "integer", "min": 5, "max": 4, "default": 5}}},
            ("/settings/days/min", "bad_bounds"),
        ),
    ],
)
def test_what_a_pack_says_of_itself_is_checked(
    changes: dict[str, object], problem: tuple[str, str]
) -> None:
    problems = found(PackBuilder(entity(), **changes).read())
    assert problem in [(one.pointer, one.code) for one in problems]


def test_a_value_that_may_be_computed_is_told_with_both_ways() -> None:
    (problem,) = found(PackBuilder(field(type="integer", default="abc")).read())
    assert problem.message() == (
        "This has to be a whole number / an object with an expression under “is”."
    )


def test_what_is_no_address_is_told_with_the_form_of_one() -> None:
    problems = found(PackBuilder(entity(), locked=["entity/nope"]).read())
    assert "entity/NAME#/fields/NAME" in problems[0].message()


@pytest.mark.parametrize("version", ["1.0.0-alpha", "1.0.0-x.7.z.92", "1.0.0-rc.1"])
def test_a_pre_release_comes_before_its_release(version: str) -> None:
    first = PackBuilder(entity(), name="alpha", version=version).read()
    model = compiled(first, PackBuilder(name="beta", requires={"alpha": ">=0.9"}).read())
    assert model.packs["alpha"].version == version
    (problem,) = found(first, PackBuilder(name="beta", requires={"alpha": ">=1.0.0"}).read())
    assert problem.code == "wrong_version"


def test_the_shipped_base_needs_nothing_else() -> None:
    assert set(compiled().entities) == {"user", "team", "exchange_rate"}
    assert base()[0].file == "pack.json"
