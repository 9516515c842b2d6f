"""Yes or no."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from loomwork.errors import N_
from loomwork.model.field_type import FieldType, refuse
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.text import Texts

NOT_A_BOOLEAN = N_("Yes or no is expected.")
WORDS = {
    **dict.fromkeys(("true", "yes", "y", "1", "x", "是", "对", "有"), True),
    **dict.fromkeys(("false", "no", "n", "0", "否", "不", "无"), False),
}


@dataclass(frozen=True, slots=True)
class BooleanType(FieldType):
    """Yes or no; a missing value is neither."""

    name: ClassVar[str] = "boolean"
    kind: ClassVar[Kind] = Kind.BOOLEAN
    filter_operators: ClassVar[tuple[str, ...]] = ("==", "!=", "is None")

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        del settings, texts
        return cls()

    @property
    def storage(self) -> Storage:
        return Storage(kind=StorageKind.BOOLEAN)

    def parse(self, value: object) -> object:
        if isinstance(value, str) and not value.strip():
            return None
        if not isinstance(value, bool):
            raise refuse("not_a_boolean", NOT_A_BOOLEAN)
        return value

    def parse_text(self, text: str, *, locale: str = "en") -> object:
        del locale
        found = WORDS.get(text.strip().casefold())
        if found is None:
            raise refuse("not_a_boolean", NOT_A_BOOLEAN)
        return found

    def to_text(self, value: Any) -> str:
        return "true" if value else "false"

    def sample(self, source: random.Random) -> object:
        return source.random() < 0.5
