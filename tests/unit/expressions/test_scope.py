"""What an entity offers to expressions."""

from decimal import Decimal

import pytest

from loomwork.expressions import EntityScope, FieldInfo, parse, to_text
from loomwork.expressions.scope import InverseLink
from loomwork.model.entity import Entity, Field
from loomwork.model.kinds import Kind
from loomwork.model.system_fields import system_fields
from loomwork.model.text import Text
from loomwork.model.types.decimal import DecimalType
from loomwork.model.types.select import Option, SelectType
from tests.language.world import ENTITIES

OPTIONS = {name: Option(name=name, label=Text(name)) for name in ("new", "won")}
OWN = (
    Field(name="stage", type=SelectType(options=OPTIONS), label=Text("Stage")),
    Field(name="amount", type=DecimalType(places=3, min=Decimal(0)), label=Text("Amount")),
)
ENTITY = Entity(
    name="deal",
    label=Text("Deal"),
    plural=Text("Deals"),
    icon="x",
    title="stage",
    ownership="user",
    fields={field.name: field for field in (*OWN, *system_fields(ownership="user", recycle=True))},
)
SCOPE = EntityScope(ENTITY)


def test_a_select_field_has_its_options_and_no_order() -> None:
    assert SCOPE.field("stage") == FieldInfo(
        kind=Kind.TEXT, choices=("new", "won"), places=None, ordered=False
    )


def test_a_decimal_field_has_its_places() -> None:
    assert SCOPE.field("amount") == FieldInfo(kind=Kind.NUMBER, places=3)


def test_fields_and_options_have_their_labels() -> None:
    stage = SCOPE.field("stage")
    assert stage is not None
    assert stage.label == Text("Stage")
    assert stage.options == {name: Text(name) for name in ("new", "won")}


def test_links_know_their_entity_and_an_id_its_own() -> None:
    owner, id_ = SCOPE.field("owner"), SCOPE.field("id")
    assert (owner and owner.entity, id_ and id_.entity) == ("user", "deal")


def test_nothing_is_around_a_single_entity() -> None:
    assert (SCOPE.roots(), SCOPE.settings(), SCOPE.changes) == ({}, {}, False)
    assert (SCOPE.inverses("deal"), SCOPE.fields_of("user"), SCOPE.inside("line")) == (
        {},
        None,
        None,
    )


def test_the_records_that_link_here_have_their_inverse_names() -> None:
    scope = EntityScope(ENTITIES["deal"], ENTITIES)
    assert scope.inverses("deal") == {
        "lines": InverseLink("line", "deal"),
        "children": InverseLink("deal", "parent"),
    }
    inside = scope.inside("line")
    assert inside is not None
    assert (inside.entity, inside.roots()["this"].entity) == ("line", "deal")


def test_inside_an_aggregate_nothing_has_changed() -> None:
    inside = EntityScope(ENTITIES["deal"], ENTITIES, changes=True).inside("line")
    assert inside is not None
    assert (inside.changes, set(inside.roots())) == (False, {"this"})


@pytest.mark.parametrize(
    ("pack", "name", "full"),
    [
        ("", "sales.days", "sales.days"),
        ("sales", "days", "sales.days"),
        ("service", "days", "service.days"),
        ("", "days", ""),
        ("", "label", "sales.label"),
        ("service", "label", "sales.label"),
        ("sales", "nothing", ""),
    ],
)
def test_a_setting_is_the_own_packs_first_else_the_only_one(
    pack: str, name: str, full: str
) -> None:
    settings = dict.fromkeys(
        ("sales.days", "service.days", "sales.label"), FieldInfo(kind=Kind.NUMBER)
    )
    assert EntityScope(ENTITY, settings=settings, pack=pack).setting(name) == full


def test_a_tree_of_records_has_its_link_upwards() -> None:
    scope = EntityScope(ENTITIES["deal"], ENTITIES)
    assert [scope.hierarchy(name) for name in ("deal", "account", "region", "none")] == [
        "parent",
        "",
        "parent",
        "",
    ]


def test_system_fields_can_be_used_and_others_are_unknown() -> None:
    assert SCOPE.field("nothing") is None
    assert {"id", "owner", "created_at", "version"} <= set(SCOPE.names())
    source = "owner == user and created_by != owner and version > 1 and deleted_at is None"
    assert to_text(parse(source, SCOPE)) == source
