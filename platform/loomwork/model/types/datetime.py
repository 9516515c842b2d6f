"""Points in time."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Self

from loomwork.errors import N_
from loomwork.model.field_type import FieldType, refuse
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.text import Texts

NOT_A_DATETIME = N_("A date with time is expected, written like 2026-01-31T09:30:00Z.")


@dataclass(frozen=True, slots=True)
class DatetimeType(FieldType):
    """A point in time, kept in UTC; an input without a zone is read as UTC."""

    name: ClassVar[str] = "datetime"
    kind: ClassVar[Kind] = Kind.DATETIME

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        del settings, texts
        return cls()

    @property
    def storage(self) -> Storage:
        return Storage(kind=StorageKind.DATETIME)

    def parse(self, value: object) -> object:
        if not isinstance(value, str) or len(value) > 40:
            raise refuse("not_a_datetime", NOT_A_DATETIME)
        text = value.strip()
        if not text:
            return None
        if "T" not in text and " " not in text:
            raise refuse("not_a_datetime", NOT_A_DATETIME)
        try:
            moment = datetime.fromisoformat(text)
            moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError):
            raise refuse("not_a_datetime", NOT_A_DATETIME) from None
        return moment

    def to_text(self, value: Any) -> str:
        return str(value.isoformat().replace("+00:00", "Z"))

    def sample(self, source: random.Random) -> object:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=source.randrange(500_000))
