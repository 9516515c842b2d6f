"""Files and pictures: sent as soon as they are chosen, shown as links and small pictures."""

from collections.abc import Mapping
from typing import Any, ClassVar

from babel.numbers import format_decimal
from markupsafe import Markup, escape

from loomwork.model.types.file import FileType
from loomwork_ui.reader import Reader
from loomwork_ui.widgets.base import Widget, hint

PICTURE = Markup(
    '<a class="picture" href="{url}">'
    '<img src="{url}/thumbnail/{pixels}" alt="{name}" loading="lazy"></a>'
)
LARGE, SMALL = 480, 96
"""Pixels of the pictures on a record and in a list."""
UNITS = ((1024 * 1024, "MB"), (1024, "KB"), (1, "B"))


class FileWidget(Widget):
    """A file: its name leads to it. The form keeps its id."""

    template: ClassVar[str] = "widgets/file.html"
    filter_template: ClassVar[str] = "widgets/text.html"

    @property
    def accepted(self) -> str:
        """Return which files the browser offers, as its input wants it."""
        type_ = self.field.type
        return ",".join(type_.accept or type_.media_types) if isinstance(type_, FileType) else ""

    def entered(self, value: Any, reader: Reader) -> str:
        del reader
        return str(value["id"]) if isinstance(value, Mapping) else str(value or "")

    def words(self, value: Any, reader: Reader) -> str:
        del reader
        return self.title(value)

    def title(self, value: Mapping[str, Any] | None) -> str:
        """Return the file's name, or its id where nothing else is known of it."""
        return str(value.get("name") or value["id"]) if value else ""

    def size(self, value: Mapping[str, Any]) -> str:
        """Return how large the file is, for people."""
        size = int(value.get("size", 0))
        unit, sign = next(one for one in UNITS if size >= one[0] or one[0] == 1)
        return f"{format_decimal(round(size / unit, 1), locale=self.locale)} {sign}"

    def display(self, value: Any, reader: Reader) -> str:
        if not value:
            return ""
        return f'{self.cell(value, reader)} <span class="muted">{escape(self.size(value))}</span>'

    def cell(self, value: Any, reader: Reader) -> str:
        del reader
        if not value:
            return ""
        name = self.title(value)
        if not value.get("url"):
            return str(escape(name))
        url = escape(value["url"])
        return f'<a class="file" dir="auto" href="{url}"{hint(name)}>{escape(name)}</a>'


class ImageWidget(FileWidget):
    """A picture, shown small; it leads to the whole one."""

    def display(self, value: Any, reader: Reader) -> str:
        del reader
        return self._picture(value, LARGE)

    def cell(self, value: Any, reader: Reader) -> str:
        del reader
        return self._picture(value, SMALL)

    def _picture(self, value: Any, pixels: int) -> str:
        if not value or not value.get("url"):
            return str(escape(self.title(value)))
        return PICTURE.format(url=value["url"], pixels=pixels, name=self.title(value))
