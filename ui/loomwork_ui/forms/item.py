"""One field on a page: its widget, what it holds, what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from loomwork_ui.reader import Reader
from loomwork_ui.widgets.base import Widget
from loomwork_ui.widgets.choice import SelectWidget


@dataclass(frozen=True, slots=True)
class Before:
    """What a field had before it was filled, as its input holds it; links also have a title."""

    entry: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What a widget's template and the field around it are given.

    ``base`` is the fingerprint of what the form was made from. A ``hidden`` field is not shown
    and a ``locked`` one shown as a value, as long as their conditions hold; of a select those
    options can be chosen that are ``offered``, or all of them. ``unfit`` says what the chosen
    record of a link should fit. A field that was filled and set ``by_hand`` afterwards follows
    nothing any more; one that was filled and not touched has what it was ``before``.
    """

    widget: Widget
    reader: Reader
    id: str
    entry: str = ""
    title: str = ""
    value: Any = None
    error: str = ""
    span: int = 1
    editable: bool = True
    base: str = ""
    required: bool = False
    hidden: bool = False
    locked: bool = False
    offered: tuple[str, ...] | None = None
    unfit: str = ""
    by_hand: bool = False
    before: Before | None = None

    @property
    def name(self) -> str:
        """Return the name under which the form sends the value."""
        return self.widget.field.name

    @property
    def label(self) -> str:
        """Return the field's label."""
        return self.widget.label

    @property
    def help(self) -> str:
        """Return the field's explanation."""
        text = self.widget.field.help
        return text.to(self.widget.locale) if text else ""

    @property
    def options(self) -> Mapping[str, str]:
        """Return the labels of the options that can be chosen, and of the one that is."""
        labels = self.widget.options if isinstance(self.widget, SelectWidget) else {}
        if self.offered is None:
            return labels
        shown = {*self.offered, self.entry}
        return {name: label for name, label in labels.items() if name in shown}

    @property
    def shown(self) -> Markup:
        """Return the value for reading."""
        return Markup(self.widget.display(self.value, self.reader))  # noqa: S704 -- safe by contract

    @property
    def aria(self) -> Markup:
        """Return the attributes that tie the input to its label, error and help."""
        described = [f"{self.id}-error"] if self.error else []
        described += [f"{self.id}-help"] if self.help else []
        parts = [f' aria-labelledby="{self.id}-label"']
        if described:
            parts.append(f' aria-describedby="{" ".join(described)}"')
        if self.error:
            parts.append(' aria-invalid="true"')
        if self.required:
            parts.append(' aria-required="true"')
        return Markup("".join(parts))  # noqa: S704 -- made of field names only


def title_of(value: Mapping[str, Any] | Any) -> str:
    """Return the title of a link's value, empty for anything else."""
    return str(value.get("title") or "") if isinstance(value, Mapping) else ""
