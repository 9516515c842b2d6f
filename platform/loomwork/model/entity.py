"""Entities and their fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from loomwork.model.field_type import FieldType
from loomwork.model.text import Text
from loomwork.model.types.link import LinkType


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of an entity. ``system`` fields are kept by the platform, not by callers."""

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

    @property
    def writable(self) -> bool:
        """Tell whether callers may set the field at all."""
        return not self.readonly and not self.system


@dataclass(frozen=True, kw_only=True)
class Entity:
    """One kind of record. ``fields`` holds the entity's own and the system fields, in order.

    ``title`` names the text field that stands for a record wherever it is linked;
    ``ownership`` is ``user``, ``team`` or ``none``; ``indexes`` lists fields by index name;
    ``recycle`` says that deleted records can be restored.
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

    @cached_property
    def links(self) -> Mapping[str, LinkType]:
        """Return the link fields' types by field name."""
        return {
            name: member.type
            for name, member in self.fields.items()
            if isinstance(member.type, LinkType)
        }

    @cached_property
    def own_fields(self) -> Mapping[str, Field]:
        """Return the fields that documents define, without the system's."""
        return {name: member for name, member in self.fields.items() if not member.system}
