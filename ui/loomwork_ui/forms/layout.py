"""Where the fields of a record stand: by its form document, or by a sensible order."""

from collections.abc import Mapping
from dataclasses import dataclass

from loomwork.errors import N_
from loomwork.model.entity import Entity
from loomwork.model.screens import Form
from loomwork_ui.widgets.base import Translate, Widget

DETAILS = N_("Details")
ASSIGNMENT = N_("Responsibility")
COLUMNS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """The place of one field; ``span`` is in columns of its section."""

    name: str
    span: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A titled group of fields."""

    label: str
    columns: int
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A tab of the record page."""

    name: str
    label: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The arrangement of a record page."""

    tabs: tuple[Tab, ...]
    highlights: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Return the fields that stand in the form, in their order."""
        return tuple(
            slot.name for tab in self.tabs for section in tab.sections for slot in section.slots
        )


def layout(
    entity: Entity,
    form: Form | None,
    widgets: Mapping[str, Widget],
    locale: str,
    translate: Translate,
) -> Layout:
    """Return the layout that ``form`` gives, or one made from the entity alone."""
    if form is None:
        return _generated(entity, widgets, translate)
    tabs = tuple(
        Tab(
            name=tab.name,
            label=tab.label.to(locale),
            sections=tuple(
                Section(
                    label=section.label.to(locale),
                    columns=section.columns,
                    slots=tuple(
                        _slot(name, section.columns, form.spans, widgets)
                        for name in section.fields
                        if name in widgets
                    ),
                )
                for section in tab.sections.values()
            ),
        )
        for tab in form.tabs.values()
    )
    return Layout(tabs=tabs, highlights=tuple(name for name in form.highlights if name in widgets))


def _slot(name: str, columns: int, spans: Mapping[str, int], widgets: Mapping[str, Widget]) -> Slot:
    span = spans.get(name, columns if widgets[name].wide else 1)
    return Slot(name=name, span=min(span, columns))


def _generated(entity: Entity, widgets: Mapping[str, Widget], translate: Translate) -> Layout:
    own = tuple(_slot(name, COLUMNS, {}, widgets) for name in entity.own_fields)
    system = tuple(Slot(name=name) for name in ("owner", "team") if name in entity.fields)
    sections = [Section(label=translate(DETAILS), columns=COLUMNS, slots=own)]
    if system:
        sections.append(Section(label=translate(ASSIGNMENT), columns=COLUMNS, slots=system))
    return Layout(tabs=(Tab(name="details", label=translate(DETAILS), sections=tuple(sections)),))
