"""How fields are kept: what encrypted ones cannot be, and what sequences need."""

import pytest

from loomwork.model.types.encrypted import EncryptedType, SealedType
from loomwork.model.types.sequence import SequenceType
from tests.documents import Body
from tests.documents import PackBuilder as Pack
from tests.unit.catalog.problems import compiled, entity, field, found, found_in

NUMBER = {"type": "sequence", "pattern": "N-{year}-{seq:04}"}


@pytest.mark.parametrize(
    ("key", "value"), [("unique", True), ("indexed", True), ("search", True), ("default", "x")]
)
def test_what_is_encrypted_cannot_be_found_by(key: str, value: object) -> None:
    document = field(type="text", encrypted=True, **{key: value})
    assert found_in(document) == [(f"/fields/one/{key}", "encrypted")]


def test_no_index_has_what_is_encrypted() -> None:
    document = field(type="integer", encrypted=True)
    assert found_in({**document, "indexes": {"by_one": ["name", "one"]}}) == [
        ("/indexes/by_one", "not_indexable"),
        ("/indexes/by_one/1", "encrypted"),
    ]


def test_no_option_of_an_encrypted_select_depends_on_anything() -> None:
    document = field(
        type="select", encrypted=True, options={"a": {"when": "name is None"}, "b": {}}
    )
    assert found_in(document) == [("/fields/one/options/a/when", "encrypted")]


@pytest.mark.parametrize(
    "settings",
    [
        {"type": "text", "encrypted": True},
        {"type": "address", "encrypted": True},
        {"type": "secret"},
    ],
)
@pytest.mark.parametrize("name", ["one", "one.city"])
def test_no_expression_names_it(settings: Body, name: str) -> None:
    document = {**field(**settings), "checks": {"a": {"must": f"{name} == 'x'"}}}
    problems = found(Pack(document).read())
    assert {problem.pointer for problem in problems} == {"/checks/a/must"}


def test_no_list_is_sorted_by_it() -> None:
    view: Body = {
        "kind": "view",
        "name": "notes",
        "entity": "note",
        "type": "list",
        "columns": ["name", "one"],
        "sort": ["one"],
    }
    document = field(type="text", encrypted=True)
    assert [(problem.pointer, problem.code) for problem in found(Pack(document, view).read())] == [
        ("/sort/0", "not_sortable")
    ]


def test_no_record_is_called_by_it() -> None:
    document = {
        **entity(fields={"name": {"type": "text", "encrypted": True}}),
    }
    assert found_in(document) == [("/fields", "no_title")]


def test_the_limits_and_options_of_an_encrypted_field_are_checked_all_the_same() -> None:
    assert found_in(field(type="integer", encrypted=True, min=3, max=1)) == [
        ("/fields/one/min", "bad_bounds")
    ]
    assert found_in(field(type="select", encrypted=True)) == [("/fields/one", "no_options")]


def test_many_values_are_encrypted_as_one() -> None:
    model = compiled(Pack(field(type="text", many=True, encrypted=True)).read())
    type_ = model.entities["note"].fields["one"].type
    assert isinstance(type_, EncryptedType)
    assert (type_.many, type_.of.many) == (False, True)


def test_a_secret_is_no_more_than_encrypted() -> None:
    model = compiled(Pack(field(type="secret", max_length=40)).read())
    type_ = model.entities["note"].fields["one"].type
    assert isinstance(type_, SealedType)
    assert (type_.usable, type_.sortable) == (False, False)


def test_a_sequence_is_read_only_and_unique_where_no_number_comes_twice() -> None:
    made = {
        reset: compiled(Pack(field(**NUMBER, reset=reset)).read()).entities["note"].fields["one"]
        for reset in ("never", "year", "month")
    }
    assert all(one.readonly for one in made.values())
    assert {name: one.unique for name, one in made.items()} == {
        "never": True,
        "year": True,
        "month": False,
    }
    assert isinstance(made["year"].type, SequenceType)


@pytest.mark.parametrize("pattern", ["{seq} {sek}", "{seq} {Year}", "{seq} {}"])
def test_a_place_that_stands_for_nothing_is_told(pattern: str) -> None:
    (problem,) = found(Pack(field(type="sequence", pattern=pattern)).read())
    assert (problem.pointer, problem.code) == ("/fields/one/pattern", "unknown_place")
    assert "{seq:05}" in problem.message()


def test_a_sequence_without_gaps_needs_a_recycle_bin() -> None:
    document = field(**NUMBER, gapless=True)
    assert compiled(Pack(document).read()).pending == ()
    assert found_in({**document, "features": {"recycle": False}}) == [
        ("/fields/one/gapless", "no_recycle_bin")
    ]
