"""Translations of documents: texts by address (``entity/opportunity#/fields/amount/label``)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from loomwork.catalog.folding import FoldedDocument
from loomwork.catalog.translated import Translated
from loomwork.model.text import Text, Texts

ByAddress: TypeAlias = dict[str, dict[str, str]]


class Translations:
    """All translated texts, and which addresses were asked for."""

    def __init__(
        self,
        documents: Iterable[FoldedDocument],
        patches: Iterable[Translated] = (),
        layers: Sequence[str] = (),
    ) -> None:
        self._documents = tuple(documents)
        self._texts: dict[str, ByAddress] = {}
        self._asked: dict[str, set[str]] = {}
        for document in self._documents:
            for address, text in document.body["texts"].items():
                same = self._texts.setdefault(_document(address), {})
                same.setdefault(address, {})[document.name] = text
        for patch in patches:
            self._add(patch, layers)

    def _add(self, patch: Translated, layers: Sequence[str]) -> None:
        """Take over what a patch translates, unless a layer that is as high or higher does."""
        for document in self._documents:
            if document.name == patch.language and patch.address in document.body["texts"]:
                other = document.origin(("texts", patch.address)).layer
                if layers.index(other) >= layers.index(patch.layer):
                    return
        same = self._texts.setdefault(_document(patch.address), {})
        same.setdefault(patch.address, {})[patch.language] = patch.text

    def text(self, address: str, source: str) -> Text:
        """Return the text at ``address``, which its pack wrote as ``source``."""
        place = _document(address)
        self._asked.setdefault(place, set()).add(address)
        return Text(source, self._texts.get(place, {}).get(address, {}))

    def below(self, address: str) -> Texts:
        """Return the texts whose addresses begin with ``address`` and a slash."""
        return lambda pointer, source: self.text(f"{address}/{pointer}", source)

    def of(self, document: str) -> Mapping[str, Mapping[str, str]]:
        """Return every text of one document, given as ``entity/opportunity``."""
        return self._texts.get(document, {})

    def asked(self, document: str) -> frozenset[str]:
        """Return the addresses of a document that were asked for."""
        return frozenset(self._asked.get(document, ()))

    def mark(self, document: str, addresses: Iterable[str]) -> None:
        """Take note that these addresses are asked for."""
        self._asked.setdefault(document, set()).update(addresses)

    def unused(self) -> list[tuple[FoldedDocument, str]]:
        """Return the addresses that no definition asked for, each with its document."""
        return [
            (document, address)
            for document in self._documents
            for address in document.body["texts"]
            if address not in self._asked.get(_document(address), ())
        ]


def _document(address: str) -> str:
    return address.partition("#")[0]
