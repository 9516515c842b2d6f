"""Saving through the records service, as forms ask for it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from loomwork.errors import InvalidError, StaleVersionError
from loomwork.model.entity import Entity
from loomwork.records.rules.compiled import rules_of
from loomwork.web.language import current_locale, gettext
from loomwork_ui.forms.comparison import Edit, compare
from loomwork_ui.forms.conflict import conflict
from loomwork_ui.forms.record import RecordPage, first_values, permitted, record_page
from loomwork_ui.forms.ruling import form_named, ruling, seen
from loomwork_ui.forms.submission import doubts, messages, writable
from loomwork_ui.reader import zone_named
from loomwork_ui.request import Visit
from loomwork_ui.widgets.base import Form

VERSION = "_version"
OVERWRITE = "_overwrite"
ACCEPT = "_accept"
FORM = "_form"
ZONE = "_zone"
DIGITS = 18
"""Of the longest version that is read at all; a 64-bit number has no more."""
ATTEMPTS = 3


def create(visit: Visit, entity: Entity, form: Form) -> Mapping[str, Any] | RecordPage:
    """Create a record from the sent fields; return it, or the page with what is wrong.

    What the form was given and sends unchanged is left to the records service, which would give
    the same: so a field that follows from others does so until the record is there.
    """
    visit = as_shown(visit, form)
    edit = new_edit(visit, entity, form)
    values = seen(visit, entity, None, edit.values, form=form.get(FORM, ""))
    try:
        return visit.site.records.create(
            visit.actor, entity.name, values, accepted=_accepted(visit, entity, form)
        )
    except InvalidError as error:
        return _refused(visit, entity, None, form, edit.texts, error)


def edit_of(
    visit: Visit, entity: Entity, record: Mapping[str, Any] | None, form: Form
) -> tuple[tuple[str, ...], Edit]:
    """Return the fields that a form may set, and what it changes of them so far."""
    names = _writable(visit, entity, record, form)
    if record is None:
        return names, new_edit(visit, entity, form)
    return names, present_edit(visit, entity, form, record)


def new_edit(visit: Visit, entity: Entity, form: Form) -> Edit:
    """Return what ``form`` says of a new record beyond what it begins with."""
    begun = ruling(visit, entity, None, {}, form=form.get(FORM, ""))
    first = first_values(visit, entity, begun.fill)
    names, widgets = _writable(visit, entity, None, form), visit.prepared.widgets(entity)
    edit = compare(widgets, names, form, first, visit.reader, current=True)
    for name in names:
        # A switch that nobody touched says no, which a new record does not say by itself.
        off = first.get(name) is None and widgets[name].parse(form, visit.reader) is False
        if off and widgets[name].sent(form):
            edit.values[name] = False
    return edit


def update(
    visit: Visit, entity: Entity, record_id: UUID, form: Form
) -> Mapping[str, Any] | RecordPage:
    """Save what was changed; return the record, or the page with what is wrong.

    Changes of different fields meet in the record. Of a field that was changed to something else
    meanwhile, the form has to say that it overwrites what it has been shown.
    """
    visit = as_shown(visit, form)
    records = visit.site.records
    based_on = _version(form.get(VERSION, ""))
    for _ in range(ATTEMPTS):
        present = records.read(visit.actor, entity.name, record_id)
        edit = present_edit(visit, entity, form, present)
        overwrites = _version(form.get(OVERWRITE, "")) == present["version"]
        if not overwrites and (edit.disputed or based_on is None):
            break
        values = seen(visit, entity, present, edit.values, form=form.get(FORM, ""))
        if not values:
            return present
        try:
            return records.update(
                visit.actor,
                entity.name,
                record_id,
                values,
                version=present["version"],
                accepted=_accepted(visit, entity, form),
            )
        except InvalidError as error:
            return _refused(visit, entity, present, form, edit.texts, error)
        except StaleVersionError:
            continue
    page = record_page(
        visit,
        entity,
        present,
        given=edit.texts,
        bases=edit.bases,
        sent=form,
        form=form.get(FORM, ""),
    )
    page.conflict = conflict(visit, entity, present, edit, based_on or 0)
    return page


def present_edit(visit: Visit, entity: Entity, form: Form, present: Mapping[str, Any]) -> Edit:
    """Return what ``form`` changes of a record as it is now."""
    return compare(
        visit.prepared.widgets(entity),
        _writable(visit, entity, present, form),
        form,
        present,
        visit.reader,
        current=_version(form.get(VERSION, "")) == present["version"],
    )


def as_shown(visit: Visit, form: Form) -> Visit:
    """Return the visit in the zone of the form, which may be another than the browser's by now."""
    zone = form.get(ZONE)
    return replace(visit, reader=replace(visit.reader, zone=zone_named(zone))) if zone else visit


def _refused(
    visit: Visit,
    entity: Entity,
    record: Mapping[str, Any] | None,
    form: Form,
    texts: Mapping[str, str],
    error: InvalidError,
) -> RecordPage:
    """Return the page with what is wrong, or with what has to be accepted first."""
    locale = current_locale()
    found = doubts(error, gettext, locale)
    errors = {} if found else messages(error, gettext, locale)
    page = record_page(
        visit, entity, record, given=texts, errors=errors, sent=form, form=form.get(FORM, "")
    )
    page.doubts = found
    page.accepted = tuple(sorted(_accepted(visit, entity, form)))
    return page


def _accepted(visit: Visit, entity: Entity, form: Form) -> frozenset[str]:
    """Return the warnings that ``form`` accepts; those that are no more need no accepting."""
    if not form.get(ACCEPT):
        return frozenset()
    warnings = rules_of(visit.site.current(), entity).checks.warnings
    return frozenset(form[ACCEPT].split(",")) & frozenset(warnings)


def _version(text: str) -> int | None:
    readable = text.isdecimal() and text.isascii() and len(text) <= DIGITS
    return int(text) if readable else None


def _writable(
    visit: Visit, entity: Entity, record: Mapping[str, Any] | None, form: Form
) -> tuple[str, ...]:
    names = visit.prepared.layout(entity, form_named(visit, entity, form.get(FORM, ""))).names
    return writable(entity, names, permitted(visit, entity, record))
