"""Text with headings, lists, links and emphasis."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any, ClassVar, Self

import nh3

from loomwork.errors import N_
from loomwork.model.field_type import FieldType, refuse
from loomwork.model.kinds import Kind
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.text import Texts
from loomwork.model.types.text import clean

LONGEST = 50_000
ALLOWED = """
p br h1 h2 h3 h4 strong b em i u s sub sup code pre blockquote ul ol li a hr
table thead tbody tr th td
"""
TAGS = frozenset(ALLOWED.split())
ATTRIBUTES: Mapping[str, set[str]] = {
    "a": {"href", "title"},
    "ol": {"start"},
    "th": {"colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
}
SCHEMES = frozenset(("http", "https", "mailto", "tel"))
RELATION = "noopener noreferrer nofollow"
STABLE_AFTER = 4
"""Rounds after which a text that changes each time it is read is no text of anybody's."""
NOT_STABLE = N_("The text has markup that cannot be read in one way only.")
BREAKS = re.compile(r"<(?:br|/p|/h[1-4]|/li|/tr|/blockquote|/pre|hr)\b[^>]*>", re.IGNORECASE)
CELLS = re.compile(r"</t[hd]>", re.IGNORECASE)
TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class RichTextType(FieldType):
    """HTML from which everything was removed that could run, load or frame something.

    It is cleaned before it is stored, so that whatever reads the database gets safe text;
    ``max_length`` counts what is stored, markup included.
    """

    name: ClassVar[str] = "rich_text"
    kind: ClassVar[Kind] = Kind.TEXT
    filter_operators: ClassVar[tuple[str, ...]] = ("==", "!=", "is None")
    sortable: ClassVar[bool] = False

    max_length: int = LONGEST

    @classmethod
    def from_document(cls, settings: Mapping[str, Any], texts: Texts) -> Self:
        del texts
        return cls(max_length=settings.get("max_length", LONGEST))

    @property
    def storage(self) -> Storage:
        return Storage(kind=StorageKind.TEXT)

    def parse(self, value: object) -> object:
        if isinstance(value, str):
            value = value.replace("\r\n", "\n").replace("\r", "\n").strip()
        text = clean(value, longest=2 * self.max_length)
        if text is None:
            return None
        text = safe(text)
        if TAG.search(text) is None:
            # Plain text keeps its lines, which mean nothing in HTML.
            text = text.replace("\n", "<br>")
        return clean(text, longest=self.max_length)

    def sample(self, source: random.Random) -> object:
        return f"<p>A <strong>bold</strong> word.</p><ul><li>{source.randrange(100)}</li></ul>"

    def plain(self, value: Any) -> str:
        return plain_text(str(value))


def safe(text: str) -> str:
    """Return HTML with nothing but ``TAGS``; empty where nothing of it is left to be seen."""
    for _ in range(STABLE_AFTER):
        cleaned = nh3.clean(
            text,
            tags=set(TAGS),
            attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
            url_schemes=set(SCHEMES),
            link_rel=RELATION,
        ).strip()
        if cleaned == text:
            return text if "<hr" in text or plain_text(text) else ""
        text = cleaned
    raise refuse("not_stable", NOT_STABLE)


def plain_text(text: str) -> str:
    """Return the words of safe HTML, a line for each paragraph, item and row."""
    lines = TAG.sub("", CELLS.sub(" ", BREAKS.sub("\n", text))).split("\n")
    return "\n".join(line for line in (unescape(one).strip() for one in lines) if line)
