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
    """One field of an entity. ``system`` fields are kept by the platform, not by callers.

    What ends in ``_when`` is a condition over the record, ``default_is`` a value over it, all as
    canonical source texts that are empty where nothing is said. ``option_when`` says when a
    select's options are offered; ``filter`` says which records a link may lead to (over the
    target, whose outer record ``this`` is the one that has the link); ``fill`` says what other
    fields get when the link changes. ``normalise`` names what is done to a text, in order.
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

    @property
    def writable(self) -> bool:
        """Tell whether callers may set the field at all."""
        return not self.readonly and not self.system


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
    ``recycle`` says that deleted records can be restored. ``completeness`` weighs the fields that
    a complete record has; ``hierarchy`` is the link upwards where the records form a tree.
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
    checks: Mapping[str, Check] = field(default_factory=dict)
    completeness: Mapping[str, int] = field(default_factory=dict)
    hierarchy: str = ""

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
