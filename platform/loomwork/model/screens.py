"""Forms, views and apps: what the generated screens show and where."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from loomwork.model.text import Text

USUAL_ORDER = 100
"""Where a form stands among the others that says nothing about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A titled group of fields in one to three columns, shown where ``visible`` holds."""

    name: str
    label: Text
    columns: int
    fields: tuple[str, ...]
    visible: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A tab of a form, made of sections, shown where ``visible`` holds."""

    name: str
    label: Text
    sections: Mapping[str, Section]
    visible: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormUse:
    """Where a form is used; what is empty restricts nothing.

    ``width`` is ``phone``, ``tablet`` or ``desktop``; ``on`` holds ``create``, ``edit`` and
    ``view``; one of ``roles`` is enough; ``when`` is a condition over the record.
    """

    width: str = ""
    on: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    when: str = ""

    @property
    def anywhere(self) -> bool:
        """Tell whether nothing restricts the form."""
        return not (self.width or self.on or self.roles or self.when)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldConditions:
    """When a form shows, asks for and locks a field, beyond what the field says of itself."""

    visible: str = ""
    required: str = ""
    readonly: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The record page of an entity; ``highlights`` are shown large under the title.

    ``spans`` says over how many columns a field reaches. Of an entity's forms the first in
    ``order`` whose ``use`` fits is shown.
    """

    name: str
    entity: str
    label: Text
    tabs: Mapping[str, Tab]
    highlights: tuple[str, ...] = ()
    spans: Mapping[str, int] = field(default_factory=dict)
    use: FormUse = field(default_factory=FormUse)
    conditions: Mapping[str, FieldConditions] = field(default_factory=dict)
    order: int = USUAL_ORDER


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A list of an entity's records: columns, filter (an expression) and sort (``-amount``)."""

    name: str
    entity: str
    label: Text
    columns: tuple[str, ...]
    filter: str = ""
    sort: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AppItem:
    """An entry of an app's navigation: an entity, a view, or a group of further items.

    Without a ``label`` it is called as what it opens.
    """

    name: str
    label: Text
    icon: str = ""
    entity: str = ""
    view: str = ""
    items: Mapping[str, "AppItem"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """A set of navigation entries that belong together."""

    name: str
    label: Text
    icon: str
    items: Mapping[str, AppItem]
