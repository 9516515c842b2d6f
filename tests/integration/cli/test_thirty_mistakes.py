"""A pack with thirty different mistakes over all kinds: one run names every one of them."""

from pathlib import Path

from tests.documents import Body, PackBuilder
from tests.integration.cli.conftest import Shell

DEAL: Body = {
    "kind": "entity",
    "name": "deal",
    "plurall": "Deals",
    "icon": "box-of-nothing",
    "fields": {
        "name": {"type": "text", "label": 5},
        "amount": {"type": "monney"},
        "size": {"type": "integer", "min": 9, "max": 3},
        "Bad": {"type": "text"},
        "class": {"type": "text"},
        "firm": {"type": "link", "to": "frim"},
        "stage": {"type": "select", "options": {"open": {}, "won": {}}, "default": "opne"},
        "start": {"type": "date"},
        "total": {"type": "formula", "result": "decimal", "is": "size + nmae"},
    },
    "indexes": {"by_start": ["strat"]},
    "checks": {
        "positive": {"must": "size >", "message": "x"},
        "dated": {"must": "start > 5", "message": "x"},
        "staged": {"must": "stage == 'lost'", "field": "stagee", "message": "x"},
    },
}
FIRM: Body = {
    "kind": "entity",
    "name": "firm",
    "fields": {"name": {"type": "text"}},
    "title": {"is": "tittle"},
}
DOCUMENTS: list[Body] = [
    DEAL,
    FIRM,
    {"kind": "entity", "name": "new", "fields": {"name": {"type": "text"}}},
    {
        "kind": "form",
        "name": "firm",
        "entity": "firm",
        "tabs": {"one": {"sections": {"main": {"columns": 9, "fields": ["name"]}}}},
    },
    {
        "kind": "form",
        "name": "deal",
        "entity": "deal",
        "tabs": {"one": {"sections": {"main": {"fields": ["name", "name", "sise"]}}}},
    },
    {
        "kind": "view",
        "name": "deals",
        "entity": "deal",
        "type": "list",
        "columns": ["name", "nam"],
        "sort": ["-strat"],
        "filter": "stage = 'open'",
    },
    {"kind": "view", "name": "nothing", "entity": "dael", "type": "list", "columns": ["name"]},
    {"kind": "app", "name": "desk", "items": {"one": {"view": "dealss"}, "two": {}}},
    {
        "kind": "role",
        "name": "seller",
        "inherits": ["bos"],
        "grants": {"deal": {"read": "owner = user", "updte": True}, "firmm": {"read": True}},
    },
    {
        "kind": "workflow",
        "name": "deal",
        "entity": "deal",
        "field": "stage",
        "start": ["open"],
        "states": {"open": {}, "won": {}},
        "transitions": {"win": {"from": ["opened"], "to": "won"}},
    },
    {"kind": "entity", "name": "user", "extends": True, "fields": {"shoe": {"type": "integer"}}},
    {"kind": "entity", "name": "teem", "extends": True, "label": "x"},
    {
        "kind": "translation",
        "name": "de",
        "texts": {"entity/firm#/fields/nam/label": "Name"},
    },
]
MISTAKES = {
    "apps/desk.json": {"/items/one/view", "/items/two"},
    "entities/deal.json": {
        "/plurall",
        "/icon",
        "/fields/name/label",
        "/fields/amount/type",
        "/fields/size/min",
        "/fields/Bad",
        "/fields/class",
        "/fields/firm/to",
        "/fields/stage/default",
        "/fields/total/is",
        "/indexes/by_start/0",
        "/checks/positive/must",
        "/checks/dated/must",
        "/checks/staged/must",
        "/checks/staged/field",
    },
    "entities/firm.json": {"/title/is"},
    "entities/new.json": {"/name"},
    "entities/teem.json": {"/name"},
    "entities/torn.json": {""},
    "entities/user.json": {"/fields/shoe"},
    "forms/deal.json": {"/tabs/one/sections/main/fields"},
    "forms/firm.json": {"/tabs/one/sections/main/columns"},
    "notes.txt": {""},
    "pack.json": {"/requires/bass"},
    "roles/seller.json": {
        "/inherits/0",
        "/grants/deal/read",
        "/grants/deal/updte",
        "/grants/firmm",
    },
    "translations/de.json": {"/texts/entity~1firm#~1fields~1nam~1label"},
    "views/deals.json": {"/columns/1", "/sort/0", "/filter"},
    "views/nothing.json": {"/entity"},
    "workflows/deal.json": {"/transitions/win/from/0"},
}
"""By file, where something is wrong. Nothing else is, so nothing else may be named."""


def test_thirty_different_mistakes_are_all_named_at_once(bare: Shell, tmp_path: Path) -> None:
    requires = {"base": ">=1.0,<2", "bass": ">=1"}
    folder = PackBuilder(*DOCUMENTS, requires=requires).write(tmp_path / "workshop")
    (folder / "entities" / "torn.json").write_text('{"kind": "entity"')
    (folder / "notes.txt").write_text("x")
    ended = bare.run("pack", "check", folder, "--json")
    assert ended.code == 1
    problems = ended.json()["problems"]
    told: dict[str, set[str]] = {}
    for one in problems:
        place = told.setdefault(one["file"].removeprefix("workshop/"), set())
        place.add(one.get("pointer", ""))
    assert told == MISTAKES
    assert len({one["message"] for one in problems}) >= 30
    assert all(one["column"] for one in problems if one["code"] in ("spelling", "syntax"))
