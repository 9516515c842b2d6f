"""The filter builder: conditions as chips, and the inputs for one more."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from flask import render_template
from markupsafe import Markup

from loomwork.errors import InvalidError, LoomworkError
from loomwork.model.entity import Entity
from loomwork.model.field_type import FieldType
from loomwork.model.kinds import Kind
from loomwork.model.types.duration import DurationType
from loomwork.model.types.link import LinkType
from loomwork.web.language import gettext
from loomwork_ui.forms.item import Item
from loomwork_ui.listing import conditions
from loomwork_ui.listing.address import ListAddress
from loomwork_ui.listing.conditions import Condition
from loomwork_ui.listing.filterable import asking
from loomwork_ui.reader import Reader
from loomwork_ui.request import Visit
from loomwork_ui.widgets.base import Widget

VALUE = "filter_value"
EXACT = frozenset(("==", "!="))
READERS: Mapping[str, Callable[[str], object]] = {
    "boolean": lambda literal: literal == "True",
    "date": date.fromisoformat,
    "datetime": lambda literal: _aware(datetime.fromisoformat(literal)),
    "decimal": Decimal,
    "integer": int,
    "select": str,
    "percent": Decimal,
    "rating": int,
    "duration": lambda literal: DurationType().parse(literal),
    **dict.fromkeys(("phone", "url"), str),
}
"""How the literals of an expression become values of a field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A condition as it is shown; ``without`` is the list's address when it is taken away."""

    source: str
    label: str
    operator: str
    values: tuple[str, ...]
    without: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionInput:
    """The operators of a field and the input for the value to compare with."""

    operators: tuple[tuple[str, str], ...]
    input: Markup


def condition_input(widget: Widget, reader: Reader) -> ConditionInput:
    """Return what the builder asks for when ``widget``'s field is chosen."""
    kind = widget.field.type.kind
    asked = asking(widget, gettext, name=VALUE, required=False)
    item = Item(widget=asked, reader=reader, id=VALUE)
    template = asked.filter_template or asked.template
    return ConditionInput(
        operators=tuple(
            (sign, gettext(conditions.words(sign, kind)))
            for sign in conditions.operators(widget.field)
        ),
        input=Markup(render_template(template, item=item)),  # noqa: S704 -- a template escapes
    )


def with_condition(
    address: ListAddress, widget: Widget, operator: str, typed: Iterable[str], reader: Reader
) -> ListAddress:
    """Return the list narrowed by one more condition, as the builder sent it."""
    asked = asking(widget, gettext)
    values = [str(asked.parse({widget.field.name: text}, reader)) for text in typed]
    if operator in EXACT:
        values = [_as_kept(asked.field.type, text) for text in values]
    if widget.field.type.name == "boolean":
        values = [text.lower() for text in values]
    added = conditions.write(widget.field, operator, values)
    present = address.filter
    if not conditions.readable(present):
        return address
    sources = [condition.source for condition in conditions.split(present)]
    return address.filtered(conditions.join([*sources, added]))


def _as_kept(type_: FieldType, text: str) -> str:
    """Return what was typed as a text field keeps it: a filter asks for what is kept."""
    if type_.kind is not Kind.TEXT or not text.strip():
        return text
    try:
        return str(type_.parse_text(text) or "")
    except InvalidError:
        return text


def chips(visit: Visit, entity: Entity, address: ListAddress) -> tuple[Chip, ...]:
    """Return the filter's conditions; an expression that cannot be read has none."""
    if not conditions.readable(address.filter):
        return ()
    parts = conditions.split(address.filter)
    return tuple(
        _chip(visit, entity, part, address, (*parts[:index], *parts[index + 1 :]))
        for index, part in enumerate(parts)
    )


def _chip(
    visit: Visit,
    entity: Entity,
    condition: Condition,
    address: ListAddress,
    others: tuple[Condition, ...],
) -> Chip:
    widget = visit.prepared.filters(entity).get(condition.field)
    without = address.filtered(conditions.join(other.source for other in others)).url
    if widget is None:
        return Chip(source=condition.source, label="", operator="", values=(), without=without)
    return Chip(
        source=condition.source,
        label=widget.label,
        operator=gettext(conditions.words(condition.operator, widget.field.type.kind)),
        values=tuple(_words(visit, asking(widget, gettext), value) for value in condition.values),
        without=without,
    )


def _words(visit: Visit, widget: Widget, literal: str) -> str:
    """Return a literal of the expression as the field shows its values."""
    type_ = widget.field.type
    if isinstance(type_, LinkType):
        return _title(visit, type_.to, literal)
    read = READERS.get(type_.name)
    try:
        return widget.words(read(literal), visit.reader) if read else literal
    except (ValueError, ArithmeticError):
        return literal


def _title(visit: Visit, entity: str, literal: str) -> str:
    try:
        record = visit.site.records.read(visit.actor, entity, UUID(literal))
    except (ValueError, LoomworkError):
        return literal
    return str(record.get(visit.prepared.entity(entity).title) or literal)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
