"""Where the parts of a document come from, as plain data for people and programs."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from loomwork.catalog.folding import FoldedDocument
from loomwork.catalog.provenance import Path, leaves
from loomwork.catalog.schema_check import nearest, pointer
from loomwork.catalog.sound import path_in


def origins_in(document: FoldedDocument, place: str = "") -> Iterator[dict[str, Any]]:
    """Yield the origin of everything at or below the pointer ``place``, with what it hides.

    What a layer removed, or said of the order alone, is told where it says so. Nothing comes of a
    pointer that leads nowhere.
    """
    path = path_in(document.body, place)
    if pointer(path) != place:
        yield from _said_only(document, path, place)
        return
    value: Any = document.body
    for key in path:
        value = value[key]
    for leaf, said in leaves(value, path):
        origin = document.origin(leaf)
        hidden = [{"value": one.value, **asdict(one.origin)} for one in document.hidden(leaf)]
        yield {"at": pointer(leaf), "value": said, **asdict(origin), "hidden": hidden}


def _said_only(document: FoldedDocument, path: Path, place: str) -> Iterator[dict[str, Any]]:
    """Yield what a layer says at ``place``, below ``path``, and the folded document has not."""
    key = place.removeprefix(pointer(path)).split("/")[1].replace("~1", "/").replace("~0", "~")
    trail = document.trail.along(path).members.get(key)
    if trail is None:
        return
    value: Any = trail.document.body
    for part in trail.path:
        value = _inner(value, part)
    here = (*path, key)
    hidden = [{"value": one.value, **asdict(one.origin)} for one in document.hidden(here)]
    found = {"at": pointer(here), "value": value, **asdict(trail.origin), "hidden": hidden}
    yield found if value is not None else {**found, "removed": True}


def _inner(value: Any, key: object) -> Any:
    if isinstance(value, list) and isinstance(key, int) and key < len(value):
        return value[key]
    return value.get(key) if isinstance(value, dict) else None


def nearest_place(document: FoldedDocument, place: str) -> str:
    """Return the pointer into the document that ``place`` was probably meant to be, or nothing."""
    path = path_in(document.body, place)
    wrong = place.removeprefix(pointer(path)).split("/")[1:2]
    inside: Any = document.body
    for key in path:
        inside = inside[key]
    hint = nearest(wrong[0], inside) if wrong and isinstance(inside, dict) else ""
    rest = place.removeprefix(pointer(path)).split("/")[2:]
    return "/".join((pointer((*path, hint)), *rest)) if hint else ""


def origins_by_pointer(document: FoldedDocument) -> Mapping[str, dict[str, Any]]:
    """Return the origin of every leaf by its pointer in the folded document."""
    return {
        one["at"]: {key: one[key] for key in ("layer", "version", "file", "pointer", "hidden")}
        for one in origins_in(document)
    }
