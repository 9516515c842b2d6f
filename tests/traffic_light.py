"""A plug-in outside the tree, as somebody else writes one: a field type and its widget."""

from pathlib import Path

from tests.documents import Body, PackBuilder

FIELD_TYPE = """
import random
from dataclasses import dataclass
from typing import ClassVar

from loomwork.model.field_type import FieldType, refuse
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage, StorageKind

LIGHTS = ("red", "yellow", "green")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrafficLightType(FieldType):
    name: ClassVar[str] = "traffic_light"
    kind: ClassVar[Kind] = Kind.TEXT

    blinks: bool = False

    @classmethod
    def from_document(cls, settings, texts):
        return cls(blinks=settings.get("blinks", False))

    @property
    def storage(self):
        return Storage(kind=StorageKind.TEXT, length=20)

    def parse(self, value):
        if not isinstance(value, str):
            raise refuse("not_text", "A light is a word.")
        light = value.strip().lower()
        if light not in LIGHTS and not (light == "blinking" and self.blinks):
            raise refuse("not_a_light", "“{value}” is no light.", value=value[:40])
        return light

    def parse_text(self, text, *, locale="en"):
        return self.parse({"rot": "red", "红": "red"}.get(text, text))

    def sample(self, source: random.Random):
        return source.choice(LIGHTS)
"""
WIDGET = """
from markupsafe import Markup

from loomwork_ui.widgets.base import Widget

COLOURS = {"red": "#c00", "yellow": "#cc0", "green": "#0a0", "blinking": "#999"}


class TrafficLightWidget(Widget):
    template = "traffic_light/lamp.html"
    colours = COLOURS

    def display(self, value, reader):
        if value is None:
            return ""
        drawn = '<svg class="lamp"><circle cx="1" cy="1" r="1" fill="{}"/></svg> {}'
        return Markup(drawn).format(COLOURS[value], value)
"""
TEMPLATE = (
    '<select class="lamps" id="{{ item.id }}" name="{{ item.name }}"{{ item.aria }}>'
    '<option value=""></option>{% for light in item.widget.colours %}'
    "<option{% if light == item.entry %} selected{% endif %}>{{ light }}</option>{% endfor %}"
    "</select>"
)
CROSSING: Body = {
    "kind": "entity",
    "name": "crossing",
    "ownership": "none",
    "fields": {
        "name": {"type": "text", "required": True},
        "light": {
            "type": "traffic_light",
            "blinks": True,
            "indexed": True,
            "search": True,
            "default": "RED",
        },
        "since": {"type": "date"},
    },
    "checks": {"dated": {"when": "light == 'green'", "must": "since is not None"}},
}
WARDEN: Body = {
    "kind": "role",
    "name": "warden",
    "grants": {"crossing": dict.fromkeys(("create", "read", "update", "delete"), True)},
}


def write_plug_in(
    folder: Path,
    *,
    package: str = "traffic_light",
    name: str = "traffic_light",
    value: str = "traffic_light.field_type:TrafficLightType",
) -> Path:
    """Write the package as it lies where it is installed; return the folder for Python's path."""
    code = folder / "traffic_light"
    (code / "templates").mkdir(parents=True)
    (code / "__init__.py").write_text('"""Traffic lights."""\n', encoding="utf-8")
    (code / "field_type.py").write_text(FIELD_TYPE, encoding="utf-8")
    (code / "widget.py").write_text(WIDGET, encoding="utf-8")
    (code / "templates" / "lamp.html").write_text(TEMPLATE, encoding="utf-8")
    about = folder / f"{package}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n", encoding="utf-8"
    )
    (about / "entry_points.txt").write_text(
        f"[loomwork.field_types]\n{name} = {value}\n\n"
        "[loomwork_ui.widgets]\ntraffic_light = traffic_light.widget:TrafficLightWidget\n",
        encoding="utf-8",
    )
    return folder


def crossings() -> PackBuilder:
    """Return a pack that uses the plug-in's type."""
    return PackBuilder(CROSSING, WARDEN, name="streets")
