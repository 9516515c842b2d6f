"""A link to a record, and the mark that stands before a record's name."""

from collections.abc import Mapping
from typing import Any, ClassVar
from zlib import crc32

from markupsafe import escape

from loomwork.errors import N_
from loomwork.model.types.link import LinkType
from loomwork_ui.reader import Reader
from loomwork_ui.widgets.base import Widget, hint

SHADES = 8
UNREADABLE = N_("A record that you may not read")


def mark(title: str, *, person: bool = False) -> str:
    """Return the small coloured initial of a record, as safe HTML."""
    shade = crc32(title.encode()) % SHADES
    shape = " round" if person else ""
    initial = escape(title[:1].upper())
    return f'<span class="initial s{shade}{shape}" aria-hidden="true">{initial}</span>'


def shown_link(entity: str, value: Mapping[str, Any], words: str) -> str:
    """Return a link to a record as safe HTML; ``words`` stand for one that may not be read."""
    title = value.get("title")
    if not title:
        return f'<span class="unreadable" title="{escape(words)}">•••</span>'
    badge = mark(title, person=entity == "user")
    return (
        f'<a class="ref" dir="auto" href="/app/{entity}/{value["id"]}"{hint(title)}>{badge}'
        f"<span>{escape(title)}</span></a>"
    )


class LinkWidget(Widget):
    """A link, found by typing a part of the other record's title."""

    template: ClassVar[str] = "widgets/link.html"

    @property
    def to(self) -> str:
        """Return the name of the entity that is linked to."""
        return self.field.type.to if isinstance(self.field.type, LinkType) else ""

    def entered(self, value: Any, reader: Reader) -> str:
        del reader
        return str(value["id"]) if value else ""

    def words(self, value: Any, reader: Reader) -> str:
        del reader
        return self.title(value)

    def title(self, value: Mapping[str, Any] | None) -> str:
        """Return the linked record's title, or what stands for one that may not be read."""
        if not value:
            return ""
        return str(value.get("title") or self.translate(UNREADABLE))

    def display(self, value: Any, reader: Reader) -> str:
        del reader
        if not value:
            return ""
        return shown_link(self.to, value, self.title(value))
