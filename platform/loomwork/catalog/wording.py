"""The texts of documents of which nothing is built yet: they can be translated already."""

from collections.abc import Iterator
from typing import Any

from loomwork.catalog.folding import FoldedDocument
from loomwork.catalog.texts import Translations

KEYS = (
    *("label", "help", "plural", "message", "title", "description"),
    *("subject", "body", "consent", "thanks"),
)
"""What people read, wherever it stands."""


def note_texts(document: FoldedDocument, texts: Translations) -> None:
    """Ask for every text that the document has or could have."""
    address = f"{document.kind}/{document.name}#"
    for place in _objects(document.body):
        for key in KEYS:
            texts.text("/".join((address, *place, key)), "")


def _objects(value: dict[str, Any], place: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield place
    for key, inner in value.items():
        if isinstance(inner, dict):
            yield from _objects(inner, (*place, key))
