"""Places on the earth."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from markupsafe import Markup

from loomwork_ui.reader import Reader
from loomwork_ui.widgets.base import Form, Widget, lines
from loomwork_ui.widgets.number import plain_typed

PARTS = ("latitude", "longitude")
SHOWN = Markup('<span class="code" dir="ltr">{}</span>')


class PlaceWidget(Widget):
    """Latitude and longitude in degrees; both can be pasted into the first box."""

    template: ClassVar[str] = "widgets/place.html"

    def pieces(self, entry: str) -> list[str]:
        """Return latitude and longitude of what the inputs hold."""
        return lines(entry, 2)

    def parse(self, form: Form, reader: Reader) -> object:
        del reader
        first, second = self.pieces(form.get(self.field.name, ""))
        if not second.strip() and first.count(",") == 1:
            first, second = first.split(",")
        typed = (plain_typed(first), plain_typed(second))
        return dict(zip(PARTS, typed, strict=True)) if any(typed) else ""

    def entered(self, value: Any, reader: Reader) -> str:
        del reader
        return "\n".join(_degrees(value)) if isinstance(value, Mapping) else ""

    def typed(self, text: str) -> str:
        return ", ".join(self.pieces(text)) if text.strip() else ""

    def words(self, value: Any, reader: Reader) -> str:
        del reader
        return ", ".join(_degrees(value)) if isinstance(value, Mapping) else str(value or "")

    def display(self, value: Any, reader: Reader) -> str:
        return SHOWN.format(self.words(value, reader)) if value else ""


def _degrees(value: Mapping[str, Any]) -> tuple[str, ...]:
    """Return both numbers without digits that say nothing."""
    written = (f"{Decimal(value[part]):f}" for part in PARTS)
    return tuple(text.rstrip("0").rstrip(".") if "." in text else text for text in written)
