"""How a field is kept, said without naming a database."""

from dataclasses import dataclass
from enum import StrEnum


class StorageKind(StrEnum):
    """The column types that every engine can give; `store` maps them to its own."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    DATETIME = "datetime"
    BOOLEAN = "boolean"
    UUID = "uuid"
    DURATION = "duration"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """A column's type: ``length`` in characters (None: unbounded), ``places`` after the point."""

    kind: StorageKind
    length: int | None = None
    places: int = 0
