"""Shares in per cent."""

from dataclasses import dataclass
from typing import ClassVar

from loomwork.model.types.decimal import DecimalType
from loomwork.model.types.numerals import plain_number


@dataclass(frozen=True, slots=True, kw_only=True)
class PercentType(DecimalType):
    """A share in per cent: 10 stands for 10 %; the sign may be written and is never kept."""

    name: ClassVar[str] = "percent"

    def parse_text(self, text: str, *, locale: str = "en") -> object:
        return self.parse(plain_number(text, locale).removesuffix("%").rstrip())
