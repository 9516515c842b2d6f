"""Translations of documents: texts by address (``entity/opportunity#/fields/amount/label``)."""

from collections.abc import Iterable

from loomwork.catalog.documents import Document
from loomwork.model.text import Text, Texts


class Translations:
    """All translated texts, and which addresses were asked for."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._texts: dict[str, dict[str, str]] = {}
        self.places: list[tuple[Document, str]] = []
        self.used: set[str] = set()
        for document in documents:
            for address, text in document.body["texts"].items():
                self._texts.setdefault(address, {})[document.name] = text
                self.places.append((document, address))

    def text(self, address: str, source: str) -> Text:
        """Return the text at ``address``, which its pack wrote as ``source``."""
        self.used.add(address)
        return Text(source, self._texts.get(address, {}))

    def below(self, address: str) -> Texts:
        """Return the texts whose addresses begin with ``address`` and a slash."""
        return lambda pointer, source: self.text(f"{address}/{pointer}", source)

    def unused(self) -> list[tuple[Document, str]]:
        """Return the addresses that no definition asked for, each with its document."""
        return [place for place in self.places if place[1] not in self.used]
