"""What a list can be filtered by: fields, and the parts of those that have any."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from loomwork.model.entity import Entity, Field
from loomwork.model.field_type import FieldType, Part
from loomwork.model.kinds import Kind
from loomwork.model.text import Text
from loomwork.model.types.code import CodeType
from loomwork.model.types.decimal import DecimalType
from loomwork.model.types.money import MoneyType
from loomwork.model.types.reference import ReferenceType
from loomwork.model.types.select import Option, SelectType
from loomwork.model.types.several import SetType
from loomwork.model.types.text import TextType
from loomwork.model.whole import Model
from loomwork_ui.widgets.base import Translate, Widget
from loomwork_ui.widgets.registry import registry

NEVER = frozenset(("id", "version", "deleted_at"))
IN_CAPITALS = frozenset(("country", "currency"))


def filterable(
    model: Model, entity: Entity, widgets: Mapping[str, Widget], locale: str, translate: Translate
) -> dict[str, Widget]:
    """Return the widgets of what expressions can name, parts under ``field.part``."""
    found: dict[str, Widget] = {}
    for name, widget in widgets.items():
        if name in NEVER or widget.sealed or not widget.field.type.usable:
            continue
        found[name] = widget
        for field in _parts(model, entity.fields[name], locale, translate):
            found[field.name] = registry().widget(field, locale, translate)
    return found


def asked_type(type_: FieldType) -> FieldType:
    """Return the type of the values that a field is compared with."""
    if isinstance(type_, SetType):
        return type_.inner
    if isinstance(type_, MoneyType):
        return type_.number
    return TextType() if type_.parts and type_.kind is Kind.TEXT else type_


def asking(widget: Widget, translate: Translate, **changes: object) -> Widget:
    """Return the widget of the value that ``widget``'s field is compared with."""
    type_ = asked_type(widget.field.type)
    field = replace(widget.field, type=type_, **changes)  # type: ignore[arg-type]
    if type_ is widget.field.type:
        return type(widget)(field, widget.locale, translate)
    return registry().widget(field, widget.locale, translate)


def _parts(model: Model, field: Field, locale: str, translate: Translate) -> Iterator[Field]:
    for part in field.type.parts:
        if part.open:
            label = f"{field.label.to(locale)}: {translate(part.label)}"
            name, type_ = f"{field.name}.{part.name}", _part_type(model, field.type, part)
            yield Field(name=name, type=type_, label=Text(label), required=field.required)


def _part_type(model: Model, type_: FieldType, part: Part) -> FieldType:
    if isinstance(type_, ReferenceType):
        allowed = (model.entities[name] for name in type_.allowed if name in model.entities)
        options = {one.name: Option(name=one.name, label=one.label) for one in allowed}
        return SelectType(options=options)
    if part.kind is Kind.NUMBER:
        return DecimalType(places=part.storage.places)
    return CodeType() if part.name in IN_CAPITALS else TextType()
