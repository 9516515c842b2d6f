"""Text with headings, lists, links and emphasis."""

from typing import Any, ClassVar

from markupsafe import Markup, escape

from loomwork.errors import N_, InvalidError
from loomwork.model.types.rich_text import plain_text, safe
from loomwork_ui.reader import Reader
from loomwork_ui.widgets.base import Widget
from loomwork_ui.widgets.text import IN_A_LIST

TOOLS = (
    ("bold", "bold", N_("Bold")),
    ("italic", "italic", N_("Italic")),
    ("heading", "heading", N_("Heading")),
    ("insertUnorderedList", "list", N_("List")),
    ("insertOrderedList", "list-numbers", N_("Numbered list")),
    ("blockquote", "quote", N_("Quotation")),
    ("createLink", "link", N_("Link")),
    ("removeFormat", "clear-formatting", N_("Plain text")),
)
"""The editor's buttons: what each does, its icon, its name."""
ASK = N_("Address of the page")


class RichTextWidget(Widget):
    """HTML as the platform keeps it, edited as it looks; without scripts its source is edited."""

    template: ClassVar[str] = "widgets/rich_text.html"
    filter_template: ClassVar[str] = "widgets/text.html"
    wide: ClassVar[bool] = True
    tools = TOOLS
    ask = ASK

    def display(self, value: Any, reader: Reader) -> str:
        del reader
        if value is None:
            return ""
        return f'<div class="rich" dir="auto">{self.harmless(str(value))}</div>'

    def words(self, value: Any, reader: Reader) -> str:
        del reader
        return "" if value is None else plain_text(str(value))

    def cell(self, value: Any, reader: Reader) -> str:
        line = " ".join(self.words(value, reader).split())
        return str(escape(line if len(line) <= IN_A_LIST else f"{line[:IN_A_LIST]}…"))

    @staticmethod
    def harmless(text: str) -> Markup:
        """Return what is kept, or what was typed and refused, as HTML in which nothing runs."""
        try:
            return Markup(safe(text))  # noqa: S704 -- cleaned just now
        except InvalidError:
            return escape(text)
