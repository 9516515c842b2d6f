"""What a browser is given to follow the conditions of a form while somebody types."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from loomwork.errors import N_
from loomwork.expressions.context import Context
from loomwork.expressions.dependencies import needs_relations
from loomwork.expressions.fold import fold
from loomwork.expressions.to_javascript import runs_in_browser, to_javascript
from loomwork.expressions.tree import Literal, Node, uses
from loomwork.model.entity import Entity
from loomwork.model.screens import Form
from loomwork.records.context import context_of
from loomwork.records.deriving.drafts import inputs_of
from loomwork.records.rules.compiled import rules_of
from loomwork.records.rules.conditions import Conditions, conditions_under
from loomwork.records.rules.expression import Expression
from loomwork.records.rules.judging import plain
from loomwork.web.language import gettext
from loomwork_ui.request import Visit
from loomwork_ui.widgets.choice import SelectWidget

READABLE = frozenset(
    (
        "text",
        "long_text",
        "integer",
        "decimal",
        "percent",
        "rating",
        "date",
        "boolean",
        "select",
        "link",
        "multi_select",
        "tags",
        "links",
    )
)
"""Types of fields whose inputs the browser reads exactly as the server does."""
TEXTS = {
    "appeared": N_("Now shown: {fields}"),
    "filled": N_("Filled in for you"),
    "filled_fields": N_("Filled in for you: {fields}"),
    "not_offered": N_("Cannot be chosen with the present values."),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of one field: what it decides, and of which option."""

    field: str
    effect: str
    expression: Expression
    option: str = ""


def following(
    visit: Visit,
    entity: Entity,
    form: Form | None,
    record: Mapping[str, Any] | None,
    first: Mapping[str, Any],
    editable: tuple[str, ...],
) -> str:
    """Return the form's conditions for the browser as JSON, empty where nothing follows.

    ``first`` are the values that the form began with, ``editable`` the fields that it can change.
    What the browser cannot find by itself is among what it ``asks`` the server for.
    """
    runtime = visit.site.current()
    conditions, values = conditions_under(runtime, entity, form), rules_of(runtime, entity).values
    context, before = context_of(runtime, visit.actor), plain(first)
    derived = inputs_of(runtime, entity)
    known = _known(entity, record, before, (*editable, *derived))
    programs: list[list[Any]] = []
    asks = set(values.fills)
    if record is None:
        asks.update(*(found.fields for found in values.defaults.values()))
    for one in _conditions(conditions, before, context):
        node = fold(one.expression.node, context, known)
        if isinstance(node, Literal):
            continue
        if _in_browser(entity, node, known, editable):
            programs.append([one.field, one.effect, one.option, to_javascript(node)])
        else:
            asks |= uses(node)
    for name in asks.intersection(derived):
        asks |= derived[name]
    for name in set(derived).intersection(visit.prepared.layout(entity, form).names):
        # Whoever types sees what follows.
        asks |= derived[name]
    for name, link in conditions.filters.items():
        asks |= {name, *link.outer}
    # What reads a part of a field follows the whole of it.
    asks = {name.partition(".")[0] for name in asks}.intersection(editable)
    if not programs and not asks:
        return ""
    told = {
        "url": f"/app/{entity.name}/effects{about(record)}",
        "fields": _fields(visit, entity, editable),
        "options": _options(visit, entity, conditions, editable),
        "programs": programs,
        "asks": sorted(asks),
        "texts": {name: gettext(text) for name, text in TEXTS.items()},
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def about(record: Mapping[str, Any] | None) -> str:
    """Return the query that says which record a form is about."""
    return f"?record={record['id']}" if record is not None else ""


def _known(
    entity: Entity,
    record: Mapping[str, Any] | None,
    before: Mapping[str, Any],
    editable: tuple[str, ...],
) -> dict[str, Any]:
    """Return the values that stay as they are as long as the form is open."""
    names = entity.own_fields if record is None else entity.fields
    fixed = (entity.fields[name] for name in names if name not in editable)
    return {key: before.get(key) for field in fixed for key in field.keys}


def _conditions(
    conditions: Conditions, before: Mapping[str, Any], context: Context
) -> Iterator[Condition]:
    for name, found in conditions.visible.items():
        yield Condition(name, "visible", found)
    for name, found in conditions.required.items():
        yield Condition(name, "required", found)
    for name, found in conditions.readonly.items():
        # A field that is open to begin with stays open until the record is saved.
        if found.value(before, context):
            yield Condition(name, "readonly", found)
    for name, options in conditions.options.items():
        for option, found in options.items():
            yield Condition(name, "option", found, option)


def _in_browser(
    entity: Entity, node: Node, known: Mapping[str, Any], editable: tuple[str, ...]
) -> bool:
    if needs_relations(node) or not runs_in_browser(node):
        return False
    return all(
        name in editable and _readable(entity, name) for name in uses(node) if name not in known
    )


def _readable(entity: Entity, name: str) -> bool:
    field = entity.fields[name]
    return field.type.name in READABLE and not set(field.normalise) - {"trim"}


def _fields(visit: Visit, entity: Entity, editable: tuple[str, ...]) -> dict[str, Any]:
    widgets = visit.prepared.widgets(entity)
    return {
        name: {"type": entity.fields[name].type.name, "label": widgets[name].label}
        for name in editable
    }


def _options(
    visit: Visit, entity: Entity, conditions: Conditions, editable: tuple[str, ...]
) -> dict[str, Any]:
    widgets = visit.prepared.widgets(entity)
    return {
        name: list(widget.options.items())
        for name in conditions.options
        if name in editable and isinstance(widget := widgets[name], SelectWidget)
    }
