"""What an entity offers to expressions."""

from decimal import Decimal

from loomwork.expressions import EntityScope, FieldInfo, parse, to_text
from loomwork.model.entity import Entity, Field
from loomwork.model.kinds import Kind
from loomwork.model.system_fields import system_fields
from loomwork.model.text import Text
from loomwork.model.types.decimal import DecimalType
from loomwork.model.types.select import Option, SelectType

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


def test_system_fields_can_be_used_and_others_are_unknown() -> None:
    assert SCOPE.field("nothing") is None
    assert {"id", "owner", "created_at", "version"} <= set(SCOPE.names())
    source = "owner == user and created_by != owner and version > 1 and deleted_at is None"
    assert to_text(parse(source, SCOPE)) == source
