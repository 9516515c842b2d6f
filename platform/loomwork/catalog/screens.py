"""Form, view and app documents to definitions."""

from collections.abc import Iterator, Mapping
from typing import Any

from loomwork.catalog.entities import shown
from loomwork.catalog.folding import FoldedDocument
from loomwork.catalog.texts import Translations
from loomwork.model.screens import (
    USUAL_ORDER,
    App,
    AppItem,
    FieldConditions,
    Form,
    FormUse,
    Section,
    Tab,
    View,
)
from loomwork.model.text import Texts, label_from_name


def build_form(document: FoldedDocument, texts: Translations) -> Form:
    """Return the form that ``document`` describes, without the tabs that show no fields."""
    body, below = document.body, texts.below(f"form/{document.name}#")
    fields, use = body.get("fields", {}), body.get("use", {})
    return Form(
        name=document.name,
        entity=body["entity"],
        label=below("label", body.get("label", label_from_name(document.name))),
        tabs={
            name: _tab(name, tab, below) for name, tab in body["tabs"].items() if "sections" in tab
        },
        highlights=tuple(body.get("header", {}).get("highlights", ())),
        spans={name: field["span"] for name, field in fields.items() if "span" in field},
        use=FormUse(
            width=use.get("width", ""),
            on=tuple(use.get("on", ())),
            roles=tuple(use.get("roles", ())),
            when=shown(use.get("when", True)),
        ),
        conditions={
            name: conditions
            for name, field in fields.items()
            if (conditions := _conditions(field)) != FieldConditions()
        },
        order=body.get("order", USUAL_ORDER),
    )


def _conditions(field: Mapping[str, Any]) -> FieldConditions:
    return FieldConditions(
        visible=shown(field.get("visible", True)),
        required=_wanted(field.get("required", False)),
        readonly=_wanted(field.get("readonly", False)),
    )


def _wanted(value: bool | str) -> str:
    """Return a condition's source; empty where it never holds."""
    if isinstance(value, bool):
        return "True" if value else ""
    return value


def _tab(name: str, tab: Mapping[str, Any], below: Texts) -> Tab:
    return Tab(
        name=name,
        label=below(f"tabs/{name}/label", tab.get("label", label_from_name(name))),
        sections={
            key: Section(
                name=key,
                label=below(
                    f"tabs/{name}/sections/{key}/label",
                    section.get("label", label_from_name(key)),
                ),
                columns=section.get("columns", 2),
                fields=tuple(section["fields"]),
                visible=shown(section.get("visible", True)),
            )
            for key, section in tab["sections"].items()
        },
        visible=shown(tab.get("visible", True)),
    )


def build_view(document: FoldedDocument, texts: Translations) -> View:
    """Return the view that ``document`` describes; of other types than list, what they share."""
    body = document.body
    label = body.get("label", label_from_name(document.name))
    return View(
        name=document.name,
        entity=body["entity"],
        label=texts.text(f"view/{document.name}#/label", label),
        columns=tuple(body.get("columns", body.get("card", ()))),
        filter=shown(body.get("filter", True)),
        sort=tuple(body.get("sort", ())),
    )


def build_app(document: FoldedDocument, texts: Translations) -> App:
    """Return the app that ``document`` describes."""
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
        opens = "entity" in item or "view" in item
        label = item.get("label", "" if opens else label_from_name(name))
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
