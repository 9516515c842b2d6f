"""Where the parts of a document come from, as plain data for people and programs."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from loomwork.catalog.folding import FoldedDocument
from loomwork.catalog.provenance import leaves
from loomwork.catalog.schema_check import pointer
from loomwork.catalog.sound import path_in


def origins_in(document: FoldedDocument, place: str = "") -> Iterator[dict[str, Any]]:
    """Yield the origin of everything at or below the pointer ``place``, with what it hides.

    Nothing comes of a pointer that leads nowhere.
    """
    path = path_in(document.body, place)
    if pointer(path) != place:
        return
    value: Any = document.body
    for key in path:
        value = value[key]
    for leaf, said in leaves(value, path):
        origin = document.origin(leaf)
        hidden = [{"value": one.value, **asdict(one.origin)} for one in document.hidden(leaf)]
        yield {"at": pointer(leaf), "value": said, **asdict(origin), "hidden": hidden}


def origins_by_pointer(document: FoldedDocument) -> Mapping[str, dict[str, Any]]:
    """Return the origin of every leaf by its pointer in the folded document."""
    return {
        one["at"]: {key: one[key] for key in ("layer", "version", "file", "pointer", "hidden")}
        for one in origins_in(document)
    }
