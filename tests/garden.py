"""A pack that the project has never seen: every field type, two roles, Chinese labels."""

import json
from pathlib import Path
from typing import Any, TypeAlias

Body: TypeAlias = dict[str, Any]

PACK: Body = {
    "kind": "pack",
    "name": "garden",
    "version": "1.0.0",
    "title": "Garden",
    "language": "en",
    "requires": {"base": ">=1.0,<2"},
}
PLANT: Body = {
    "kind": "entity",
    "name": "plant",
    "plural": "Plants",
    "fields": {
        "name": {"type": "text", "required": True, "search": True},
        "code": {"type": "text", "unique": True, "max_length": 20},
        "notes": {"type": "long_text"},
        "height": {"type": "integer", "min": 0},
        "price": {"type": "decimal", "places": 2},
        "mass": {"type": "decimal", "places": 8},
        "planted": {"type": "date"},
        "watered": {"type": "datetime"},
        "alive": {"type": "boolean"},
        "light": {"type": "select", "options": {"sun": {}, "half_shade": {}, "shade": {}}},
        "bed": {"type": "link", "to": "bed", "inverse": "plants"},
        "mother": {"type": "link", "to": "plant", "on_delete": "clear"},
    },
}
BED: Body = {
    "kind": "entity",
    "name": "bed",
    "ownership": "none",
    "features": {"recycle": False},
    "fields": {"name": {"type": "text", "required": True}, "hidden": {"type": "boolean"}},
}
GARDENER: Body = {
    "kind": "role",
    "name": "gardener",
    "grants": {
        "plant": {
            "create": True,
            "read": "owner == user",
            "update": "owner == user and alive != False",
            "delete": "owner == user",
        },
        "bed": {"read": "hidden == False or hidden is None"},
    },
}
OWNER: Body = {
    "kind": "role",
    "name": "head",
    "grants": {
        name: dict.fromkeys(("create", "read", "update", "delete", "assign"), True)
        for name in ("plant", "bed")
    },
}
CHINESE: Body = {
    "kind": "translation",
    "name": "zh_CN",
    "texts": {
        "entity/plant#/label": "植物",
        "entity/plant#/plural": "植物",
        "entity/plant#/fields/name/label": "名称",
        "entity/plant#/fields/code/label": "编号",
        "entity/plant#/fields/height/label": "高度",
        "entity/plant#/fields/planted/label": "种植日期",
        "entity/plant#/fields/light/label": "光照",
        "entity/plant#/fields/light/options/sun/label": "全日照",
        "entity/plant#/fields/light/options/half_shade/label": "半阴",
        "entity/plant#/fields/light/options/shade/label": "阴",
        "entity/plant#/fields/bed/label": "花坛",
    },
}
PLACES = {"entity": "entities", "role": "roles", "translation": "translations"}


def write_garden(folder: Path, plant_fields: Body | None = None, version: str = "1.0.0") -> Path:
    """Write the pack below ``folder``, with further fields of a plant, and return the folder."""
    plant = {**PLANT, "fields": {**PLANT["fields"], **(plant_fields or {})}}
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "pack.json", {**PACK, "version": version})
    for body in (plant, BED, GARDENER, OWNER, CHINESE):
        place = folder / PLACES[body["kind"]]
        place.mkdir(exist_ok=True)
        _write(place / f"{body['name']}.json", body)
    return folder


def _write(file: Path, body: Body) -> None:
    file.write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
