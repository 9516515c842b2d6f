"""Everything that the documents of one Model can refer to."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from loomwork.catalog.folding import FoldedDocument
from loomwork.catalog.memo import Memo
from loomwork.expressions.scope import EntityScope, FieldInfo, InverseLink, info_of
from loomwork.model.entity import Entity, Field
from loomwork.model.field_type import FieldType
from loomwork.model.settings import Setting
from loomwork.model.text import Text

Documents: TypeAlias = Mapping[str, Mapping[str, FoldedDocument]]
Roots: TypeAlias = Mapping[str, Entity | Mapping[str, FieldInfo]]
Coming: TypeAlias = tuple[tuple[str, str], ...]
"""Entities and their fields that lead here under one name; the first one has it."""
NOTHING = Entity(
    name="", label=Text(""), plural=Text(""), icon="", title="", ownership="none", fields={}
)
"""Stands for the record where an expression is about none."""


@dataclass(kw_only=True)
class World:
    """What there is, by name; checks look at other documents through these mappings alone.

    ``workflows`` are by entity and field, ``inverses`` by entity and inverse name. ``attachments``
    holds, by pack, the files beside its documents (``scripts/set_chance.py``).
    """

    documents: Documents
    types: Mapping[str, type[FieldType]]
    entities: Mapping[str, Entity]
    settings: Mapping[str, FieldInfo] = field(default_factory=dict)
    workflows: Documents = field(default_factory=dict)
    inverses: Mapping[str, Mapping[str, Coming]] = field(default_factory=dict)
    attachments: Mapping[str, Collection[str]] = field(default_factory=dict)

    def all(self, kind: str) -> Mapping[str, FoldedDocument]:
        """Return the documents of ``kind`` by name."""
        return self.documents.get(kind, {})

    def body(self, kind: str, name: str) -> Mapping[str, Any]:
        """Return what the document says; nothing where there is none of that name."""
        found = self.all(kind).get(name)
        return found.body if found else {}

    def scope(
        self,
        entity: Entity,
        *,
        pack: str = "",
        this: Entity | None = None,
        roots: Roots | None = None,
        changes: bool = False,
    ) -> EntityScope:
        """Return the names that an expression over the records of ``entity`` may use."""
        return _WorldScope(self, entity, this=this, roots=roots or {}, changes=changes, pack=pack)


class _WorldScope(EntityScope):
    """A scope that finds inverse links without a look at every entity."""

    def __init__(
        self,
        world: World,
        entity: Entity,
        *,
        this: Entity | None,
        roots: Roots,
        changes: bool = False,
        pack: str,
    ) -> None:
        super().__init__(
            entity,
            world.entities,
            this=this,
            roots=roots,
            changes=changes,
            settings=world.settings,
            pack=pack,
        )
        self._world = world

    def inverses(self, entity: str) -> Mapping[str, InverseLink]:
        """Return the links of other entities to ``entity``, by their inverse names."""
        return {
            name: InverseLink(child, link, self._world.entities[child].plural)
            for name, ((child, link), *_) in self._world.inverses.get(entity, {}).items()
            if link in self._world.entities[child].links
        }

    def inside(self, entity: str) -> EntityScope | None:
        """Return the scope within an aggregate: ``this`` is the present record there."""
        found = self._world.entities.get(entity)
        if found is None:
            return None
        return _WorldScope(
            self._world, found, this=self._entity, roots=self._given_roots, pack=self._pack
        )


def workflows_by_field(documents: Documents) -> dict[str, dict[str, FoldedDocument]]:
    """Return the workflows by the entity and field that they govern; the first one of each."""
    found: dict[str, dict[str, FoldedDocument]] = {}
    for document in documents.get("workflow", {}).values():
        body = document.body
        found.setdefault(body["entity"], {}).setdefault(body["field"], document)
    return found


def inverse_names(documents: Documents, memo: Memo) -> dict[str, dict[str, Coming]]:
    """Return, by entity and inverse name, the links of other entities that lead to it."""
    found: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for name, document in documents.get("entity", {}).items():
        for field_name, settings in document.body["fields"].items():
            inverse = settings.get("inverse")
            for target in targets(settings) if inverse else ():
                links = found.setdefault(target, {}).setdefault(inverse, [])
                links.append((name, field_name))
    return {
        target: {
            name: memo.keep("inverse", f"{target}.{name}", tuple(links))
            for name, links in names.items()
        }
        for target, names in found.items()
    }


def setting_infos(settings: Mapping[str, Setting], memo: Memo) -> dict[str, FieldInfo]:
    """Return what expressions have to know of the settings."""
    return {
        key: memo.keep("setting", key, info_of(_as_field(setting), ""))
        for key, setting in settings.items()
    }


def _as_field(setting: Setting) -> Field:
    return Field(name=setting.name, type=setting.type, label=setting.label)


def targets(settings: Mapping[str, Any]) -> Sequence[str]:
    """Return the entities that a field's document leads to."""
    to = settings.get("to", ())
    return (to,) if isinstance(to, str) else tuple(to)
