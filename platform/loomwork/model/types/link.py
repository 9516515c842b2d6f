"""A link to one record of another entity."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from uuid import UUID

from loomwork.errors import N_
from loomwork.model.field_type import FieldType, refuse
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.text import Texts

NOT_AN_ID = N_("The id of a record is expected.")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkType(FieldType):
    """A link to a record of entity ``to``; ``on_delete`` is ``restrict`` or ``clear``.

    The record that has it is a line of the other one where it is ``part_of`` that.
    """

    name: ClassVar[str] = "link"
    kind: ClassVar[Kind] = Kind.LINK
    filter_operators: ClassVar[tuple[str, ...]] = ("==", "!=", "is None")

    to: str
    on_delete: str = "restrict"
    inverse: str = ""
    part_of: bool = False

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        del texts
        return cls(
            to=settings["to"],
            on_delete=settings.get("on_delete", "restrict"),
            inverse=settings.get("inverse", ""),
            part_of=settings.get("part_of", False),
        )

    @property
    def storage(self) -> Storage:
        return Storage(kind=StorageKind.UUID)

    def parse(self, value: object) -> object:
        """Read an id, or what the platform itself shows of a link: an object with ``id``."""
        if isinstance(value, dict):
            value = value.get("id")
        if isinstance(value, UUID):
            return value
        if not isinstance(value, str):
            raise refuse("not_an_id", NOT_AN_ID)
        if not value.strip():
            return None
        try:
            return UUID(value.strip())
        except ValueError:
            raise refuse("not_an_id", NOT_AN_ID) from None

    @property
    def targets(self) -> tuple[str, ...]:
        return (self.to,)

    @property
    def at_deletion(self) -> str:
        return "line" if self.part_of else self.on_delete

    def leads(self, kept: Mapping[str, Any]) -> tuple[tuple[str, str, UUID], ...]:
        return () if kept[""] is None else (("", self.to, kept[""]),)

    def sample(self, source: random.Random) -> object:
        return UUID(int=source.getrandbits(128), version=4)
