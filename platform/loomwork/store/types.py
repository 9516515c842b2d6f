"""Column types: how each storage kind is kept on SQLite, PostgreSQL and MariaDB.

Encoders turn Python values into what a driver takes, decoders turn what a driver gives into Python
values; both are None where nothing has to be done. SQLAlchemy statements and the prepared
statements of the read path use the same functions.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import types
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.engine import Dialect

from loomwork.model.storage import Storage, StorageKind
from loomwork.model.values import Duration, JsonText

Codec: TypeAlias = Callable[[Any], Any] | None

POSTGRESQL = "postgresql"
SQLITE = "sqlite"
MARIADB = "mariadb"
ENGINES = (POSTGRESQL, SQLITE, MARIADB)

SHORT = 120
"""Texts up to this length are VARCHAR on MariaDB; longer ones are TEXT."""


def engine_name(dialect: Dialect) -> str:
    """Return ``sqlite``, ``postgresql`` or ``mariadb``."""
    return MARIADB if dialect.name in ("mysql", "mariadb") else dialect.name


def encoder(storage: Storage, engine: str) -> Codec:
    """Return the function from a Python value to the driver's."""
    return ENCODERS.get((storage.kind, engine), _nothing)(storage)


def decoder(storage: Storage, engine: str) -> Codec:
    """Return the function from the driver's value to Python's."""
    return DECODERS.get((storage.kind, engine), _nothing)(storage)


def _nothing(storage: Storage) -> Codec:
    del storage
    return None


def _scale(storage: Storage) -> Codec:
    factor = Decimal(10) ** storage.places

    def scaled(value: Decimal | int) -> int:
        number = value * factor
        whole = int(number)
        if whole != number:
            raise ValueError(f"{value} has more than {storage.places} places")
        return whole

    return scaled


def _unscale(storage: Storage) -> Codec:
    step = Decimal(1).scaleb(-storage.places)
    return lambda whole: whole * step


def _datetime_to_text(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f").rjust(26, "0")


def _datetime_from_text(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _to_naive(value: datetime) -> datetime:
    return value.astimezone(UTC).replace(tzinfo=None)


def _to_aware(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC)


def _uuid_from_bytes(value: bytes) -> UUID:
    return UUID(bytes=value)


def _uuid_from_text(value: str | UUID) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


ENCODERS: dict[tuple[StorageKind, str], Callable[[Storage], Codec]] = {
    (StorageKind.DECIMAL, SQLITE): _scale,
    (StorageKind.DATE, SQLITE): lambda _: date.isoformat,
    (StorageKind.DATETIME, SQLITE): lambda _: _datetime_to_text,
    (StorageKind.UUID, SQLITE): lambda _: lambda value: value.bytes,
    (StorageKind.BOOLEAN, SQLITE): lambda _: int,
    (StorageKind.DATETIME, MARIADB): lambda _: _to_naive,
    (StorageKind.UUID, MARIADB): lambda _: str,
    (StorageKind.BOOLEAN, MARIADB): lambda _: int,
    # Drivers choose how to send a value by its very type.
    **{(StorageKind.DURATION, engine): lambda _: int for engine in ENGINES},
    **{(StorageKind.JSON, engine): lambda _: str for engine in ENGINES},
}
DECODERS: dict[tuple[StorageKind, str], Callable[[Storage], Codec]] = {
    (StorageKind.DECIMAL, SQLITE): _unscale,
    (StorageKind.DATE, SQLITE): lambda _: date.fromisoformat,
    (StorageKind.DATETIME, SQLITE): lambda _: _datetime_from_text,
    (StorageKind.UUID, SQLITE): lambda _: _uuid_from_bytes,
    (StorageKind.BOOLEAN, SQLITE): lambda _: bool,
    (StorageKind.DATETIME, MARIADB): lambda _: _to_aware,
    (StorageKind.UUID, MARIADB): lambda _: _uuid_from_text,
    (StorageKind.BOOLEAN, MARIADB): lambda _: bool,
    **{(StorageKind.DURATION, engine): lambda _: Duration for engine in ENGINES},
    **{(StorageKind.JSON, engine): lambda _: JsonText for engine in ENGINES},
}


class MariaUuid(types.UserDefinedType[str]):
    """MariaDB's own UUID type, which sorts version 7 rightly from 10.11 on."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """Return how the type is written in SQL."""
        return "UUID"


GENERIC: dict[StorageKind, type[types.TypeEngine[Any]]] = {
    StorageKind.INTEGER: types.BigInteger,
    StorageKind.DECIMAL: types.Numeric,
    StorageKind.DATE: types.Date,
    StorageKind.DATETIME: types.DateTime,
    StorageKind.DURATION: types.BigInteger,
}


class StoredType(types.TypeDecorator[Any]):
    """The SQLAlchemy type of a column that keeps a ``Storage``."""

    impl: types.TypeEngine[Any] | type[types.TypeEngine[Any]] = types.String
    cache_ok = True

    def __init__(self, storage: Storage) -> None:
        super().__init__()
        self.storage = storage
        # What operators mean follows from this type: a String would read + as concatenation.
        self.impl = GENERIC.get(storage.kind, types.String)()
        self._codecs: dict[str, tuple[Codec, Codec]] = {}

    def load_dialect_impl(self, dialect: Dialect) -> types.TypeEngine[Any]:
        """Return the engine's own type."""
        native = NATIVE[self.storage.kind](self.storage, engine_name(dialect))
        return dialect.type_descriptor(native)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Return what the driver takes for ``value``."""
        encode = self._codec(dialect)[0]
        return value if value is None or encode is None else encode(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Return Python's value for what the driver gives."""
        decode = self._codec(dialect)[1]
        return value if value is None or decode is None else decode(value)

    def _codec(self, dialect: Dialect) -> tuple[Codec, Codec]:
        engine = engine_name(dialect)
        found = self._codecs.get(engine)
        if found is None:
            found = self._codecs[engine] = (
                encoder(self.storage, engine),
                decoder(self.storage, engine),
            )
        return found

    def coerce_compared_value(self, op: Any, value: Any) -> types.TypeEngine[Any]:
        """Bind what is compared with the column the way the column itself is bound."""
        del op, value
        return self


def _text(storage: Storage, engine: str) -> types.TypeEngine[Any]:
    if engine == POSTGRESQL:
        return postgresql.TEXT(collation="C")
    if engine == MARIADB:
        if storage.length is not None and storage.length <= SHORT:
            return mysql.VARCHAR(SHORT, charset="utf8mb4", collation="utf8mb4_nopad_bin")
        return mysql.MEDIUMTEXT(charset="utf8mb4", collation="utf8mb4_nopad_bin")
    return types.Text()


def _decimal(storage: Storage, engine: str) -> types.TypeEngine[Any]:
    if engine == SQLITE:
        return types.BigInteger()
    return types.Numeric(18, storage.places)


def _date(_: Storage, engine: str) -> types.TypeEngine[Any]:
    return types.Text() if engine == SQLITE else types.Date()


def _datetime(_: Storage, engine: str) -> types.TypeEngine[Any]:
    if engine == SQLITE:
        return types.Text()
    return mysql.DATETIME(fsp=6) if engine == MARIADB else types.DateTime(timezone=True)


def _uuid(_: Storage, engine: str) -> types.TypeEngine[Any]:
    if engine == SQLITE:
        return types.LargeBinary(16)
    return MariaUuid() if engine == MARIADB else postgresql.UUID(as_uuid=True)


def _boolean(_: Storage, engine: str) -> types.TypeEngine[Any]:
    return types.Boolean() if engine == POSTGRESQL else types.SmallInteger()


NATIVE: dict[StorageKind, Callable[[Storage, str], types.TypeEngine[Any]]] = {
    StorageKind.TEXT: _text,
    StorageKind.INTEGER: lambda _, __: types.BigInteger(),
    StorageKind.DECIMAL: _decimal,
    StorageKind.DATE: _date,
    StorageKind.DATETIME: _datetime,
    StorageKind.UUID: _uuid,
    StorageKind.BOOLEAN: _boolean,
    StorageKind.DURATION: lambda _, __: types.BigInteger(),
    StorageKind.JSON: _text,
}


def text(length: int | None = None) -> StoredType:
    """Return the type of a text column of at most ``length`` characters."""
    return StoredType(Storage(kind=StorageKind.TEXT, length=length))


def integer() -> StoredType:
    """Return the type of a 64-bit integer column."""
    return StoredType(Storage(kind=StorageKind.INTEGER))


def moment() -> StoredType:
    """Return the type of a column of UTC times with microseconds."""
    return StoredType(Storage(kind=StorageKind.DATETIME))


def uuid() -> StoredType:
    """Return the type of a UUID column."""
    return StoredType(Storage(kind=StorageKind.UUID))
