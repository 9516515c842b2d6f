"""Texts that people read, in the languages they were written and translated in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Text:
    """A label or message: as its pack wrote it, and its translations by locale (``zh_CN``)."""

    source: str
    translations: Mapping[str, str] = field(default_factory=dict)

    def to(self, locale: str) -> str:
        """Return the text in ``locale``, or as its pack wrote it."""
        return self.translations.get(locale, self.source)


Texts: TypeAlias = Callable[[str, str], Text]
"""Gives the text at a pointer below a definition (``options/new/label``), with translations."""


@dataclass(frozen=True, slots=True)
class TextList:
    """Several texts, which are shown with commas between them."""

    items: tuple[Text, ...]

    def to(self, locale: str) -> str:
        """Return the texts in ``locale``."""
        return ", ".join(item.to(locale) for item in self.items)


def label_from_name(name: str) -> str:
    """Return the label that a name reads as: ``close_date`` becomes ``Close date``."""
    return name.replace("_", " ").capitalize()
