"""Forms, views and apps: what the generated screens show and where."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from loomwork.model.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A titled group of fields in one to three columns."""

    name: str
    label: Text
    columns: int
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A tab of a form, made of sections."""

    name: str
    label: Text
    sections: Mapping[str, Section]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The record page of an entity; ``highlights`` are shown large under the title.

    ``spans`` says over how many columns a field reaches.
    """

    name: str
    entity: str
    label: Text
    tabs: Mapping[str, Tab]
    highlights: tuple[str, ...] = ()
    spans: Mapping[str, int] = field(default_factory=dict)


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
    """An entry of an app's navigation: an entity, a view, or a group of further items."""

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
