"""Texts that a layer writes into a document of another language: they are translations of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from loomwork.catalog.folding import FoldedDocument
from loomwork.catalog.lists import is_list_patch
from loomwork.catalog.provenance import Trail
from loomwork.catalog.schema_check import pointer

TEXTS = frozenset(
    ("label", "help", "plural", "message", "title", "subject", "body", "consent", "thanks")
)
"""What people read, where a document writes it."""
NO_TEXTS = frozenset({"fill", "values", "grants", "completeness", "compare"})
"""Objects whose keys are names of fields, which may be called like a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """A text at an address (``entity/account#/label``) in the language of the layer that has it."""

    address: str
    language: str
    text: str
    layer: str


def split(
    below: FoldedDocument, patch: Mapping[str, Any], layer: str, languages: Mapping[str, str]
) -> tuple[dict[str, Any], tuple[Translated, ...]]:
    """Return the patch without the texts that only translate what lies below, and these texts.

    What the patch itself brings is written in its own language. The site has none: what it says
    holds as it says it.
    """
    splitting = _Splitting(f"{below.kind}/{below.name}#", layer, languages)
    if not languages.get(layer):
        return dict(patch), ()
    kept = splitting.kept(patch, below.body, below.trail, ())
    return kept, tuple(splitting.found)


class _Splitting:
    def __init__(self, address: str, layer: str, languages: Mapping[str, str]) -> None:
        self._address = address
        self._layer = layer
        self._languages = languages
        self.found: list[Translated] = []

    def kept(
        self, patch: Mapping[str, Any], body: Mapping[str, Any], trail: Trail, path: tuple[str, ...]
    ) -> dict[str, Any]:
        own = self._languages[self._layer]
        source = self._languages.get(trail.document.pack)
        result = dict(patch)
        for key, change in patch.items():
            here, inside = (*path, key), body.get(key)
            if key in TEXTS and isinstance(change, str) and source and source != own:
                del result[key]
                address = self._address + pointer(here)
                self.found.append(
                    Translated(address=address, language=own, text=change, layer=self._layer)
                )
            elif (
                isinstance(change, dict)
                and isinstance(inside, dict)
                and key not in NO_TEXTS
                and not is_list_patch(change)
            ):
                result[key] = self.kept(change, inside, trail.at(key), here)
        return result
