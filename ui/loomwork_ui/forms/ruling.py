"""What conditions make of a form: which one it is, what it shows, asks for, locks and offers."""

from collections.abc import Mapping
from typing import Any

from loomwork.errors import N_
from loomwork.model.entity import Entity
from loomwork.model.screens import Form
from loomwork.records.drafts.effects import Effects, FieldEffect, Question
from loomwork.records.rules.compiled import rules_of
from loomwork.web.language import gettext
from loomwork_ui.request import Visit

UNFIT = N_("Must fit: {filter}")
STABLE_AFTER = 4
"""Rounds after which fields that hide each other in a circle are left as they are."""


def ruling(
    visit: Visit,
    entity: Entity,
    record: Mapping[str, Any] | None,
    changes: Mapping[str, object],
    *,
    form: str = "",
) -> Effects:
    """Return what holds for a record with ``changes``; ``form`` names the one in use, if any."""
    if not is_ruled(visit, entity):
        return Effects(form=visit.site.model.form_of.get(entity.name), fields={})
    id_ = record["id"] if record is not None else None
    known = {one.name for one in visit.site.model.forms_of[entity.name]}
    question = Question(values=changes, form=form if form in known else "", width=visit.width)
    return visit.site.records.effects(visit.actor, entity.name, id_, question)


def is_ruled(visit: Visit, entity: Entity) -> bool:
    """Tell whether anything in the entity's form can depend on values, or on who sees it."""
    runtime = visit.site.current()
    rules = rules_of(runtime, entity)
    return (
        rules.formed
        or not rules.conditions.none
        or bool(rules.values.defaults or rules.values.fills)
        or any(not form.use.anywhere for form in runtime.model.forms_of[entity.name])
    )


def effect(effects: Effects, entity: Entity, name: str) -> FieldEffect:
    """Return what holds for one field."""
    found = effects.fields.get(name)
    if found is not None:
        return found
    field = entity.fields[name]
    return FieldEffect(visible=True, required=field.required, readonly=field.readonly)


def unfit(visit: Visit, entity: Entity, name: str, found: FieldEffect) -> str:
    """Return what the chosen record of a link should fit and does not; empty where it does."""
    if found.fits:
        return ""
    link = rules_of(visit.site.current(), entity).conditions.filters[name]
    return gettext(UNFIT, filter=link.labelled.to(visit.prepared.locale))


def form_named(visit: Visit, entity: Entity, name: str) -> Form | None:
    """Return the form that a page says it was made from, or the usual one."""
    forms = visit.site.model.forms_of[entity.name]
    usual = visit.site.model.form_of.get(entity.name)
    return next((form for form in forms if form.name == name), usual)


def seen(
    visit: Visit,
    entity: Entity,
    record: Mapping[str, Any] | None,
    changes: Mapping[str, object],
    *,
    form: str,
) -> dict[str, object]:
    """Return ``changes`` without those of fields that the form hides.

    What was typed into a field that is hidden by the time of saving is not saved: the stored
    value stays. Leaving it out may hide further fields.
    """
    left = dict(changes)
    if not is_ruled(visit, entity):
        return left
    for _ in range(STABLE_AFTER):
        effects = ruling(visit, entity, record, left, form=form)
        kept = {
            name: value for name, value in left.items() if effect(effects, entity, name).visible
        }
        if kept.keys() == left.keys():
            break
        left = kept
    return left
