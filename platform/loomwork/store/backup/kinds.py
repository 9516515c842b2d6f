"""Values as an archive keeps them: one canonical JSON form for each kind of column."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from loomwork.model.storage import Storage, StorageKind
from loomwork.store.types import StoredType

LOCAL = "local_datetime"
"""A time without a zone, to the second: what MariaDB keeps of Flask-AppBuilder's tables."""
BYTES = "bytes"
REAL = "real"
OWN = frozenset(map(str, StorageKind))
MODULUS = 2**256
OTHER: Mapping[str, type[TypeEngine[Any]]] = {
    LOCAL: sa.DateTime,
    BYTES: sa.LargeBinary,
    REAL: sa.Float,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a column keeps: a StorageKind, or one of the kinds above."""

    name: str
    places: int = 0
    length: int | None = None

    @property
    def type(self) -> TypeEngine[Any]:
        """Return the type of such a column in a table that is made or written here."""
        if self.name in OWN:
            storage = StorageKind(self.name)
            return StoredType(Storage(kind=storage, places=self.places, length=self.length))
        return OTHER[self.name]()


def kind_of(type_: TypeEngine[Any]) -> Kind:
    """Return the kind of a column of this type, declared or read from the database."""
    if isinstance(type_, StoredType):
        storage = type_.storage
        return Kind(name=str(storage.kind), places=storage.places, length=storage.length)
    name = next((name for class_, name in GENERIC if isinstance(type_, class_)), "")
    if not name:
        raise TypeError(f"a column of the type {type_!r} cannot be kept")
    if name == StorageKind.DECIMAL:
        return Kind(name=name, places=getattr(type_, "scale", None) or 0)
    if name == LOCAL and getattr(type_, "timezone", False):
        return Kind(name=StorageKind.DATETIME)
    return Kind(name=name)


GENERIC: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (sa.Boolean, StorageKind.BOOLEAN),
    (sa.Integer, StorageKind.INTEGER),
    (sa.Float, REAL),
    (sa.Numeric, StorageKind.DECIMAL),
    (sa.Uuid, StorageKind.UUID),
    (sa.DateTime, LOCAL),
    (sa.Date, StorageKind.DATE),
    (sa.LargeBinary, BYTES),
    (sa.BINARY, BYTES),
    (sa.String, StorageKind.TEXT),
)


def _to_decimal(places: int) -> Callable[[Any], str]:
    step = Decimal(1).scaleb(-places)
    return lambda value: str(Decimal(value).quantize(step))


def to_json(kind: Kind) -> Callable[[Any], Any]:
    """Return the function from Python's value to the archive's; it is not called with None."""
    if kind.name == StorageKind.DECIMAL:
        return _to_decimal(kind.places)
    return TO_JSON[kind.name]


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def _local(value: datetime) -> str:
    return value.replace(microsecond=0, tzinfo=None).isoformat()


TO_JSON: Mapping[str, Callable[[Any], Any]] = {
    StorageKind.TEXT: str,
    StorageKind.INTEGER: int,
    StorageKind.DATE: date.isoformat,
    StorageKind.DATETIME: _moment,
    StorageKind.BOOLEAN: bool,
    StorageKind.UUID: lambda value: str(UUID(str(value))),
    LOCAL: _local,
    BYTES: lambda value: b64encode(value).decode(),
    REAL: float,
}
FROM_JSON: Mapping[str, Callable[[Any], Any]] = {
    StorageKind.TEXT: str,
    StorageKind.INTEGER: int,
    StorageKind.DECIMAL: Decimal,
    StorageKind.DATE: date.fromisoformat,
    StorageKind.DATETIME: datetime.fromisoformat,
    StorageKind.BOOLEAN: bool,
    StorageKind.UUID: UUID,
    LOCAL: datetime.fromisoformat,
    BYTES: b64decode,
    REAL: float,
}


class Digest:
    """The hash of a table's rows, the same in whatever order they come."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def add(self, line: bytes) -> None:
        """Count the line of one row."""
        self.rows += 1
        self._sum = (self._sum + int.from_bytes(sha256(line).digest(), "big")) % MODULUS

    def hex(self) -> str:
        """Return the hash of all rows so far."""
        return f"{self._sum:064x}"


def row_writer(kinds: tuple[Kind, ...]) -> Callable[[Any], bytes]:
    """Return the function from a row to its line, without the line break."""
    encoders = tuple(map(to_json, kinds))

    def write(row: Any) -> bytes:
        return orjson.dumps(
            [
                None if value is None else encode(value)
                for value, encode in zip(row, encoders, strict=True)
            ]
        )

    return write


def row_reader(kinds: tuple[Kind, ...]) -> Callable[[bytes], list[Any]]:
    """Return the function from a line to Python's values; ValueError where it does not fit."""
    decoders = tuple(FROM_JSON[kind.name] for kind in kinds)

    def read(line: bytes) -> list[Any]:
        values = orjson.loads(line)
        if not isinstance(values, list):
            raise ValueError("not a row")  # noqa: TRY004 -- the data is wrong, not the call
        return [
            None if value is None else decode(value)
            for value, decode in zip(values, decoders, strict=True)
        ]

    return read
