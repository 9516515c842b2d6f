"""What a form in use asks for: what follows from what was typed, and which records fit a link."""

from collections.abc import Iterator, Mapping
from typing import Any

from loomwork.errors import NotFoundError
from loomwork.expressions.tree import Node
from loomwork.model.entity import Entity
from loomwork.records.context import context_of
from loomwork.records.drafts.effects import Effects
from loomwork.records.lists.listing import ListQuery
from loomwork.records.rules.compiled import rules_of
from loomwork.records.rules.conditions import filter_of
from loomwork_ui.forms.linked import linked_title
from loomwork_ui.forms.record import as_read
from loomwork_ui.forms.ruling import effect, ruling, unfit
from loomwork_ui.forms.saving import FORM, edit_of
from loomwork_ui.request import Visit
from loomwork_ui.widgets.base import Form

FOUND_AT_MOST = 20
QUERY = "_q"


def answer(
    visit: Visit, entity: Entity, record: Mapping[str, Any] | None, form: Form
) -> dict[str, Any]:
    """Return what holds for each field, what is filled in, and what cannot be typed, as JSON."""
    names, edit = edit_of(visit, entity, record, form)
    effects = ruling(visit, entity, record, edit.values, form=form.get(FORM, ""))
    fields = {name: effect(effects, entity, name) for name in names}
    return {
        "fields": {
            name: {
                "visible": found.visible,
                "required": found.required,
                "readonly": found.readonly,
                "options": found.options,
                "unfit": unfit(visit, entity, name, found),
            }
            for name, found in fields.items()
        },
        "fill": {
            name: _entry(visit, entity, name, as_read(visit, entity, name, effects.fill[name]))
            for name in names
            if name in effects.fill
        },
        "shown": dict(_shown(visit, entity, effects, names)),
    }


def _shown(
    visit: Visit, entity: Entity, effects: Effects, names: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    """Yield the fields that get values by themselves and cannot be typed, as HTML."""
    values = rules_of(visit.site.current(), entity).values
    moving = {*values.defaults, *(name for fill in values.fills.values() for name in fill)}
    moving |= effects.computed.keys()
    for name in visit.prepared.layout(entity, effects.form).names:
        if name in moving and (name not in names or effect(effects, entity, name).readonly):
            field = entity.fields[name]
            kept = effects.values
            value = field.gather(kept) if field.type.parts else kept.get(name)
            value = as_read(visit, entity, name, value)
            yield name, visit.prepared.widgets(entity)[name].display(value, visit.reader)


def _entry(visit: Visit, entity: Entity, name: str, value: Any) -> dict[str, str]:
    widget = visit.prepared.widgets(entity)[name]
    entry = widget.entered(value, visit.reader)
    return {"entry": entry, "title": linked_title(visit, widget, entry, value)}


def linkable(
    visit: Visit, entity: Entity, field: str, record: Mapping[str, Any] | None, form: Form
) -> list[dict[str, str]]:
    """Return the records that a link may lead to and whose title a typed text may mean."""
    link = entity.links.get(field)
    if link is None:
        raise NotFoundError
    return found_by_title(
        visit, link.to, form.get(QUERY, ""), _filter(visit, entity, field, record, form)
    )


def found_by_title(
    visit: Visit, entity: str, typed: str, where: Node | None = None
) -> list[dict[str, str]]:
    """Return the first records whose title a typed text may mean."""
    title = visit.prepared.entity(entity).title
    query = ListQuery(
        search=typed.strip(), fields=(title,), sort=(title,), limit=FOUND_AT_MOST, where=where
    )
    found = visit.site.records.page(visit.actor, entity, query)
    return [
        {"id": str(item["id"]), "title": str(item.get(title) or item["id"])} for item in found.items
    ]


def _filter(
    visit: Visit, entity: Entity, field: str, record: Mapping[str, Any] | None, form: Form
) -> Node | None:
    runtime = visit.site.current()
    link = rules_of(runtime, entity).conditions.filters.get(field)
    if link is None:
        return None
    _, edit = edit_of(visit, entity, record, form)
    effects = ruling(visit, entity, record, edit.values, form=form.get(FORM, ""))
    return filter_of(link, effects.values, context_of(runtime, visit.actor))
