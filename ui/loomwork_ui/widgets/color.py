"""Colours."""

from typing import Any, ClassVar

from markupsafe import Markup

from loomwork_ui.reader import Reader
from loomwork_ui.widgets.text import TextWidget

SWATCH = Markup(
    '<span class="with-swatch"><svg class="swatch" viewBox="0 0 16 16" aria-hidden="true">'
    '<rect width="16" height="16" rx="4" fill="{0}"/></svg><span class="code">{0}</span></span>'
)


class ColorWidget(TextWidget):
    """A colour, by its code or from a palette.

    The swatch is a drawing, since no style may stand inside a page.
    """

    template: ClassVar[str] = "widgets/color.html"
    filter_template: ClassVar[str] = "widgets/text.html"

    def display(self, value: Any, reader: Reader) -> str:
        del reader
        return "" if value is None else SWATCH.format(value)

    def cell(self, value: Any, reader: Reader) -> str:
        return self.display(value, reader)
