"""Saving through the records service, as forms ask for it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from loomwork.errors import InvalidError, StaleVersionError
from loomwork.model.entity import Entity
from loomwork.web.language import current_locale, gettext
from loomwork_ui.forms.comparison import Edit, compare
from loomwork_ui.forms.conflict import conflict
from loomwork_ui.forms.record import RecordPage, permitted, record_page
from loomwork_ui.forms.submission import messages, payload, typed, writable
from loomwork_ui.reader import zone_named
from loomwork_ui.request import Visit
from loomwork_ui.widgets.base import Form

VERSION = "_version"
OVERWRITE = "_overwrite"
ZONE = "_zone"
DIGITS = 18
"""Of the longest version that is read at all; a 64-bit number has no more."""
ATTEMPTS = 3


def create(visit: Visit, entity: Entity, form: Form) -> Mapping[str, Any] | RecordPage:
    """Create a record from the sent fields; return it, or the page with what is wrong."""
    visit = _as_shown(visit, form)
    names, widgets = _writable(visit, entity, None), visit.prepared.widgets(entity)
    values = payload(widgets, names, form, visit.reader)
    try:
        return visit.site.records.create(visit.actor, entity.name, values)
    except InvalidError as error:
        given, found = typed(widgets, names, form), messages(error, gettext, current_locale())
        return record_page(visit, entity, None, given=given, errors=found)


def update(
    visit: Visit, entity: Entity, record_id: UUID, form: Form
) -> Mapping[str, Any] | RecordPage:
    """Save what was changed; return the record, or the page with what is wrong.

    Changes of different fields meet in the record. Of a field that was changed to something else
    meanwhile, the form has to say that it overwrites what it has been shown.
    """
    visit = _as_shown(visit, form)
    records = visit.site.records
    based_on = _version(form.get(VERSION, ""))
    for _ in range(ATTEMPTS):
        present = records.read(visit.actor, entity.name, record_id)
        edit = _edit(visit, entity, form, present)
        overwrites = _version(form.get(OVERWRITE, "")) == present["version"]
        if not overwrites and (edit.disputed or based_on is None):
            break
        if not edit.values:
            return present
        try:
            return records.update(
                visit.actor, entity.name, record_id, edit.values, version=present["version"]
            )
        except InvalidError as error:
            found = messages(error, gettext, current_locale())
            return record_page(visit, entity, present, given=edit.texts, errors=found)
        except StaleVersionError:
            continue
    page = record_page(visit, entity, present, given=edit.texts, bases=edit.bases)
    page.conflict = conflict(visit, entity, present, edit, based_on or 0)
    return page


def _edit(visit: Visit, entity: Entity, form: Form, present: Mapping[str, Any]) -> Edit:
    return compare(
        visit.prepared.widgets(entity),
        _writable(visit, entity, present),
        form,
        present,
        visit.reader,
        current=_version(form.get(VERSION, "")) == present["version"],
    )


def _as_shown(visit: Visit, form: Form) -> Visit:
    """Return the visit in the zone of the form, which may be another than the browser's by now."""
    zone = form.get(ZONE)
    return replace(visit, reader=replace(visit.reader, zone=zone_named(zone))) if zone else visit


def _version(text: str) -> int | None:
    readable = text.isdecimal() and text.isascii() and len(text) <= DIGITS
    return int(text) if readable else None


def _writable(visit: Visit, entity: Entity, record: Mapping[str, Any] | None) -> tuple[str, ...]:
    names = visit.prepared.layout(entity).names
    return writable(entity, names, permitted(visit, entity, record))
