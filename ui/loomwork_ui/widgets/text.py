"""Text, on one line and on several."""

from typing import Any, ClassVar

from markupsafe import escape

from loomwork_ui.reader import Reader
from loomwork_ui.widgets.base import LONG, Widget, hint

IN_A_LIST = 140
"""Characters of a long text that a list shows."""


class TextWidget(Widget):
    """One line of text.

    The input sets no length of its own: the browser would cut what is pasted without a word.
    """

    template: ClassVar[str] = "widgets/text.html"

    def cell(self, value: Any, reader: Reader) -> str:
        shown = self.display(value, reader)
        return shown if len(shown) <= LONG else f"<span{hint(str(value))}>{shown}</span>"


class LongTextWidget(TextWidget):
    """Text over several lines."""

    template: ClassVar[str] = "widgets/long_text.html"
    filter_template: ClassVar[str] = "widgets/text.html"
    wide: ClassVar[bool] = True

    def display(self, value: Any, reader: Reader) -> str:
        del reader
        return "" if value is None else f'<div class="prose" dir="auto">{escape(value)}</div>'

    def cell(self, value: Any, reader: Reader) -> str:
        del reader
        if value is None:
            return ""
        line = " ".join(str(value[: IN_A_LIST * 2]).split())
        return str(escape(line if len(line) <= IN_A_LIST else f"{line[:IN_A_LIST]}…"))
