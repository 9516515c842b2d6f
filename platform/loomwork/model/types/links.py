"""Links to any number of records of one entity."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from uuid import UUID

from loomwork.model.kinds import Kind
from loomwork.model.text import Texts
from loomwork.model.types.link import LinkType
from loomwork.model.types.several import SetType


@dataclass(frozen=True, slots=True, kw_only=True)
class LinksType(SetType):
    """Links to records of entity ``to``, kept as a tuple of ids; ``inverse`` is their way back.

    When a linked record is deleted, its link goes with it.
    """

    name: ClassVar[str] = "links"
    kind: ClassVar[Kind] = Kind.LINKS

    to: str
    inverse: str = ""

    @property
    def inner(self) -> LinkType:
        return LinkType(to=self.to)

    @property
    def targets(self) -> tuple[str, ...]:
        return (self.to,)

    def leads(self, kept: Mapping[str, Any]) -> tuple[tuple[str, str, UUID], ...]:
        return tuple((f"/{place}", self.to, id_) for place, id_ in enumerate(kept[""] or ()))

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        del texts
        return cls(to=settings["to"], inverse=settings.get("inverse", ""))
