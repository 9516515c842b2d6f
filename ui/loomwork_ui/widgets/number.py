"""Whole and decimal numbers."""

import re
import unicodedata
from typing import Any, ClassVar

from loomwork_ui.reader import Reader
from loomwork_ui.widgets.base import Form, Widget

GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")


def plain_typed(text: str) -> str:
    """Return a number as it was typed, without grouping and full-width digits."""
    typed = unicodedata.normalize("NFKC", text).strip()
    return typed.replace(",", "") if GROUPED.fullmatch(typed) else typed


class IntegerWidget(Widget):
    """A whole number; grouping and full-width digits are accepted."""

    template: ClassVar[str] = "widgets/number.html"
    numeric: ClassVar[bool] = True
    keyboard: ClassVar[str] = "numeric"

    def parse(self, form: Form, reader: Reader) -> object:
        del reader
        return plain_typed(form.get(self.field.name, ""))

    def words(self, value: Any, reader: Reader) -> str:
        return "" if value is None else reader.number(value)


class DecimalWidget(IntegerWidget):
    """A number with digits after the point."""

    keyboard: ClassVar[str] = "decimal"

    def entered(self, value: Any, reader: Reader) -> str:
        return self.words(value, reader)

    def words(self, value: Any, reader: Reader) -> str:
        if value is None:
            return ""
        return reader.number(value, getattr(self.field.type, "places", 2))


class PercentWidget(DecimalWidget):
    """A share in per cent, with its sign behind the box."""

    template: ClassVar[str] = "widgets/percent.html"

    def parse(self, form: Form, reader: Reader) -> object:
        plain = unicodedata.normalize("NFKC", form.get(self.field.name, "")).strip()
        return super().parse({self.field.name: plain.removesuffix("%")}, reader)

    def entered(self, value: Any, reader: Reader) -> str:
        return super().words(value, reader)

    def words(self, value: Any, reader: Reader) -> str:
        return "" if value is None else f"{super().words(value, reader)} %"
