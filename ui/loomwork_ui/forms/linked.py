"""The titles of linked records that are known by their id alone."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from loomwork.errors import LoomworkError
from loomwork.model.types.link import LinkType
from loomwork_ui.forms.item import title_of
from loomwork_ui.request import Visit
from loomwork_ui.widgets.base import Widget


def linked(visit: Visit, entity: str, id_: UUID) -> dict[str, Any]:
    """Return a link's value; without a title where the actor may not read the record."""
    try:
        record = visit.site.records.read(visit.actor, entity, id_)
    except LoomworkError:
        return {"id": id_}
    return {"id": id_, "title": str(record.get(visit.prepared.entity(entity).title) or "")}


def linked_title(visit: Visit, widget: Widget, text: str, value: Any) -> str:
    """Return the title of the record that ``text`` is the id of, empty for other fields."""
    type_ = widget.field.type
    if not isinstance(type_, LinkType) or not text:
        return ""
    if isinstance(value, Mapping) and str(value["id"]) == text:
        return title_of(value) or widget.words(value, visit.reader)
    try:
        return title_of(linked(visit, type_.to, UUID(text))) or text
    except ValueError:
        return text
