"""Codes to be scanned, drawn as bars or squares."""

from typing import Any, ClassVar

from markupsafe import Markup

from loomwork.model.types.barcode import CODE128, QR
from loomwork_ui.reader import Reader
from loomwork_ui.widgets.bars import code128, ean13, svg
from loomwork_ui.widgets.squares import squares
from loomwork_ui.widgets.text import TextWidget

DRAWN = Markup('<figure class="barcode is-{}">{}<figcaption class="code">{}</figcaption></figure>')
CELL = Markup('<span class="code" dir="ltr">{}</span>')


class BarcodeWidget(TextWidget):
    """A code: typed or scanned into a box, drawn on the record's page, as text in lists."""

    template: ClassVar[str] = "widgets/barcode.html"
    filter_template: ClassVar[str] = "widgets/text.html"

    @property
    def format(self) -> str:
        """Return how the code is drawn."""
        return str(getattr(self.field.type, "format", CODE128))

    def display(self, value: Any, reader: Reader) -> str:
        if value is None:
            return ""
        try:
            drawing = self._drawing(str(value))
        except ValueError:
            # What was kept before the field was one of codes may be any text.
            return self.cell(value, reader)
        return DRAWN.format(self.format, Markup(drawing), value)  # noqa: S704 -- bars of ours

    def _drawing(self, value: str) -> str:
        if self.format == QR:
            return squares(value)
        return svg(code128(value) if self.format == CODE128 else ean13(value))

    def cell(self, value: Any, reader: Reader) -> str:
        del reader
        return "" if value is None else CELL.format(value)
