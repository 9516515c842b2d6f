"""Entities and their fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from loomwork.model.field_type import FieldType, Gathered
from loomwork.model.text import Text
from loomwork.model.types.link import LinkType


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of an entity. ``system`` fields are kept by the platform, not by callers.

    What ends in ``_when`` is a condition over the record, ``default_is`` a value over it, all as
    canonical source texts that are empty where nothing is said. ``option_when`` says when a
    select's options are offered; ``filter`` says which records a link may lead to (over the
    target, whose outer record ``this`` is the one that has the link); ``fill`` says what other
    fields get when the link changes. ``normalise`` names what is done to a text, in order.
    ``renamed_from`` is the name that the field had before; its data is kept.
    """

    name: str
    type: FieldType
    label: Text
    help: Text | None = None
    required: bool = False
    default: Any = None
    unique: bool = False
    readonly: bool = False
    indexed: bool = False
    search: bool = False
    system: bool = False
    required_when: str = ""
    readonly_when: str = ""
    visible_when: str = ""
    default_is: str = ""
    normalise: tuple[str, ...] = ()
    option_when: Mapping[str, str] = field(default_factory=dict)
    filter: str = ""
    fill: Mapping[str, str] = field(default_factory=dict)
    renamed_from: str = ""

    @property
    def writable(self) -> bool:
        """Tell whether callers may set the field at all."""
        return not self.readonly and not self.system

    @property
    def keys(self) -> tuple[str, ...]:
        """Return under which keys a row has the field: its name, and ``name.part`` of each part."""
        return (self.name, *(f"{self.name}.{part.name}" for part in self.type.parts))

    def spread(self, value: Any) -> dict[str, Any]:
        """Return a value that the type has read, by the keys of a row; missing ones are None."""
        if value is None:
            return dict.fromkeys(self.keys)
        return {
            f"{self.name}.{part}" if part else self.name: kept
            for part, kept in self.type.spread(value).items()
        }

    def leads(self, row: Mapping[str, Any]) -> tuple[tuple[str, str, UUID], ...]:
        """Return the records that a row names here: pointer, entity, id."""
        start = len(self.name) + 1
        return tuple(
            (f"/{self.name}{place}", entity, id_)
            for place, entity, id_ in self.type.leads(
                {key[start:]: row.get(key) for key in self.keys}
            )
        )

    def gather(self, row: Mapping[str, Any]) -> Gathered | None:
        """Return what is shown of a row's field that has parts; None where all are missing."""
        kept = {key: row.get(key) for key in self.keys}
        if all(value is None for value in kept.values()):
            return None
        start = len(self.name) + 1
        found = Gathered(self.type.gather({key[start:]: kept[key] for key in self.keys}))
        found.kept = kept
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What has to hold of a record where ``when`` does (always where it is empty).

    ``at`` is ``write`` or ``commit``, the end of the transaction. ``severity`` is ``refuse``,
    ``warn`` (the user may go on) or ``flag`` (the record is kept and marked). ``field`` is the one
    at which the ``message`` is shown; both may be empty, and the condition itself is then shown.
    """

    name: str
    must: str
    message: Text
    when: str = ""
    at: str = "write"
    severity: str = "refuse"
    field: str = ""


@dataclass(frozen=True, kw_only=True)
class Entity:
    """One kind of record. ``fields`` holds the entity's own and the system fields, in order.

    ``title`` names the text field that stands for a record wherever it is linked;
    ``ownership`` is ``user``, ``team`` or ``none``; ``indexes`` lists fields by index name;
    ``recycle`` says that deleted records can be restored, ``history`` that their versions are kept.
    ``completeness`` weighs the fields that a complete record has; ``hierarchy`` is the link upwards
    where the records form a tree.
    """

    name: str
    label: Text
    plural: Text
    icon: str
    title: str
    ownership: str
    fields: Mapping[str, Field]
    indexes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    recycle: bool = True
    history: bool = False
    checks: Mapping[str, Check] = field(default_factory=dict)
    completeness: Mapping[str, int] = field(default_factory=dict)
    hierarchy: str = ""

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Return the keys of a whole row: each field, and after it its parts as ``field.part``."""
        return tuple(key for field in self.fields.values() for key in field.keys)

    @cached_property
    def row_keys(self) -> tuple[str, ...]:
        """Return the keys of what is kept of a record, without the fields that are worked out."""
        return tuple(
            key
            for field in self.fields.values()
            if field.type.stored or field.type.many or field.type.parts
            for key in field.keys
        )

    @cached_property
    def links(self) -> Mapping[str, LinkType]:
        """Return the link fields' types by field name."""
        return {
            name: member.type
            for name, member in self.fields.items()
            if isinstance(member.type, LinkType)
        }

    @cached_property
    def leading(self) -> frozenset[str]:
        """Return the names of the fields that lead to other records."""
        return frozenset(name for name, member in self.fields.items() if member.type.targets)

    @cached_property
    def own_fields(self) -> Mapping[str, Field]:
        """Return the fields that documents define, without the system's."""
        return {name: member for name, member in self.fields.items() if not member.system}
