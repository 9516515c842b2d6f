"""What leads to somebody: e-mail addresses, telephone numbers, pages."""

from typing import Any, ClassVar
from urllib.parse import quote, urlsplit, urlunsplit

from markupsafe import Markup, escape

from loomwork.errors import N_
from loomwork.model.types.phone import EXTENSION, shown
from loomwork.model.types.url import SCHEMES, shown_host, with_scheme
from loomwork_ui.reader import Reader
from loomwork_ui.widgets.base import LONG, Form
from loomwork_ui.widgets.text import TextWidget

LINK = Markup('<a class="out" dir="ltr" href="{}"{}>{}</a>')
ELSEWHERE = Markup(' rel="noopener noreferrer nofollow" target="_blank" title="{}"')
PLAIN = Markup('<span dir="ltr">{}</span>')
SHOWN = 60
"""Characters of an address that a page shows; the whole one is the link's."""


class ContactWidget(TextWidget):
    """A line of text with the keyboard that fits what is typed."""

    template: ClassVar[str] = "widgets/contact.html"
    keyboard: ClassVar[str] = "text"
    example: ClassVar[str] = ""

    @property
    def placeholder(self) -> str:
        """Return an example of what is wanted, shown as long as nothing is typed."""
        return self.translate(self.example) if self.example else ""

    def cell(self, value: Any, reader: Reader) -> str:
        return self.display(value, reader)


class EmailWidget(ContactWidget):
    """An e-mail address that opens the reader's mail program."""

    keyboard: ClassVar[str] = "email"
    example: ClassVar[str] = N_("name@example.com")

    def display(self, value: Any, reader: Reader) -> str:
        del reader
        if value is None:
            return ""
        return LINK.format(f"mailto:{quote(str(value), safe='@')}", "", value)


class PhoneWidget(ContactWidget):
    """A telephone number, written as people do, that a telephone can call."""

    keyboard: ClassVar[str] = "tel"
    example: ClassVar[str] = N_("+49 30 901820")

    def entered(self, value: Any, reader: Reader) -> str:
        return self.words(value, reader)

    def words(self, value: Any, reader: Reader) -> str:
        del reader
        return "" if value is None else shown(str(value))

    def display(self, value: Any, reader: Reader) -> str:
        if value is None:
            return ""
        number = str(value).split(EXTENSION, maxsplit=1)
        # What was kept before the field was one of numbers may be any text.
        if not number[0].removeprefix("+").isdecimal():
            return PLAIN.format(value)
        return LINK.format(f"tel:{value}", "", self.words(value, reader))


class UrlWidget(ContactWidget):
    """The address of a page, opened beside this one; it says which host it leads to."""

    keyboard: ClassVar[str] = "url"
    example: ClassVar[str] = N_("https://example.com")

    def parse(self, form: Form, reader: Reader) -> object:
        del reader
        return with_scheme(form.get(self.field.name, ""))

    def entered(self, value: Any, reader: Reader) -> str:
        return self.words(value, reader)

    def words(self, value: Any, reader: Reader) -> str:
        del reader
        return "" if value is None else _readable(str(value))

    def display(self, value: Any, reader: Reader) -> str:
        if value is None:
            return ""
        if urlsplit(str(value)).scheme not in SCHEMES:
            return str(escape(value))
        words = self.words(value, reader).removeprefix("https://").removesuffix("/")
        short = words if len(words) <= SHOWN else f"{words[:SHOWN]}…"
        return LINK.format(value, ELSEWHERE.format(value), short)

    def cell(self, value: Any, reader: Reader) -> str:
        if value is None or urlsplit(str(value)).scheme not in SCHEMES:
            return super().cell(value, reader)
        host = shown_host(urlsplit(str(value)).hostname or "").removeprefix("www.")
        short = host if len(host) <= LONG * 2 else f"{host[: LONG * 2]}…"
        return LINK.format(value, ELSEWHERE.format(value), short)


def _readable(address: str) -> str:
    """Return an address with its host in its own script where that cannot deceive."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        netloc = parts.netloc.replace(host, shown_host(host))
    except ValueError:
        return address
    return urlunsplit(parts._replace(netloc=netloc))
