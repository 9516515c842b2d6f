"""Text over several lines."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from loomwork.model.field_type import FieldType
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.text import Texts
from loomwork.model.types.text import clean


@dataclass(frozen=True, slots=True, kw_only=True)
class LongTextType(FieldType):
    """Text over several lines; every kind of line end is kept as a line feed."""

    name: ClassVar[str] = "long_text"
    kind: ClassVar[Kind] = Kind.TEXT
    sortable: ClassVar[bool] = False

    max_length: int = 20_000

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        del texts
        return cls(max_length=settings.get("max_length", 20_000))

    @property
    def storage(self) -> Storage:
        return Storage(kind=StorageKind.TEXT)

    def parse(self, value: object) -> object:
        if isinstance(value, str):
            value = value.replace("\r\n", "\n").replace("\r", "\n").strip()
        return clean(value, longest=self.max_length)

    def sample(self, source: random.Random) -> object:
        return f"First line {source.randrange(100)}\nSecond line"
