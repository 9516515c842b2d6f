"""The titles of linked records that are known by their id alone."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from loomwork.errors import LoomworkError
from loomwork.model.types.file import FileType
from loomwork.model.types.link import LinkType
from loomwork.model.types.links import LinksType
from loomwork.model.types.reference import ENTITY, ReferenceType
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
    """Return what stands for the record or file of the id ``text``, empty for other fields.

    Of several records, each has a line.
    """
    type_ = widget.field.type
    if isinstance(type_, LinksType):
        known = {str(one["id"]): one for one in value or ()}
        return "\n".join(
            " ".join(_title(visit, type_.to, id_, known.get(id_)).split())
            for id_ in text.splitlines()
        )
    if isinstance(type_, ReferenceType):
        entity, _, id_ = text.partition(":")
        same = isinstance(value, Mapping) and str(value["id"]) == id_ and value[ENTITY] == entity
        allowed = entity in type_.allowed
        return _title(visit, entity, id_, value if same else None) if allowed else text
    if isinstance(type_, FileType):
        same = isinstance(value, Mapping) and str(value["id"]) == text
        return widget.words(value, visit.reader) if same else text
    if not isinstance(type_, LinkType) or not text:
        return ""
    if isinstance(value, Mapping) and str(value["id"]) == text:
        return title_of(value) or widget.words(value, visit.reader)
    return _title(visit, type_.to, text, None)


def _title(visit: Visit, entity: str, id_: str, value: Any) -> str:
    """Return the title of a record, as ``value`` already has it or as it is read."""
    try:
        return title_of(value or linked(visit, entity, UUID(id_))) or id_
    except ValueError:
        return id_
