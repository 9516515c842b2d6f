"""Which names an expression may use, and what they are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, Protocol, TypeAlias

from loomwork.expressions.derived import Derived
from loomwork.model.derived import result_of
from loomwork.model.entity import Entity
from loomwork.model.entity import Field as EntityField
from loomwork.model.kinds import Kind
from loomwork.model.storage import StorageKind
from loomwork.model.text import Text, label_from_name
from loomwork.model.types.declared import DeclaredType
from loomwork.model.types.link import LinkType
from loomwork.model.types.links import LinksType
from loomwork.model.types.multi_select import MultiSelectType
from loomwork.model.types.reference import ReferenceType
from loomwork.model.types.select import SelectType

NOTHING: Mapping[str, Any] = MappingProxyType({})
USER, TEAM = "user", "team"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldInfo:
    """What the type check has to know of a field.

    ``choices`` are the option names of a select; ``places`` is None unless the field is a decimal;
    ``ordered`` tells whether ``<`` and its like make sense; ``entity`` is what a link leads to,
    empty if it is not known. ``label`` and ``options`` (by name) are how people call them.
    ``derived`` is how the value is worked out, where no record has it; ``followed`` tells whether a
    link is one that names can go on from.
    """

    kind: Kind
    choices: tuple[str, ...] | None = None
    places: int | None = None
    ordered: bool = True
    entity: str = ""
    label: Text | None = field(default=None, compare=False)
    options: Mapping[str, Text] = field(default_factory=dict, compare=False)
    derived: Derived | None = field(default=None, compare=False)
    followed: bool = True


Deriving: TypeAlias = Callable[[Entity, EntityField], Derived | None]
"""Says how a field is worked out; None of those whose values records have."""


@dataclass(frozen=True, slots=True)
class InverseLink:
    """The records of ``entity`` whose field ``link`` leads here."""

    entity: str
    link: str
    label: Text | None = field(default=None, compare=False)


class Fields(Protocol):
    """The fields of one record."""

    @property
    def entity(self) -> str:
        """Return the name of the record's entity, empty if it has none."""
        return ""

    def field(self, name: str) -> FieldInfo | None:
        """Return what is known of field ``name``, or None if it cannot be used here."""

    def names(self) -> Sequence[str]:
        """Return the names of all usable fields, for hints."""


class Scope(Fields, Protocol):
    """The fields of the record that an expression is about, and what lies around it.

    A class that has this one as its base needs `Fields` only: nothing is around by itself.
    """

    @property
    def changes(self) -> bool:
        """Tell whether there is an ``old`` record to compare with."""
        return False

    def roots(self) -> Mapping[str, Fields]:
        """Return the further records, by the names under which they can be used."""
        return NOTHING

    def settings(self) -> Mapping[str, FieldInfo]:
        """Return the settings by ``pack.name``."""
        return NOTHING

    def setting(self, name: str) -> str:
        """Return the full name of the setting that is called ``name`` here, empty if none is."""
        return name if name in self.settings() else ""

    def fields_of(self, entity: str) -> Fields | None:
        """Return the fields of another entity, or None if it cannot be seen from here."""
        del entity
        return None

    def inverses(self, entity: str) -> Mapping[str, InverseLink]:
        """Return the links of other entities to ``entity``, by their inverse names."""
        del entity
        return NOTHING

    def hierarchy(self, entity: str) -> str:
        """Return the link field that leads to the parent in ``entity``, empty if it is no tree."""
        del entity
        return ""

    def inside(self, entity: str) -> "Scope | None":
        """Return the scope within an aggregate over records of ``entity``."""
        del entity
        return None


class EntityFields(Fields):
    """Every field of an entity, the system's included."""

    def __init__(self, entity: Entity, deriving: Deriving | None = None) -> None:
        self._entity = entity
        self._deriving = deriving

    @property
    def entity(self) -> str:
        """Return the entity's name."""
        return self._entity.name

    def field(self, name: str) -> FieldInfo | None:
        """Return what is known of the entity's field ``name``."""
        found = self._entity.fields.get(name)
        if found is None and "." in name:
            return self._part(*name.split(".", 1))
        if found is None or not found.type.usable:
            return None
        info = info_of(found, self._entity.name)
        derived = None if self._deriving is None else self._deriving(self._entity, found)
        return info if derived is None else replace(info, derived=derived)

    def _part(self, name: str, part: str) -> FieldInfo | None:
        """Return what is known of one of the values that a field keeps beside its main one."""
        found = self._entity.fields.get(name)
        for one in () if found is None else found.type.parts:
            if one.name == part and one.open:
                decimal = one.storage.kind is StorageKind.DECIMAL
                return FieldInfo(
                    kind=one.kind,
                    places=one.storage.places if decimal else None,
                    label=Text(one.label or label_from_name(part)),
                )
        return None

    def names(self) -> Sequence[str]:
        """Return the names of the entity's fields in their order."""
        return tuple(name for name, member in self._entity.fields.items() if member.type.usable)


class GivenFields:
    """Fields that belong to no entity: what a button asks for, what a step returns."""

    def __init__(self, fields: Mapping[str, FieldInfo]) -> None:
        self._fields = fields

    @property
    def entity(self) -> str:
        """Return that there is no entity."""
        return ""

    def field(self, name: str) -> FieldInfo | None:
        """Return what is known of ``name``."""
        return self._fields.get(name)

    def names(self) -> Sequence[str]:
        """Return all names."""
        return tuple(self._fields)


class EntityScope(EntityFields, Scope):
    """An expression over the records of ``entity``.

    ``entities`` are all that links, inverse links and ``user.FIELD`` may lead to; ``this`` is the
    entity of the outer record; ``roots`` are further records (``candidate``, ``ask``,
    ``steps.NAME``); ``changes`` offers ``old`` and ``changed()``; ``settings`` are by
    ``pack.name``, and those of ``pack`` can be used by their bare names. ``deriving`` tells which
    fields are worked out when they are asked for.
    """

    def __init__(
        self,
        entity: Entity,
        entities: Mapping[str, Entity] = NOTHING,
        *,
        this: Entity | None = None,
        roots: Mapping[str, Entity | Mapping[str, FieldInfo]] = NOTHING,
        changes: bool = False,
        settings: Mapping[str, FieldInfo] = NOTHING,
        pack: str = "",
        deriving: Deriving | None = None,
    ) -> None:
        super().__init__(entity, deriving)
        self._entities = entities
        self._this = this
        self._given_roots = roots
        self._changes = changes
        self._settings = settings
        self._pack = pack

    @property
    def changes(self) -> bool:
        """Tell whether there is an ``old`` record to compare with."""
        return self._changes

    def roots(self) -> Mapping[str, Fields]:
        """Return the further records by their names."""
        return self._roots

    @cached_property
    def _roots(self) -> Mapping[str, Fields]:
        found: dict[str, Fields] = {
            name: self._of(given) if isinstance(given, Entity) else GivenFields(given)
            for name, given in self._given_roots.items()
        }
        if self._this is not None:
            found["this"] = self._of(self._this)
        if self._changes:
            found["old"] = self._of(self._entity)
        return found

    def _of(self, entity: Entity) -> EntityFields:
        return EntityFields(entity, self._deriving)

    def settings(self) -> Mapping[str, FieldInfo]:
        """Return the settings by ``pack.name``."""
        return self._settings

    def setting(self, name: str) -> str:
        """Return the full name: the own pack's setting first, else the only one of that name."""
        own = f"{self._pack}.{name}"
        if own in self._settings or name in self._settings:
            return own if own in self._settings else name
        found = [full for full in self._settings if full.partition(".")[2] == name]
        return found[0] if len(found) == 1 else ""

    def fields_of(self, entity: str) -> Fields | None:
        """Return the fields of another entity."""
        found = self._found(entity)
        return None if found is None else self._of(found)

    def inverses(self, entity: str) -> Mapping[str, InverseLink]:
        """Return the links of other entities to ``entity``, by their inverse names."""
        return self._inverses.get(entity, NOTHING)

    @cached_property
    def _inverses(self) -> Mapping[str, Mapping[str, InverseLink]]:
        found: dict[str, dict[str, InverseLink]] = {}
        for entity in self._entities.values():
            for name, member in entity.fields.items():
                link = member.type
                if not isinstance(link, LinkType | ReferenceType) or not link.inverse:
                    continue
                inverse = InverseLink(entity.name, name, entity.plural)
                for to in link.targets:
                    found.setdefault(to, {})[link.inverse] = inverse
        return found

    def hierarchy(self, entity: str) -> str:
        """Return the link field that leads to the parent in ``entity``."""
        found = self._found(entity)
        return "" if found is None else found.hierarchy

    def inside(self, entity: str) -> "EntityScope | None":
        """Return the scope within an aggregate: ``this`` is the present record there."""
        found = self._found(entity)
        if found is None:
            return None
        return EntityScope(
            found,
            self._entities,
            this=self._entity,
            roots=self._given_roots,
            settings=self._settings,
            pack=self._pack,
            deriving=self._deriving,
        )

    def _found(self, entity: str) -> Entity | None:
        if entity == self._entity.name:
            return self._entities.get(entity, self._entity)
        return self._entities.get(entity)


def info_of(member: EntityField, entity: str) -> FieldInfo:
    """Return what the type check knows of a field of ``entity``."""
    kind = result_of(member.type)
    storage = kind.storage
    target = entity if member.name == "id" else ""
    if isinstance(kind, DeclaredType):
        target = kind.entity
    options = None
    if isinstance(kind, SelectType | MultiSelectType | DeclaredType):
        options = kind.options
    return FieldInfo(
        kind=kind.kind,
        choices=tuple(options) if options else None,
        places=storage.places if storage.kind is StorageKind.DECIMAL else None,
        ordered="<" in kind.filter_operators,
        entity=kind.to if isinstance(kind, LinkType | LinksType) else target,
        label=member.label,
        options={name: option.label for name, option in (options or {}).items()},
        followed=kind is member.type,
    )
