"""Codes that people read sign by sign."""

from typing import Any, ClassVar

from markupsafe import Markup

from loomwork_ui.reader import Reader
from loomwork_ui.widgets.text import TextWidget

SHOWN = Markup('<span class="code" dir="ltr">{}</span>')


class CodeWidget(TextWidget):
    """A code, in letters of equal width; it is shown in capitals while it is typed."""

    template: ClassVar[str] = "widgets/code.html"
    filter_template: ClassVar[str] = "widgets/text.html"

    def display(self, value: Any, reader: Reader) -> str:
        del reader
        return "" if value is None else SHOWN.format(value)

    def cell(self, value: Any, reader: Reader) -> str:
        return self.display(value, reader)
