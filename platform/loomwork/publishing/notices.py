"""Who notices a new Model: fields and entities that come, go or are renamed, and rules."""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from loomwork.errors import N_
from loomwork.model.entity import Check, Entity, Field
from loomwork.model.whole import Model
from loomwork.publishing.breaks.data import LiveData
from loomwork.publishing.breaks.finding import earlier_names
from loomwork.publishing.plan import Note
from loomwork.publishing.renames import whole_field

ENTITY_ADDED = N_("“{entity}” is new.")
ENTITY_RETIRED = N_("“{entity}” goes; its records are kept until a purge.")
FIELD_ADDED = N_("“{field}” is new.")
FIELD_RETIRED = N_("“{field}” goes; its values are kept until a purge. It is shown in: {places}.")
FIELD_RETIRED_UNSEEN = N_("“{field}” goes; its values are kept until a purge.")
FIELD_RENAMED = N_(
    "“{field}” is the former “{former}” and keeps its values; the API called it “{earlier}”."
)
FIELD_REVIVED = N_("“{field}” comes back; records with a value: {count}.")
ENTITY_REVIVED = N_("“{entity}” comes back with its records: {count}.")
RULES_CHANGED = N_("The rules of “{field}” change: {rules}.")
CHECK_ADDED = N_("The check “{check}” is new.")
CHECK_CHANGED = N_("The check “{check}” asks for something else.")
CHECK_RETIRED = N_("The check “{check}” goes.")

RULES = (
    *("required", "required_when", "readonly", "readonly_when", "visible_when", "unique"),
    *("default", "default_is", "filter", "fill", "normalise", "option_when"),
)
"""What is said of a field beside its type, its label and how it is found."""
KEYS = {
    "required_when": "required",
    "readonly_when": "readonly",
    "visible_when": "visible",
    "default_is": "default",
    "option_when": "options",
    "source": "is",
}
LIMITS = ("min", "max", "max_length", "places", "options", "on_delete", "to", "source")
"""What types say of their values."""


def notices(before: Model | None, after: Model, data: LiveData) -> tuple[Note, ...]:
    """Return what people notice of the difference between two Models, in the Model's order."""
    if before is None:
        return ()
    found = [note for name in after.entities for note in _entity(before, after, data, name)]
    gone = [name for name in before.entities if name not in after.entities]
    return (
        *found,
        *(_note("entity_retired", before.entities[name], "", ENTITY_RETIRED) for name in gone),
    )


def _note(code: str, entity: Entity, name: str, text: str, **context: Any) -> Note:
    named = {"entity": entity.plural, **context}
    return Note(code=code, entity=entity.name, name=name, text=text, context=named)


def _entity(before: Model, after: Model, data: LiveData, name: str) -> Iterator[Note]:
    now, was = after.entities[name], before.entities.get(name)
    if was is None:
        count = _kept_records(data, now)
        text = ENTITY_REVIVED if count else ENTITY_ADDED
        yield _note("entity_added", now, "", text, count=count)
        return
    names = earlier_names(data, now)
    yield from _fields(was, now, names, data)
    for field in was.own_fields.values():
        if field.name not in now.fields and field.name not in names.values():
            yield _retired(before, was, field)
    yield from _checks(was, now)


def _kept_records(data: LiveData, entity: Entity) -> int:
    """Return how many live records an entity has kept from before it went."""
    if not data.tables[entity.name].there:
        return 0
    return data.found(data.rows(entity.name), sa.true())[0]


def _kept_values(data: LiveData, entity: Entity, field: Field) -> int:
    """Return how many live records have a value that a field has kept from before it went."""
    seen = data.tables[entity.name]
    rows = data.rows(entity.name)
    many = seen.sets.get(field.name)
    if many is not None:
        return data.found(rows, rows.column("id").in_(sa.select(many.table.c["record"])))[0]
    keys = [key for key in seen.places if whole_field(key) == field.name]
    return (
        data.found(rows, sa.or_(*(rows.column(key).is_not(None) for key in keys)))[0] if keys else 0
    )


def _fields(was: Entity, now: Entity, names: Mapping[str, str], data: LiveData) -> Iterator[Note]:
    for field in now.own_fields.values():
        earlier = was.fields.get(names.get(field.name, field.name))
        if earlier is None:
            count = _kept_values(data, now, field)
            text = FIELD_REVIVED if count else FIELD_ADDED
            yield _note("field_added", now, field.name, text, field=field.label, count=count)
            continue
        if earlier.name != field.name:
            told = {"field": field.label, "former": earlier.label, "earlier": earlier.name}
            yield _note("field_renamed", now, field.name, FIELD_RENAMED, **told)
        rules = changed_rules(earlier, field)
        if rules:
            told = {"field": field.label, "rules": ", ".join(rules)}
            yield _note("rules_changed", now, field.name, RULES_CHANGED, **told)


def changed_rules(before: Field, after: Field) -> tuple[str, ...]:
    """Return the keys of a field's document whose meaning for its values has changed."""
    found = dict.fromkeys(
        KEYS.get(rule, rule) for rule in RULES if getattr(before, rule) != getattr(after, rule)
    )
    if before.type.name != after.type.name:
        found["type"] = None
    for limit in LIMITS:
        if _said(before, limit) != _said(after, limit):
            found[KEYS.get(limit, limit)] = None
    return tuple(found)


def _said(field: Field, limit: str) -> Any:
    """Return a limit of a field's type; of options only which there are, not how they look."""
    found = getattr(field.type, limit, None)
    return tuple(found) if isinstance(found, Mapping) else found


def _retired(before: Model, entity: Entity, field: Field) -> Note:
    places = ", ".join(_shown_in(before, entity.name, field.name))
    text = FIELD_RETIRED if places else FIELD_RETIRED_UNSEEN
    told = {"field": field.label, "places": places}
    return _note("field_retired", entity, field.name, text, **told)


def _shown_in(model: Model, entity: str, field: str) -> Iterator[str]:
    """Yield the views and forms that show a field, as their documents are called."""
    for view in model.views_of[entity]:
        if field in view.columns:
            yield f"view/{view.name}"
    for form in model.forms_of[entity]:
        sections = (one for tab in form.tabs.values() for one in tab.sections.values())
        if any(field in section.fields for section in sections):
            yield f"form/{form.name}"


def _checks(was: Entity, now: Entity) -> Iterator[Note]:
    for check in now.checks.values():
        earlier = was.checks.get(check.name)
        if earlier is None:
            yield _note("check_added", now, check.name, CHECK_ADDED, check=check.name)
        elif _asked(earlier) != _asked(check):
            yield _note("check_changed", now, check.name, CHECK_CHANGED, check=check.name)
    for name in was.checks.keys() - now.checks.keys():
        yield _note("check_retired", now, name, CHECK_RETIRED, check=name)


def _asked(check: Check) -> tuple[str, ...]:
    return check.must, check.when, check.at, check.severity
