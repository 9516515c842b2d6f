"""Which widget serves which type of field."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache
from typing import Final

from jinja2 import BaseLoader, PackageLoader

from loomwork.errors import N_, UnavailableError
from loomwork.extension.plugged import package_of, plugged
from loomwork.model.derived import DerivedType, result_of
from loomwork.model.entity import Entity, Field
from loomwork.model.types.encrypted import plain_type
from loomwork.model.types.several import SeveralType
from loomwork_ui.widgets.base import Translate, Widget
from loomwork_ui.widgets.text import TextWidget

GROUP: Final = "loomwork_ui.widgets"
OWN: Final = "loomwork_ui"
NOT_A_WIDGET = N_("The package “{package}” brings “{value}” as a widget, which it is not.")


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
        if isinstance(field.type, DerivedType):
            # What is worked out is shown as what it is: a number, a date, the option of a select.
            field = replace(field, type=result_of(field.type))
        sealed, field = field.type.sealed, replace(field, type=plain_type(field.type))
        chosen = self._classes.get(field.type.name, TextWidget)
        if isinstance(field.type, SeveralType):
            # Some values take more than a line of text to enter.
            chosen = self._classes.get(f"{field.type.name}_{field.type.of.name}", chosen)
        widget = chosen(field, locale, translate)
        widget.sealed = sealed
        return widget

    def widgets(self, entity: Entity, locale: str, translate: Translate = str) -> dict[str, Widget]:
        """Return the widgets of all fields of an entity by field name."""
        return {
            name: self.widget(field, locale, translate) for name, field in entity.fields.items()
        }


@cache
def registry() -> WidgetRegistry:
    """Return the process's registry: the built-in widgets exactly as those of plug-ins."""
    found = WidgetRegistry()
    for point, loaded in plugged(GROUP):
        if not (isinstance(loaded, type) and issubclass(loaded, Widget)):
            raise UnavailableError(NOT_A_WIDGET, package=package_of(point), value=point.value)
        found.register(point.name, loaded)
    return found


def plugged_templates() -> Mapping[str, BaseLoader]:
    """Return where the templates of plug-ins are found, by the beginning of their names.

    Those of the package ``traffic_light`` are in its folder ``templates``, and a widget names one
    ``traffic_light/lamp.html``.
    """
    packages = {point.module.split(".")[0] for point, _ in plugged(GROUP)} - {OWN}
    found: dict[str, BaseLoader] = {}
    for package in sorted(packages):
        # A plug-in may as well use the templates of the built-in widgets.
        with suppress(ValueError):
            found[package] = PackageLoader(package)
    return found
