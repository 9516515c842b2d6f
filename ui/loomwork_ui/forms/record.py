"""The record page: what its templates show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from loomwork.errors import LoomworkError
from loomwork.model.entity import Entity
from loomwork.model.types.link import LinkType
from loomwork_ui.forms.item import Item, title_of
from loomwork_ui.forms.layout import Tab
from loomwork_ui.forms.submission import differs, entries, writable
from loomwork_ui.request import Visit
from loomwork_ui.widgets.base import Widget

TRACES = ("created_at", "created_by", "updated_at", "updated_by")
BESIDE = ("owner", "team")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field in which what was saved meanwhile differs from what was typed."""

    label: str
    theirs: str
    mine: str


@dataclass(slots=True, kw_only=True)
class RecordPage:
    """What the record's templates are given; ``record`` is None for a new one."""

    entity: Entity
    title: str
    plural: str
    tabs: tuple[Tab, ...]
    items: Mapping[str, Item]
    record: Mapping[str, Any] | None = None
    highlights: tuple[Item, ...] = ()
    beside: tuple[Item, ...] = ()
    traces: tuple[Item, ...] = ()
    editable: bool = False
    may_delete: bool = False
    has_related: bool = False
    errors: Mapping[str, str] = field(default_factory=dict)
    conflict: tuple[Difference, ...] | None = None
    based_on: str = ""

    @property
    def url(self) -> str:
        """Return the address that the form is sent to."""
        return f"/app/{self.entity.name}/{self.record['id'] if self.record else 'new'}"

    @property
    def version(self) -> str:
        """Return the version that the form was made from; after a conflict that is an old one."""
        return self.based_on or (str(self.record["version"]) if self.record else "")

    @property
    def general_error(self) -> str:
        """Return what is wrong with no field in particular."""
        return self.errors.get("", "")

    @property
    def faulty(self) -> tuple[Item, ...]:
        """Return the fields with errors, in the form's order."""
        return tuple(item for item in self.items.values() if item.error)


def record_page(
    visit: Visit,
    entity: Entity,
    record: Mapping[str, Any] | None,
    *,
    given: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> RecordPage:
    """Return the page of a record, or of a new one.

    ``given`` is what somebody typed, or what a link to the page suggests; it stands instead of
    the record's values. ``errors`` are by field.
    """
    prepared = visit.prepared
    widgets = prepared.widgets(entity)
    arrangement = prepared.layout(entity)
    allowed = permitted(visit, entity, record)
    may_write = frozenset(writable(entity, arrangement.names, allowed))
    values = record if record is not None else first_values(visit, entity)
    texts = {**entries(widgets, arrangement.names, values, visit.reader), **(given or {})}
    page = RecordPage(
        entity=entity,
        title=_title(entity, record),
        plural=entity.plural.to(prepared.locale),
        tabs=arrangement.tabs,
        items={
            name: Item(
                widget=widgets[name],
                reader=visit.reader,
                id=f"f-{name}",
                entry=texts[name],
                title=_link_title(visit, widgets[name], texts[name], values.get(name)),
                value=values.get(name),
                error=(errors or {}).get(name, ""),
                editable=name in may_write,
            )
            for name in arrangement.names
        },
        record=record,
        editable=bool(may_write),
        errors=errors or {},
    )
    if record is not None:
        _surround(page, visit, arrangement.highlights, allowed)
    return page


def permitted(visit: Visit, entity: Entity, record: Mapping[str, Any] | None) -> frozenset[str]:
    """Return what may be done: with a record; with a new one, creating it and giving it away."""
    records = visit.site.records
    if record is not None:
        return records.allowed_on(visit.actor, entity.name, record) - {"create"}
    return records.allowed(visit.actor, entity.name) & {"create", "assign"}


def first_values(visit: Visit, entity: Entity) -> dict[str, Any]:
    """Return what a new record starts with."""
    values = {name: item.default for name, item in entity.own_fields.items()}
    if "owner" in entity.fields and visit.actor.user:
        values["owner"] = {"id": visit.actor.user, "title": visit.actor.name}
    return values


def differences(
    visit: Visit, entity: Entity, record: Mapping[str, Any], given: Mapping[str, str]
) -> tuple[Difference, ...]:
    """Return where ``record``, as it is now, differs from what was typed."""
    widgets = visit.prepared.widgets(entity)
    found = []
    for name, text in given.items():
        widget = widgets[name]
        if differs(widget, given, record, visit.reader):
            mine = _link_title(visit, widget, text, None) or text
            shown = getattr(widget, "options", {}).get(mine, mine)
            theirs = widget.words(record.get(name), visit.reader)
            found.append(Difference(label=widget.label, theirs=theirs, mine=shown))
    return tuple(found)


def _surround(
    page: RecordPage, visit: Visit, highlights: tuple[str, ...], allowed: frozenset[str]
) -> None:
    page.may_delete = "delete" in allowed
    page.has_related = bool(visit.prepared.related(page.entity))
    page.highlights = _items(page, visit, highlights)
    page.beside = _items(page, visit, [name for name in BESIDE if name not in page.items])
    page.traces = _items(page, visit, TRACES)


def _items(page: RecordPage, visit: Visit, names: Any) -> tuple[Item, ...]:
    widgets = visit.prepared.widgets(page.entity)
    record = page.record or {}
    return tuple(
        Item(widget=widgets[name], reader=visit.reader, id=f"v-{name}", value=record.get(name))
        for name in names
        if name in widgets
    )


def _title(entity: Entity, record: Mapping[str, Any] | None) -> str:
    return str(record.get(entity.title) or "") if record is not None else ""


def _link_title(visit: Visit, widget: Widget, text: str, value: Any) -> str:
    """Return the title of the record that ``text`` is the id of."""
    type_ = widget.field.type
    if not isinstance(type_, LinkType) or not text:
        return ""
    if isinstance(value, Mapping) and str(value["id"]) == text:
        return title_of(value) or widget.words(value, visit.reader)
    try:
        linked = visit.site.records.read(visit.actor, type_.to, UUID(text))
    except (ValueError, LoomworkError):
        return text
    return str(linked.get(visit.prepared.entity(type_.to).title) or text)
