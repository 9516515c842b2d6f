"""Values that are kept encrypted, whatever their type."""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from loomwork.model.field_type import FieldType, Part
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.values import Duration, JsonText

TOKEN = Storage(kind=StorageKind.TEXT)
"""How tokens are kept."""


@dataclass(frozen=True, slots=True)
class Unsealed:
    """A value on its way into a record, which the database would refuse as it is.

    Rows hold tokens, which are plain texts; nothing that somebody sends is taken for one.
    """

    value: Any

    def __repr__(self) -> str:
        return "Unsealed(…)"


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedType(FieldType):
    """Values of the type ``of``, of which rows hold tokens only: each part is sealed by itself."""

    sealed: ClassVar[bool] = True
    kind: ClassVar[Kind] = Kind.TEXT
    usable: ClassVar[bool] = False
    sortable: ClassVar[bool] = False
    filter_operators: ClassVar[tuple[str, ...]] = ()

    of: FieldType

    @property
    def ending(self) -> str:  # type: ignore[override]
        """Return what the name of the main column ends with."""
        return self.of.ending

    @property
    def storage(self) -> Storage:
        return TOKEN

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(replace(part, storage=TOKEN, open=False) for part in self.of.parts)

    @property
    def composes(self) -> bool:
        return self.of.composes

    def parse(self, value: object) -> object:
        return _unsealed(self.of.parse(value))

    def parse_text(self, text: str, *, locale: str = "en") -> object:
        return _unsealed(self.of.parse_text(text, locale=locale))

    def spread(self, value: Any) -> Mapping[str, Any]:
        plain = value.value if isinstance(value, Unsealed) else value
        return {part: _unsealed(one) for part, one in self.of.spread(plain).items()}

    def gather(self, kept: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the JSON form of values that have been opened."""
        return self.of.gather(kept)

    def to_text(self, value: Any) -> str:
        return self.of.to_text(value)

    def plain(self, value: Any) -> str:
        """Return nothing: there is nothing to be found by."""
        del value
        return ""

    def sample(self, source: random.Random) -> object:
        return self.of.sample(source)

    def write(self, part: str, value: Any) -> str:
        """Return a part's value (the main one is "") as the text that is sealed."""
        del part
        return json.dumps(_json(value), ensure_ascii=False)

    def read(self, part: str, text: str) -> Any:
        """Return a part's value from the text that was sealed."""
        storage = next((one.storage for one in self.of.parts if one.name == part), self.of.storage)
        value = json.loads(text)
        if isinstance(value, list):
            return tuple(_value(storage, one) for one in value)
        return _value(storage, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class EncryptedType(SealedType):
    """Values that are opened for whoever may read the record: the field is ``encrypted``."""

    name: ClassVar[str] = "encrypted"

    @classmethod
    def from_document(cls, settings: Any, texts: Any) -> "EncryptedType":
        """Fields get this type by their key ``encrypted``, not by its name."""
        del settings, texts
        raise TypeError("made by encrypted()")


def encrypted(of: FieldType) -> FieldType:
    """Return the type of fields that keep values of the type ``of`` encrypted."""
    return of if of.sealed else EncryptedType(of=of)


def plain_type(type_: FieldType) -> FieldType:
    """Return the type of the values that people see in a field that keeps them encrypted."""
    return type_.of if isinstance(type_, EncryptedType) else type_


def _unsealed(value: object) -> object:
    return None if value is None else Unsealed(value)


def _json(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_json(one) for one in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Duration):
        return int(value)
    return value if isinstance(value, bool | int) else str(value)


READ: Mapping[StorageKind, Callable[[Any], Any]] = {
    StorageKind.DECIMAL: Decimal,
    StorageKind.DATE: date.fromisoformat,
    StorageKind.DATETIME: datetime.fromisoformat,
    StorageKind.DURATION: Duration,
    StorageKind.JSON: JsonText,
}


def _value(storage: Storage, value: Any) -> Any:
    read = READ.get(storage.kind)
    return value if read is None else read(value)
