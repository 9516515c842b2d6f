"""The record page: what its templates show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from loomwork.model.entity import Entity
from loomwork_ui.forms.comparison import base
from loomwork_ui.forms.conflict import Conflict
from loomwork_ui.forms.item import Item
from loomwork_ui.forms.layout import Tab
from loomwork_ui.forms.linked import linked, linked_title
from loomwork_ui.forms.submission import entries, writable
from loomwork_ui.request import Visit

TRACES = ("created_at", "created_by", "updated_at", "updated_by")
BESIDE = ("owner", "team")


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
    conflict: Conflict | None = None
    zone: str = ""

    @property
    def url(self) -> str:
        """Return the address that the form is sent to."""
        return f"/app/{self.entity.name}/{self.record['id'] if self.record else 'new'}"

    @property
    def version(self) -> str:
        """Return the version that the form was made from; after a conflict that is an old one."""
        if self.conflict is not None:
            return str(self.conflict.based_on)
        return str(self.record["version"]) if self.record else ""

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
    bases: Mapping[str, str] | None = None,
) -> RecordPage:
    """Return the page of a record, or of a new one.

    ``given`` is what somebody typed, or what a link to the page suggests; it stands instead of
    the record's values. ``errors`` are by field; so are ``bases``, for fields whose form was made
    from other values than the record's present ones.
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
                title=linked_title(visit, widgets[name], texts[name], values.get(name)),
                value=values.get(name),
                error=(errors or {}).get(name, ""),
                editable=name in may_write,
                base=(bases or {}).get(name, base(widgets[name], values.get(name), visit.reader)),
            )
            for name in arrangement.names
        },
        record=record,
        editable=bool(may_write),
        errors=errors or {},
        zone=visit.reader.zone.key,
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
    """Return what a new record starts with: what the records service would give it."""
    values = {name: item.default for name, item in entity.own_fields.items()}
    if entity.ownership == "user" and visit.actor.user:
        values["owner"] = {"id": visit.actor.user, "title": visit.actor.name}
    if entity.ownership != "none" and visit.actor.team:
        values["team"] = linked(visit, entity.links["team"].to, visit.actor.team)
    return values


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
