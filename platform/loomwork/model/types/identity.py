"""The id of a record."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self
from uuid import UUID

from loomwork.model.field_type import FieldType, refuse
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.text import Texts
from loomwork.model.types.link import NOT_AN_ID


@dataclass(frozen=True, slots=True)
class IdentityType(FieldType):
    """A UUID of version 7: unique anywhere, sorted by the time of its making."""

    name: ClassVar[str] = "id"
    kind: ClassVar[Kind] = Kind.LINK
    filter_operators: ClassVar[tuple[str, ...]] = ("==", "!=", "in", "not in")

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        del settings, texts
        return cls()

    @property
    def storage(self) -> Storage:
        return Storage(kind=StorageKind.UUID)

    def parse(self, value: object) -> object:
        try:
            return UUID(str(value))
        except ValueError:
            raise refuse("not_an_id", NOT_AN_ID) from None

    def sample(self, source: random.Random) -> object:
        return UUID(int=source.getrandbits(128), version=4)
