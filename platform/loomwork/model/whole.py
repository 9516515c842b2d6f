"""The Model: the compiled, immutable whole of all documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from loomwork.model.entity import Entity, Field
from loomwork.model.role import Role
from loomwork.model.screens import App, Form, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """An installed pack, as the Model knows it."""

    name: str
    version: str
    title: str
    language: str
    requires: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Model:
    """Everything that documents define. ``hash`` is the same for the same documents anywhere."""

    hash: str
    packs: Mapping[str, Pack]
    entities: Mapping[str, Entity]
    roles: Mapping[str, Role]
    forms: Mapping[str, Form]
    views: Mapping[str, View]
    apps: Mapping[str, App]

    @cached_property
    def referrers(self) -> Mapping[str, tuple[tuple[Entity, Field], ...]]:
        """Return, by entity name, the link fields that point to it."""
        found: dict[str, list[tuple[Entity, Field]]] = {name: [] for name in self.entities}
        for entity in self.entities.values():
            for name, link in entity.links.items():
                if link.to in found:
                    found[link.to].append((entity, entity.fields[name]))
        return {name: tuple(fields) for name, fields in found.items()}

    @cached_property
    def views_of(self) -> Mapping[str, tuple[View, ...]]:
        """Return, by entity name, its views in their order."""
        return {
            name: tuple(view for view in self.views.values() if view.entity == name)
            for name in self.entities
        }

    @cached_property
    def form_of(self) -> Mapping[str, Form]:
        """Return, by entity name, the first form of those entities that have one."""
        found: dict[str, Form] = {}
        for form in self.forms.values():
            found.setdefault(form.entity, form)
        return found
