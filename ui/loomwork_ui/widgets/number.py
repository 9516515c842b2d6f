"""Whole and decimal numbers."""

import re
import unicodedata
from typing import Any, ClassVar

from loomwork_ui.reader import Reader
from loomwork_ui.widgets.base import Form, Widget

GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")


class IntegerWidget(Widget):
    """A whole number; grouping and full-width digits are accepted."""

    template: ClassVar[str] = "widgets/number.html"
    numeric: ClassVar[bool] = True
    keyboard: ClassVar[str] = "numeric"

    def parse(self, form: Form, reader: Reader) -> object:
        del reader
        typed = unicodedata.normalize("NFKC", form.get(self.field.name, "")).strip()
        return typed.replace(",", "") if GROUPED.fullmatch(typed) else typed

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
