"""Which widget serves which type of field."""

from collections.abc import Iterable
from functools import cache
from importlib.metadata import entry_points
from typing import Final

from loomwork.model.entity import Entity, Field
from loomwork_ui.widgets.base import Translate, Widget
from loomwork_ui.widgets.text import TextWidget

GROUP: Final = "loomwork_ui.widgets"


class WidgetRegistry:
    """The widget classes by the name of the field type that they serve."""

    def __init__(self, classes: Iterable[tuple[str, type[Widget]]] = ()) -> None:
        self._classes: dict[str, type[Widget]] = {}
        for name, widget in classes:
            self.register(name, widget)

    def register(self, type_name: str, widget: type[Widget]) -> None:
        """Let ``widget`` serve fields of ``type_name``; a later one takes over."""
        self._classes[type_name] = widget

    def widget(self, field: Field, locale: str, translate: Translate = str) -> Widget:
        """Return the widget of a field; a type without one of its own is shown as text."""
        chosen = self._classes.get(field.type.name, TextWidget)
        return chosen(field, locale, translate)

    def widgets(self, entity: Entity, locale: str, translate: Translate = str) -> dict[str, Widget]:
        """Return the widgets of all fields of an entity by field name."""
        return {
            name: self.widget(field, locale, translate) for name, field in entity.fields.items()
        }


@cache
def registry() -> WidgetRegistry:
    """Return the process's registry: the built-in widgets exactly as those of plug-ins."""
    found = WidgetRegistry()
    for entry in entry_points(group=GROUP):
        found.register(entry.name, entry.load())
    return found
