"""Form, view, app and role documents to definitions."""

from collections.abc import Iterator, Mapping
from typing import Any

from loomwork.catalog.documents import Document
from loomwork.catalog.findings import Findings
from loomwork.catalog.texts import Translations
from loomwork.errors import N_
from loomwork.model.entity import Entity
from loomwork.model.role import OPERATIONS, Grant, Role
from loomwork.model.screens import App, AppItem, Form, Section, Tab, View
from loomwork.model.text import label_from_name

Entities = Mapping[str, Entity]


def build_form(document: Document, texts: Translations) -> Form:
    """Return the form that ``document`` describes."""
    body, address = document.body, f"form/{document.name}#"
    tabs = {}
    for name, tab in body["tabs"].items():
        place = f"{address}/tabs/{name}"
        sections = {}
        for key, section in tab["sections"].items():
            label = section.get("label", label_from_name(key))
            sections[key] = Section(
                name=key,
                label=texts.text(f"{place}/sections/{key}/label", label),
                columns=section.get("columns", 2),
                fields=tuple(section["fields"]),
            )
        label = tab.get("label", label_from_name(name))
        tabs[name] = Tab(name=name, label=texts.text(f"{place}/label", label), sections=sections)
    label = body.get("label", label_from_name(document.name))
    return Form(
        name=document.name,
        entity=body["entity"],
        label=texts.text(f"{address}/label", label),
        tabs=tabs,
        highlights=tuple(body.get("header", {}).get("highlights", ())),
        spans={name: field["span"] for name, field in body.get("fields", {}).items()},
    )


def check_form(document: Document, form: Form, entities: Entities, findings: Findings) -> None:
    """Note unknown entities and fields, and fields that stand twice."""
    if not findings.known(document, ("entity",), "entity", form.entity, entities):
        return
    fields = entities[form.entity].fields
    for place, name in enumerate(form.highlights):
        findings.known(document, ("header", "highlights", place), "field", name, fields)
    for name in form.spans:
        findings.known(document, ("fields", name), "field", name, fields)
    seen: set[str] = set()
    for tab in form.tabs.values():
        for section in tab.sections.values():
            for place, name in enumerate(section.fields):
                path = ("tabs", tab.name, "sections", section.name, "fields", place)
                if findings.known(document, path, "field", name, fields) and name in seen:
                    text = N_("The field “{name}” stands in this form twice.")
                    findings.add(document, path, "field_twice", text, name=name)
                seen.add(name)


def build_view(document: Document, texts: Translations) -> View:
    """Return the view that ``document`` describes."""
    body = document.body
    label = body.get("label", label_from_name(document.name))
    return View(
        name=document.name,
        entity=body["entity"],
        label=texts.text(f"view/{document.name}#/label", label),
        columns=tuple(body["columns"]),
        filter=_condition(body.get("filter", "")),
        sort=tuple(body.get("sort", ())),
    )


def check_view(document: Document, view: View, entities: Entities, findings: Findings) -> None:
    """Note unknown entities and fields, filters that do not parse, sorts that cannot be."""
    if not findings.known(document, ("entity",), "entity", view.entity, entities):
        return
    entity = entities[view.entity]
    for place, name in enumerate(view.columns):
        findings.known(document, ("columns", place), "field", name, entity.fields)
    for place, key in enumerate(view.sort):
        name, path = key.removeprefix("-"), ("sort", place)
        known = findings.known(document, path, "field", name, entity.fields)
        if known and not entity.fields[name].type.sortable:
            text = N_("The field “{name}” cannot be sorted by.")
            findings.add(document, path, "not_sortable", text, name=name)
    if view.filter:
        findings.expression(document, ("filter",), view.filter, entity)


def build_app(document: Document, texts: Translations) -> App:
    """Return the app that ``document`` describes; entries are named by `label_items` later."""
    body, address = document.body, f"app/{document.name}#"
    label = body.get("label", label_from_name(document.name))
    return App(
        name=document.name,
        label=texts.text(f"{address}/label", label),
        icon=body.get("icon", "apps"),
        items=dict(_items(body["items"], address, texts)),
    )


def _items(
    items: Mapping[str, Any], address: str, texts: Translations
) -> Iterator[tuple[str, AppItem]]:
    for name, item in items.items():
        place = f"{address}/items/{name}"
        label = item.get("label", label_from_name(name))
        yield (
            name,
            AppItem(
                name=name,
                label=texts.text(f"{place}/label", label),
                icon=item.get("icon", ""),
                entity=item.get("entity", ""),
                view=item.get("view", ""),
                items=dict(_items(item.get("items", {}), place, texts)),
            ),
        )


def check_app(
    document: Document, app: App, entities: Entities, views: Mapping[str, View], findings: Findings
) -> None:
    """Note entries that lead to entities or views that do not exist."""

    def check(items: Mapping[str, AppItem], path: tuple[str, ...]) -> None:
        for name, item in items.items():
            here = (*path, "items", name)
            if item.entity:
                findings.known(document, (*here, "entity"), "entity", item.entity, entities)
            if item.view:
                findings.known(document, (*here, "view"), "view", item.view, views)
            check(item.items, here)

    check(app.items, ())


def build_role(document: Document, texts: Translations) -> Role:
    """Return the role that ``document`` describes."""
    label = document.body.get("label", label_from_name(document.name))
    return Role(
        name=document.name,
        label=texts.text(f"role/{document.name}#/label", label),
        grants={
            entity: Grant(
                entity=entity,
                rows={operation: _condition(rows) for operation, rows in grant.items()},
            )
            for entity, grant in document.body["grants"].items()
        },
    )


def check_role(document: Document, role: Role, entities: Entities, findings: Findings) -> None:
    """Note grants on unknown entities and grants that do not parse."""
    for name, grant in role.grants.items():
        if not findings.known(document, ("grants", name), "entity", name, entities):
            continue
        for operation in OPERATIONS:
            rows = grant.rows.get(operation)
            if rows is not None:
                findings.expression(document, ("grants", name, operation), rows, entities[name])


def _condition(value: bool | str) -> str:
    return value if isinstance(value, str) else str(value)
