"""The record page: what its templates show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from loomwork.model.entity import Entity
from loomwork.model.types.link import LinkType
from loomwork.model.types.links import LinksType
from loomwork.model.types.reference import ENTITY, ReferenceType
from loomwork.records.drafts.effects import FieldEffect
from loomwork_ui.forms.comparison import GIVEN, base
from loomwork_ui.forms.conflict import Conflict
from loomwork_ui.forms.filled import before_filled
from loomwork_ui.forms.following import about, following
from loomwork_ui.forms.item import Item
from loomwork_ui.forms.layout import Section, Tab
from loomwork_ui.forms.linked import linked, linked_title
from loomwork_ui.forms.ruling import effect, ruling, unfit
from loomwork_ui.forms.standing import Standing, standing
from loomwork_ui.forms.submission import Doubt, entries, writable
from loomwork_ui.request import Visit
from loomwork_ui.widgets.base import BASE, Widget
from loomwork_ui.widgets.base import Form as SentForm

TRACES = ("created_at", "created_by", "updated_at", "updated_by")
BESIDE = ("owner", "team")
NOTHING: SentForm = {}


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
    doubts: Sequence[Doubt] = ()
    accepted: tuple[str, ...] = ()
    conflict: Conflict | None = None
    zone: str = ""
    form: str = ""
    following: str = ""
    standing: Standing | None = None

    @property
    def url(self) -> str:
        """Return the address that the form is sent to."""
        return f"/app/{self.entity.name}/{self.record['id'] if self.record else 'new'}"

    @property
    def about(self) -> str:
        """Return the query that says which record the form is about."""
        return about(self.record)

    @property
    def version(self) -> str:
        """Return the version that the form was made from; after a conflict that is an old one."""
        if self.conflict is not None:
            return str(self.conflict.based_on)
        return str(self.record["version"]) if self.record else ""

    @property
    def accepting(self) -> str:
        """Return the names of all warnings so far, as a form says that it accepts them."""
        return ",".join((*self.accepted, *(doubt.name for doubt in self.doubts)))

    def hides(self, part: Section | Tab) -> bool:
        """Tell whether all fields of a part of the form are hidden."""
        sections = part.sections if isinstance(part, Tab) else (part,)
        names = [slot.name for section in sections for slot in section.slots]
        return bool(names) and all(self.items[name].hidden for name in names)

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
    sent: SentForm = NOTHING,
    form: str = "",
) -> RecordPage:
    """Return the page of a record, or of a new one.

    ``given`` is what somebody typed, or what a link to the page suggests; it stands instead of
    the record's values. ``errors`` are by field; so are ``bases``, for fields whose form was made
    from other values than the record's present ones. ``sent`` is the form that could not be
    saved, which knows what was filled; ``form`` names the form in use, if one is.
    """
    prepared = visit.prepared
    widgets = prepared.widgets(entity)
    changes = {name: widgets[name].parse(given or {}, visit.reader) for name in given or ()}
    effects = ruling(visit, entity, record, changes, form=form)
    arrangement = prepared.layout(entity, effects.form)
    fills = {
        name: as_read(visit, entity, name, effects.fill[name])
        for name in arrangement.names
        if name in effects.fill and name not in changes
    }
    before = before_filled(visit, entity, record, fills, sent)
    allowed = permitted(visit, entity, record)
    editable = writable(entity, arrangement.names, allowed)
    values = record if record is not None else first_values(visit, entity, effects.fill)
    shown = {**values, **fills}
    texts = {**entries(widgets, arrangement.names, shown, visit.reader), **(given or {})}
    page = RecordPage(
        entity=entity,
        title=_title(entity, record),
        plural=entity.plural.to(prepared.locale),
        tabs=arrangement.tabs,
        items={
            name: _item(visit, widgets[name], shown, texts[name], effect(effects, entity, name))
            for name in arrangement.names
        },
        record=record,
        editable=bool(editable),
        errors=errors or {},
        zone=visit.reader.zone.key,
        form=effects.form.name if effects.form is not None else "",
    )
    page.items = {
        name: replace(
            item,
            editable=name in editable,
            error=page.errors.get(name, ""),
            hidden=item.hidden and name not in page.errors,
            unfit=unfit(visit, entity, name, effect(effects, entity, name)),
            by_hand=GIVEN + name in sent,
            before=before.get(name),
            base=_base(item, values, bases or {}, sent if name in before else NOTHING),
        )
        for name, item in page.items.items()
    }
    if editable:
        page.following = following(visit, entity, effects.form, record, values, editable)
    if record is not None:
        _surround(page, visit, arrangement.highlights, allowed)
    return page


def _item(
    visit: Visit, widget: Widget, values: Mapping[str, Any], text: str, rule: FieldEffect
) -> Item:
    """Return a field of the form as its value and the conditions have it."""
    value = values.get(widget.field.name)
    return Item(
        widget=widget,
        reader=visit.reader,
        id=f"f-{widget.field.name}",
        entry=text,
        title=linked_title(visit, widget, text, value),
        value=value,
        required=rule.required,
        hidden=not rule.visible,
        locked=rule.readonly,
        offered=rule.options,
    )


def _base(item: Item, values: Mapping[str, Any], bases: Mapping[str, str], sent: SentForm) -> str:
    """Return the fingerprint of what the form was made from; of a filled field it stays."""
    known = bases.get(item.name) or sent.get(BASE + item.name)
    return known or base(item.widget, values.get(item.name), item.reader)


def permitted(visit: Visit, entity: Entity, record: Mapping[str, Any] | None) -> frozenset[str]:
    """Return what may be done: with a record; with a new one, creating it and giving it away."""
    records = visit.site.records
    if record is not None:
        return records.allowed_on(visit.actor, entity.name, record) - {"create"}
    return records.allowed(visit.actor, entity.name) & {"create", "assign"}


def first_values(
    visit: Visit, entity: Entity, fill: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return what a new record starts with: what the records service would give it.

    ``fill`` holds what its fields get by themselves.
    """
    values: dict[str, Any] = {
        name: item.gather(item.spread(item.default)) if item.type.parts else item.default
        for name, item in entity.own_fields.items()
    }
    if entity.ownership == "user" and visit.actor.user:
        values["owner"] = {"id": visit.actor.user, "title": visit.actor.name}
    if entity.ownership != "none" and visit.actor.team:
        values["team"] = linked(visit, entity.links["team"].to, visit.actor.team)
    for name, value in (fill or {}).items():
        values[name] = as_read(visit, entity, name, value)
    return values


def as_read(visit: Visit, entity: Entity, name: str, value: Any) -> Any:
    """Return a computed value as the records service would read it."""
    type_ = entity.fields[name].type
    if value is None:
        return None
    if isinstance(type_, LinkType):
        return linked(visit, type_.to, value)
    if isinstance(type_, LinksType):
        return tuple(linked(visit, type_.to, id_) for id_ in value)
    if isinstance(type_, ReferenceType) and isinstance(value, Mapping):
        return {ENTITY: value[ENTITY], **linked(visit, value[ENTITY], value["id"])}
    return value


def _surround(
    page: RecordPage, visit: Visit, highlights: tuple[str, ...], allowed: frozenset[str]
) -> None:
    page.may_delete = "delete" in allowed
    page.has_related = bool(visit.prepared.related(page.entity))
    hidden = {name for name, item in page.items.items() if item.hidden}
    page.highlights = _items(page, visit, [name for name in highlights if name not in hidden])
    page.standing = standing(visit, page.entity, page.record or {}, page.items)
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
