"""How computed values are kept in SQL, and how they get there and back.

A column keeps a value as `store` decided. What is computed has one form per kind and engine:

- numbers: ``numeric``, ``DECIMAL(29, 10)``; on SQLite 30 digits of text that sort as the numbers
  do, see `sqlite`
- moments: microseconds since the year 1; on SQLite the text that columns keep
- durations: microseconds
- texts, dates, links, booleans: as columns keep them; sets are arrays or JSON
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import types
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect

from loomwork.expressions.semantics.numbers import EXACT, PLACES
from loomwork.expressions.sql.element import MARIADB, POSTGRESQL, SQLITE, Element, Part, Sql
from loomwork.model.kinds import Kind

Codec: TypeAlias = Callable[[Any], Any]
BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
COLLATION = {POSTGRESQL: '"C"', MARIADB: "utf8mb4_nopad_bin"}
OFFSET = 10**29
"""Added to a number's 10^-10ths on SQLite, so that all are positive."""
WIDTH = 30


def number_to_digits(number: Decimal | int) -> str:
    """Return the text that keeps a number on SQLite."""
    return digits(int(Decimal(number).scaleb(PLACES, EXACT)))


def digits(scaled: int) -> str:
    """Return the text for a whole number of 10^-10ths."""
    return f"{scaled + OFFSET:030d}"


def scaled(text: str) -> int:
    """Return the 10^-10ths that `digits` has written."""
    return int(text) - OFFSET


def number_from_digits(text: str) -> Decimal:
    """Return the number that such a text keeps."""
    return Decimal(scaled(text)).scaleb(-PLACES, EXACT)


def moment_to_text(moment: datetime) -> str:
    """Return the text that keeps a moment on SQLite."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f").rjust(26, "0")


def moment_from_text(text: str) -> datetime:
    """Return the moment that such a text keeps."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _moment_to_number(moment: datetime) -> int:
    return (moment - BEGINNING) // MICROSECOND


def _moment_from_number(number: int) -> datetime:
    return BEGINNING + timedelta(microseconds=int(number))


def _written(number: Decimal | int) -> str:
    # Python may write an exponent, which makes a floating point number of it.
    return format(Decimal(number), "f")


def _hex_ids(ids: frozenset[UUID]) -> str:
    return json.dumps(sorted(id_.hex for id_ in ids))


def _ids(ids: frozenset[UUID]) -> str:
    return json.dumps(sorted(map(str, ids)))


def _texts(texts: frozenset[str]) -> str:
    return json.dumps(sorted(texts), ensure_ascii=False)


ENCODERS: Mapping[tuple[Kind, str], Codec] = {
    (Kind.NUMBER, SQLITE): number_to_digits,
    (Kind.NUMBER, MARIADB): _written,
    (Kind.DATE, SQLITE): date.isoformat,
    (Kind.DATETIME, SQLITE): moment_to_text,
    (Kind.DATETIME, POSTGRESQL): _moment_to_number,
    (Kind.DATETIME, MARIADB): _moment_to_number,
    # What a record has of it is more than an int, which drivers know by its very type.
    **{(Kind.DURATION, engine): int for engine in (SQLITE, POSTGRESQL, MARIADB)},
    (Kind.BOOLEAN, SQLITE): int,
    (Kind.BOOLEAN, MARIADB): int,
    (Kind.LINK, SQLITE): lambda id_: id_.bytes,
    (Kind.LINK, MARIADB): str,
    (Kind.LINKS, POSTGRESQL): list,
    (Kind.LINKS, SQLITE): _hex_ids,
    (Kind.LINKS, MARIADB): _ids,
    (Kind.TEXTS, POSTGRESQL): list,
    (Kind.TEXTS, SQLITE): _texts,
    (Kind.TEXTS, MARIADB): _texts,
}
DECODERS: Mapping[tuple[Kind, str], Codec] = {
    (Kind.NUMBER, SQLITE): number_from_digits,
    (Kind.NUMBER, POSTGRESQL): Decimal,
    (Kind.NUMBER, MARIADB): Decimal,
    (Kind.DATE, SQLITE): date.fromisoformat,
    (Kind.DATETIME, SQLITE): moment_from_text,
    (Kind.DATETIME, POSTGRESQL): _moment_from_number,
    (Kind.DATETIME, MARIADB): _moment_from_number,
    (Kind.DURATION, POSTGRESQL): int,
    (Kind.DURATION, MARIADB): int,
    (Kind.BOOLEAN, SQLITE): bool,
    (Kind.BOOLEAN, MARIADB): bool,
    (Kind.LINK, SQLITE): lambda value: UUID(bytes=value),
    (Kind.LINK, MARIADB): lambda value: value if isinstance(value, UUID) else UUID(value),
}
POSTGRESQL_TYPES: Mapping[Kind, types.TypeEngine[Any]] = {
    Kind.TEXT: postgresql.TEXT(collation="C"),
    Kind.NUMBER: types.Numeric(),
    Kind.DATE: types.Date(),
    Kind.DATETIME: types.BigInteger(),
    Kind.DURATION: types.BigInteger(),
    Kind.BOOLEAN: types.Boolean(),
    Kind.LINK: postgresql.UUID(as_uuid=True),
    Kind.LINKS: postgresql.ARRAY(postgresql.UUID(as_uuid=True)),
    Kind.TEXTS: postgresql.ARRAY(types.Text()),
}
CASTS: Mapping[tuple[Kind, str], str] = {
    (Kind.TEXT, POSTGRESQL): 'CAST({0} AS TEXT) COLLATE "C"',
    (Kind.NUMBER, POSTGRESQL): "CAST({0} AS NUMERIC)",
    (Kind.DATE, POSTGRESQL): "CAST({0} AS DATE)",
    (Kind.DATETIME, POSTGRESQL): "CAST({0} AS BIGINT)",
    (Kind.DURATION, POSTGRESQL): "CAST({0} AS BIGINT)",
    (Kind.BOOLEAN, POSTGRESQL): "CAST({0} AS BOOLEAN)",
    (Kind.LINK, POSTGRESQL): "CAST({0} AS UUID)",
    (Kind.LINKS, POSTGRESQL): "CAST({0} AS UUID[])",
    (Kind.TEXTS, POSTGRESQL): 'CAST({0} AS TEXT[]) COLLATE "C"',
    (Kind.TEXT, MARIADB): "({0} COLLATE utf8mb4_nopad_bin)",
    (Kind.NUMBER, MARIADB): "CAST({0} AS DECIMAL(29, 10))",
    (Kind.DATE, MARIADB): "CAST({0} AS DATE)",
    (Kind.DATETIME, MARIADB): "CAST({0} AS SIGNED)",
    (Kind.DURATION, MARIADB): "CAST({0} AS SIGNED)",
    (Kind.LINK, MARIADB): "CAST({0} AS UUID)",
}
"""How the engines are told what a bound value is."""


def engine_of(dialect: Dialect | str) -> str:
    """Return ``sqlite``, ``postgresql`` or ``mariadb``."""
    name = dialect if isinstance(dialect, str) else dialect.name
    return MARIADB if name == "mysql" else name


class ValueType(types.TypeDecorator[Any]):
    """The SQLAlchemy type of a computed value."""

    impl = types.NullType
    cache_ok = True

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self.kind = kind

    def encoder(self, engine: str) -> Codec | None:
        """Return the function from Python's value to the driver's."""
        return ENCODERS.get((self.kind, engine))

    def decoder(self, engine: str) -> Codec | None:
        """Return the function from the driver's value to Python's."""
        return DECODERS.get((self.kind, engine))

    def load_dialect_impl(self, dialect: Dialect) -> types.TypeEngine[Any]:
        """Return the engine's own type."""
        found: types.TypeEngine[Any] = types.NullType()
        if dialect.name == POSTGRESQL:
            found = POSTGRESQL_TYPES[self.kind]
        return dialect.type_descriptor(found)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Return what the driver takes for ``value``."""
        encode = self.encoder(engine_of(dialect))
        return value if value is None or encode is None else encode(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Return Python's value for what the driver gives."""
        decode = self.decoder(engine_of(dialect))
        return value if value is None or decode is None else decode(value)

    def coerce_compared_value(self, op: Any, value: Any) -> types.TypeEngine[Any]:
        """Bind what is compared with the value as the value itself is kept."""
        del op, value
        return self


TYPES: Mapping[Kind, ValueType] = {kind: ValueType(kind) for kind in Kind}


def sql(kind: Kind, template: str, *parts: Part, bound: int | None = None) -> Sql:
    """Return a piece of SQL that has a value of ``kind``."""
    return Sql(template, *parts, type_=TYPES[kind], bound=bound)


def typed(kind: Kind, engine: str, value: Element) -> Element:
    """Return a bound value so that the engine knows what it is."""
    template = CASTS.get((kind, engine))
    return value if template is None else sql(kind, template, value)


def missing(kind: Kind, engine: str) -> Element:
    """Return NULL in the form of ``kind``."""
    return sql(kind, CASTS.get((kind, engine), "{0}").replace("{0}", "NULL"))
