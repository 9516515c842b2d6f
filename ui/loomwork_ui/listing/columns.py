"""The columns of a list, prepared once so that a row is a few function calls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup, escape

from loomwork.errors import N_
from loomwork.model.entity import Entity, Field
from loomwork.model.kinds import Kind
from loomwork.model.screens import View
from loomwork_ui.reader import Reader
from loomwork_ui.widgets.base import Translate, Widget, hint
from loomwork_ui.widgets.link import mark

MOST = 8
"""Columns of a list that no view describes."""
UNTITLED = N_("Untitled")
WRITTEN = frozenset((Kind.TEXT, Kind.LINK))
"""What people write, in whatever direction their script runs."""
NEVER = frozenset(("id", "version", "deleted_at", "created_by", "updated_by", "team"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: where its values come from and how its head and cells look."""

    name: str
    label: str
    widget: Widget
    sortable: bool
    is_title: bool
    opening: str = ""
    """The beginning of every cell; on phones the label stands before the value."""

    @property
    def style(self) -> str:
        """Return the class of the column's cells."""
        if self.is_title:
            return "title"
        return "num" if self.widget.numeric else f"is-{self.widget.field.type.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The columns of one list in one language."""

    entity: Entity
    columns: tuple[Column, ...]
    untitled: str

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the fields that the list has to be given, the title always among them."""
        return tuple(dict.fromkeys((*(column.name for column in self.columns), self.entity.title)))

    def rows(self, records: Sequence[Mapping[str, Any]], reader: Reader) -> Markup:
        """Return the rows of ``records``.

        Written without a template: a page of 50 rows has some 500 cells.
        """
        return Markup("").join(Markup(self._row(record, reader)) for record in records)  # noqa: S704 -- every part is escaped by its widget

    def _row(self, record: Mapping[str, Any], reader: Reader) -> str:
        address = f"/app/{self.entity.name}/{record['id']}"
        # Written so that a cell which is Markup does not escape what stands before it.
        cells = [
            f"{column.opening}{self._cell(column, record, reader, address)}"
            for column in self.columns
        ]
        return f'<tr data-href="{address}">{"</td>".join(cells)}</td></tr>'

    def _cell(self, column: Column, record: Mapping[str, Any], reader: Reader, address: str) -> str:
        if column.is_title:
            return self._title(record, address)
        return column.widget.cell(record.get(column.name), reader)

    def _title(self, record: Mapping[str, Any], address: str) -> str:
        title = record.get(self.entity.title)
        badge = mark(str(title), person=True) if title and self.entity.name == "user" else ""
        shown = escape(self.untitled if title is None else title)
        return f'<a href="{address}"{hint(shown)}>{badge}<span>{shown}</span></a>'


def table(
    entity: Entity, view: View | None, widgets: Mapping[str, Widget], translate: Translate
) -> Table:
    """Return the columns of a view, or sensible ones; the title is always among them."""
    columns = tuple(_column(widgets[name], entity) for name in column_names(entity, view))
    return Table(entity=entity, columns=columns, untitled=translate(UNTITLED))


def column_names(entity: Entity, view: View | None) -> tuple[str, ...]:
    """Return which fields a list shows."""
    if view and view.columns:
        chosen = [name for name in view.columns if name in entity.fields]
    else:
        own = [name for name, field in entity.own_fields.items() if _fits(field)]
        system = [name for name in ("owner", "updated_at") if name in entity.fields]
        chosen = [*own[: MOST - len(system)], *system]
    if entity.title in chosen:
        return tuple(chosen)
    return (entity.title, *chosen)


def _fits(field: Field) -> bool:
    return field.name not in NEVER and field.type.name != "long_text"


def _column(widget: Widget, entity: Entity) -> Column:
    field = widget.field
    column = Column(
        name=field.name,
        label=widget.label,
        widget=widget,
        sortable=field.type.sortable and not widget.sealed,
        is_title=field.name == entity.title,
    )
    direction = ' dir="auto"' if field.type.kind in WRITTEN else ""
    opening = f'<td class="{column.style}" data-label="{escape(column.label)}"{direction}>'
    return replace(column, opening=opening)
