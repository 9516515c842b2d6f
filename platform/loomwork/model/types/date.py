"""Calendar dates."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar, Self

from loomwork.errors import N_
from loomwork.model.field_type import FieldType, refuse
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.text import Texts

NOT_A_DATE = N_("A date is expected, written like 2026-01-31.")


@dataclass(frozen=True, slots=True)
class DateType(FieldType):
    """A day without a time and without a zone."""

    name: ClassVar[str] = "date"
    kind: ClassVar[Kind] = Kind.DATE

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        del settings, texts
        return cls()

    @property
    def storage(self) -> Storage:
        return Storage(kind=StorageKind.DATE)

    def parse(self, value: object) -> object:
        if not isinstance(value, str):
            raise refuse("not_a_date", NOT_A_DATE)
        text = value.strip()
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise refuse("not_a_date", NOT_A_DATE)
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise refuse("not_a_date", NOT_A_DATE) from None

    def parse_text(self, text: str, *, locale: str = "en") -> object:
        """Read ISO dates and other year-first forms: 2026/1/31, 2026.1.31, 2026年1月31日."""
        del locale
        found = re.fullmatch(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?", text.strip())
        if not found:
            raise refuse("not_a_date", NOT_A_DATE)
        year, month, day = found.groups()
        return self.parse(f"{year}-{int(month):02}-{int(day):02}")

    def to_text(self, value: Any) -> str:
        return str(value.isoformat())

    def sample(self, source: random.Random) -> object:
        return date(2026, 1, 1) + timedelta(days=source.randrange(365))
