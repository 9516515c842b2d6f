"""Packs upon packs, and the site on top, for the tests of layers."""

import json
from collections.abc import Sequence
from copy import deepcopy

from loomwork.catalog.compile import Report, check_documents
from loomwork.catalog.documents import SITE, Document
from loomwork.catalog.folding import FoldedDocument
from loomwork.extension.field_types import field_types
from loomwork.publishing.install import merged
from tests.documents import IN_FOLDER, Body, PackBuilder, base

NOTE: Body = {
    "kind": "entity",
    "name": "note",
    "label": "Note",
    "fields": {
        "name": {"type": "text", "label": "Title"},
        "size": {"type": "integer", "min": 0},
        "mood": {"type": "select", "options": {"good": {}, "bad": {"label": "Bad"}}},
    },
    "indexes": {"by_size": ["size", "name"]},
}
VIEW: Body = {
    "kind": "view",
    "name": "notes",
    "entity": "note",
    "type": "list",
    "columns": ["name", "size", "mood"],
}
FORM: Body = {
    "kind": "form",
    "name": "note",
    "entity": "note",
    "tabs": {
        "first": {"sections": {"main": {"fields": ["name"]}, "more": {"fields": ["size"]}}},
        "second": {"sections": {"rest": {"fields": ["mood"]}}},
    },
}
Pack = Sequence[Document]


def lower(*documents: Body, **changes: object) -> Pack:
    """Return the pack ``lower``: an entity, a view and a form, or these documents instead."""
    return pack("lower", *(documents or (NOTE, VIEW, FORM)), **{"requires": {}, **changes})


def pack(name: str, *documents: Body, **changes: object) -> Pack:
    """Return a pack that requires ``lower`` unless it says otherwise."""
    said = {"requires": {"lower": ">=1"}, **changes}
    return PackBuilder(*documents, name=name, **said).read()


def site(*documents: Body) -> Pack:
    """Return the site's own documents."""
    return tuple(
        Document(
            pack=SITE,
            file=f"{IN_FOLDER[body['kind']]}/{body['name']}.json",
            text=json.dumps(body),
            body=deepcopy(body),
        )
        for body in documents
    )


def change(kind: str = "entity", name: str = "note", **changes: object) -> Body:
    """Return a document that extends another."""
    return {"kind": kind, "name": name, "extends": True, **changes}


def report(*packs: Pack) -> Report:
    """Return what the compilation of ``base`` and these packs says."""
    return check_documents(merged((), [base(), *packs]), field_types())


def told(*packs: Pack) -> list[tuple[str, str, str]]:
    """Return file, pointer and code of every problem."""
    return [(one.file, one.pointer, one.code) for one in report(*packs).problems]


def folded(*packs: Pack, kind: str = "entity", name: str = "note") -> FoldedDocument:
    """Return one document as the packs make it, which have to be without problems."""
    found = report(*packs)
    assert found.problems == (), found.problems
    return found.documents[kind][name]
