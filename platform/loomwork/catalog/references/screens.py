"""Forms, views and apps: the fields, roles and documents that they show."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from loomwork.catalog.findings import Findings
from loomwork.catalog.folding import FoldedDocument
from loomwork.catalog.references.reader import Path, Reader
from loomwork.catalog.references.world import World
from loomwork.errors import N_
from loomwork.expressions.scope import Scope
from loomwork.model.entity import Entity
from loomwork.model.screens import App, FieldConditions, Form, FormUse, Section, Tab, View
from loomwork.model.types.declared import DeclaredType
from loomwork.model.types.link import LinkType
from loomwork.model.types.select import SelectType

ONE_FIELD = ("group", "color", "start", "end", "sum", "image", "place")
"""Keys of views that name one field."""
SEVERAL = ("columns", "card", "totals", "edit", "rows")
"""Keys of views that list fields."""


def resolve_form(document: FoldedDocument, form: Form, world: World, findings: Findings) -> Form:
    """Return ``form`` with canonical expressions; note everything that does not fit."""
    reader = Reader(document, world, findings)
    use_roles = reader.body.get("use", {}).get("roles", ())
    for place, role in enumerate(use_roles):
        reader.document_known(("use", "roles", place), "role", role)
    entity = reader.entity(("entity",), form.entity)
    if entity is None:
        return form
    scope = reader.scope((), entity)
    _check_header(reader, entity, form)
    _check_fields_once(reader, entity, form)
    for name, tab in reader.body["tabs"].items():
        _check_tab(reader, ("tabs", name), tab, entity)
    for name in reader.body.get("fields", {}):
        reader.known(("fields", name), "field", name, entity.fields)
    return replace(
        form,
        use=_use(reader, form.use, scope),
        tabs={name: _tab(reader, tab, scope) for name, tab in form.tabs.items()},
        conditions={
            name: _conditions(reader, ("fields", name), conditions, scope)
            for name, conditions in form.conditions.items()
        },
    )


def _use(reader: Reader, use: FormUse, scope: Scope) -> FormUse:
    return replace(use, when=_when(reader, ("use", "when"), use.when, scope))


def _when(reader: Reader, path: Path, source: str, scope: Scope) -> str:
    return reader.condition(path, source, scope) if source else ""


def _conditions(
    reader: Reader, path: Path, conditions: FieldConditions, scope: Scope
) -> FieldConditions:
    return FieldConditions(
        visible=_when(reader, (*path, "visible"), conditions.visible, scope),
        required=_when(reader, (*path, "required"), conditions.required, scope),
        readonly=_when(reader, (*path, "readonly"), conditions.readonly, scope),
    )


def _tab(reader: Reader, tab: Tab, scope: Scope) -> Tab:
    path: Path = ("tabs", tab.name)
    return replace(
        tab,
        visible=_when(reader, (*path, "visible"), tab.visible, scope),
        sections={
            name: _section(reader, (*path, "sections", name), section, scope)
            for name, section in tab.sections.items()
        },
    )


def _section(reader: Reader, path: Path, section: Section, scope: Scope) -> Section:
    return replace(section, visible=_when(reader, (*path, "visible"), section.visible, scope))


def _check_header(reader: Reader, entity: Entity, form: Form) -> None:
    reader.fields(("header", "highlights"), entity, form.highlights)
    path = reader.body.get("header", {}).get("path")
    if path is None:
        return
    field = reader.field(("header", "path"), entity, path)
    if field is not None and not isinstance(field.type, SelectType):
        text = N_("The path of a header shows the options of a select; “{name}” has none.")
        reader.add(("header", "path"), "no_options", text, name=path)


def _check_fields_once(reader: Reader, entity: Entity, form: Form) -> None:
    seen: set[str] = set()
    for path, name in _placed(form):
        if reader.field(path, entity, name) is not None and name in seen:
            text = N_("The field “{name}” stands in this form twice.")
            reader.add(path, "field_twice", text, name=name)
        seen.add(name)


def _placed(form: Form) -> Iterator[tuple[Path, str]]:
    for tab in form.tabs.values():
        for section in tab.sections.values():
            for place, name in enumerate(section.fields):
                yield ("tabs", tab.name, "sections", section.name, "fields", place), name


def _check_tab(reader: Reader, path: Path, tab: Mapping[str, Any], entity: Entity) -> None:
    """Check a tab that shows other records: the lines of a grid, or related ones."""
    for key in ("grid", "related"):
        if key not in tab:
            continue
        child = reader.inverse((*path, key), entity, tab[key])
        if child is None:
            continue
        reader.fields((*path, "columns"), child, tab.get("columns", ()))
        reader.fields((*path, "totals"), child, tab.get("totals", ()))
        reader.sort((*path, "sort"), child, tab.get("sort", ()))
        if "filter" in tab:
            scope = reader.scope((*path, "filter"), child, this=entity)
            reader.condition((*path, "filter"), tab["filter"], scope)


def resolve_view(document: FoldedDocument, view: View, world: World, findings: Findings) -> View:
    """Return ``view`` with a canonical filter; note unknown fields and sorts that cannot be."""
    reader = Reader(document, world, findings)
    entity = reader.entity(("entity",), view.entity)
    if entity is None:
        return view
    scope = reader.scope((), entity)
    for key in SEVERAL:
        reader.fields((key,), entity, reader.body.get(key, ()))
    for key in ONE_FIELD:
        if key in reader.body:
            reader.field((key,), entity, reader.body[key])
    for name, measure in reader.body.get("measures", {}).items():
        if "field" in measure:
            reader.field(("measures", name, "field"), entity, measure["field"])
    _check_group(reader, entity)
    reader.sort(("sort",), entity, view.sort)
    for name, highlight in reader.body.get("highlight", {}).items():
        path = ("highlight", name, "when")
        reader.condition(path, highlight["when"], scope)
    return replace(view, filter=_when(reader, ("filter",), view.filter, scope))


def _check_group(reader: Reader, entity: Entity) -> None:
    """Note a board whose columns would be any numbers or texts."""
    if reader.body["type"] != "kanban":
        return
    field = entity.fields.get(reader.body["group"])
    if field is not None and not isinstance(field.type, SelectType | LinkType | DeclaredType):
        text = N_("The columns of a board are the options of a select or linked records.")
        reader.add(("group",), "no_options", text)


def resolve_app(document: FoldedDocument, app: App, world: World, findings: Findings) -> App:
    """Return ``app``; note entries that lead to documents that do not exist."""
    reader = Reader(document, world, findings)
    for path, item in _entries(reader.body["items"], ()):
        if "entity" in item:
            reader.entity((*path, "entity"), item["entity"])
        for kind in ("view", "dashboard", "report"):
            if kind in item:
                reader.document_known((*path, kind), kind, item[kind])
    return app


def _entries(items: Mapping[str, Any], path: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for name, item in items.items():
        here = (*path, "items", name)
        yield here, item
        yield from _entries(item.get("items", {}), here)
