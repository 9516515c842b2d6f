"""The Model: the compiled, immutable whole of all documents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from loomwork.model.entity import Entity, Field
from loomwork.model.role import Role
from loomwork.model.screens import App, Form, View
from loomwork.model.settings import Setting
from loomwork.model.types.link import LinkType
from loomwork.model.types.links import LinksType
from loomwork.model.types.reference import ReferenceType


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """An installed pack, as the Model knows it."""

    name: str
    version: str
    title: str
    language: str
    requires: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """Something that documents say and that is checked, but that this version does not do yet.

    ``what`` is an English sentence, the key of its translation, with places for ``context``.
    """

    kind: str
    name: str
    what: str
    context: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""
    pointer: str = ""


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
    settings: Mapping[str, Setting] = field(default_factory=dict)
    pending: tuple[Pending, ...] = ()

    @cached_property
    def referrers(self) -> Mapping[str, tuple[tuple[Entity, Field], ...]]:
        """Return, by entity name, the links and references that point to it."""
        found: dict[str, list[tuple[Entity, Field]]] = {name: [] for name in self.entities}
        for entity in self.entities.values():
            for member in entity.fields.values():
                for target in () if member.type.many else member.type.targets:
                    if target in found:
                        found[target].append((entity, member))
        return {name: tuple(fields) for name, fields in found.items()}

    @cached_property
    def set_referrers(self) -> Mapping[str, tuple[tuple[Entity, Field], ...]]:
        """Return, by entity name, the fields with many links that point to it."""
        found: dict[str, list[tuple[Entity, Field]]] = {name: [] for name in self.entities}
        for entity in self.entities.values():
            for member in entity.fields.values():
                if isinstance(member.type, LinksType) and member.type.to in found:
                    found[member.type.to].append((entity, member))
        return {name: tuple(fields) for name, fields in found.items()}

    @cached_property
    def views_of(self) -> Mapping[str, tuple[View, ...]]:
        """Return, by entity name, its views in their order."""
        return {
            name: tuple(view for view in self.views.values() if view.entity == name)
            for name in self.entities
        }

    @cached_property
    def inverses(self) -> Mapping[str, Mapping[str, tuple[Entity, Field]]]:
        """Return, by entity name and inverse name, the link field that points to it."""
        return {
            name: {
                link.inverse: (entity, member)
                for entity, member in referrers
                if isinstance(link := member.type, LinkType | ReferenceType) and link.inverse
            }
            for name, referrers in self.referrers.items()
        }

    @cached_property
    def forms_of(self) -> Mapping[str, tuple[Form, ...]]:
        """Return, by entity name, its forms in the order in which they are tried."""
        found: dict[str, list[Form]] = {name: [] for name in self.entities}
        for form in sorted(self.forms.values(), key=lambda form: form.order):
            found.setdefault(form.entity, []).append(form)
        return {name: tuple(forms) for name, forms in found.items()}

    @cached_property
    def form_of(self) -> Mapping[str, Form]:
        """Return, by entity name, the first form that is used anywhere, of those that have one."""
        return {
            name: unrestricted[0]
            for name, forms in self.forms_of.items()
            if (unrestricted := [form for form in forms if form.use.anywhere])
        }
