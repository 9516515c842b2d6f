"""Saving, deleting and restoring through the records service, as forms ask for it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from loomwork.errors import InvalidError, StaleVersionError
from loomwork.model.entity import Entity
from loomwork.web.language import current_locale, gettext
from loomwork_ui.forms.record import RecordPage, differences, permitted, record_page
from loomwork_ui.forms.submission import changes, messages, payload, writable
from loomwork_ui.request import Visit
from loomwork_ui.widgets.base import Form

VERSION = "_version"
OVERWRITE = "_overwrite"


def create(visit: Visit, entity: Entity, form: Form) -> Mapping[str, Any] | RecordPage:
    """Create a record; return it, or the page with what is wrong."""
    names, widgets = _writable(visit, entity, None), visit.prepared.widgets(entity)
    try:
        return visit.site.records.create(
            visit.actor, entity.name, payload(widgets, names, form, visit.reader)
        )
    except InvalidError as error:
        given = {name: form.get(name, "") for name in names}
        return record_page(
            visit, entity, None, given=given, errors=messages(error, gettext, current_locale())
        )


def update(
    visit: Visit, entity: Entity, record_id: UUID, form: Form
) -> Mapping[str, Any] | RecordPage:
    """Save what was changed; return the record, or the page with what is wrong.

    The version that the form was made from has to be the present one, unless the form says that
    it overwrites on purpose.
    """
    records = visit.site.records
    record = records.read(visit.actor, entity.name, record_id)
    names, widgets = _writable(visit, entity, record), visit.prepared.widgets(entity)
    given = {name: form.get(name, "") for name in names}
    version = _version(form)
    if version not in (None, record["version"]):
        return _conflict(visit, entity, record, given, version)
    changed = changes(widgets, names, form, record, visit.reader)
    if not changed:
        return record
    try:
        return records.update(visit.actor, entity.name, record_id, changed, version=version)
    except InvalidError as error:
        return record_page(
            visit, entity, record, given=given, errors=messages(error, gettext, current_locale())
        )
    except StaleVersionError:
        present = records.read(visit.actor, entity.name, record_id)
        return _conflict(visit, entity, present, given, version)


def _conflict(
    visit: Visit,
    entity: Entity,
    present: Mapping[str, Any],
    given: Mapping[str, str],
    version: int | None,
) -> RecordPage:
    """Return the page that shows both sides; it saves only with the word to overwrite."""
    page = record_page(visit, entity, present, given=given)
    page.based_on = str(version or "")
    page.conflict = differences(visit, entity, present, given)
    return page


def _version(form: Form) -> int | None:
    if form.get(OVERWRITE):
        return None
    text = form.get(VERSION, "")
    return int(text) if text.isdecimal() and text.isascii() else 0


def _writable(visit: Visit, entity: Entity, record: Mapping[str, Any] | None) -> tuple[str, ...]:
    names = visit.prepared.layout(entity).names
    return writable(entity, names, permitted(visit, entity, record))
