"""What a layer may change of what lies below it, and where two layers cannot both have it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from loomwork.catalog.documents import SITE
from loomwork.catalog.folding import IDENTITY, REPLACE, FoldedDocument
from loomwork.catalog.layers import Layer
from loomwork.catalog.lists import is_list_patch
from loomwork.catalog.provenance import Path, Trail
from loomwork.errors import N_, Problem

NAMED = frozenset(
    (
        *("unique", "indexes", "checks", "options", "tabs", "sections", "items", "states"),
        *("transitions", "steps", "clocks", "closed", "open", "group", "measures", "parameters"),
        *("widgets", "highlight", "do", "late", "ask"),
    )
)
"""Objects of names that a document gives; ``fields`` is one too, at the top of an entity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that a patch does: at ``path`` of the document, written at ``trail``.

    ``whole`` says that everything at the path is set; otherwise ``value`` is what happens to one
    name of a list there.
    """

    path: Path
    value: Any
    trail: Trail


def changes_of(patch: Mapping[str, Any], trail: Trail) -> Iterator[Change]:
    """Yield everything that a patch changes, each once."""
    for key, value in patch.items():
        if key not in IDENTITY:
            yield from _changes(value, (key,), trail.at(key))


def _changes(value: Any, path: Path, trail: Trail) -> Iterator[Change]:
    if is_list_patch(value):
        for word, inner in value.items():
            yield from _list_changes(word, inner, path, trail.at(word))
    elif isinstance(value, dict) and value and value.keys() != {REPLACE}:
        for key, inner in value.items():
            yield from _changes(inner, (*path, key), trail.at(key))
    else:
        yield Change(path=path, value=value, trail=trail)


def _list_changes(word: str, inner: Any, path: Path, trail: Trail) -> Iterator[Change]:
    if isinstance(inner, dict):
        for anchor, names in inner.items():
            for place, name in enumerate(names):
                where = trail.at(anchor).at(place)
                yield Change(path=(*path, f"[{name}]"), value=(word, anchor), trail=where)
    else:
        for place, name in enumerate(inner):
            yield Change(path=(*path, f"[{name}]"), value=(word,), trail=trail.at(place))


def misnamed(
    below: FoldedDocument, patch: Mapping[str, Any], trail: Trail, layer: Layer
) -> Iterator[tuple[Trail, Problem]]:
    """Yield the names that the layer gives in another's document without its own prefix."""
    prefix = "x_" if layer.name == SITE else f"{layer.name}_"
    own = layer.name == below.pack
    for place, name in _added(below.body, patch, trail, named=False, top=below.kind):
        if not own and not name.startswith(prefix):
            text = N_(
                "What “{layer}” adds to a document of “{owner}” has a name that begins with"
                " “{prefix}”: for example “{example}”."
            )
            context = {
                "layer": layer.name,
                "owner": below.pack,
                "prefix": prefix,
                "example": f"{prefix}{name}",
            }
            yield place, Problem(code="name_without_prefix", text=text, context=context)


def _added(
    below: Any, patch: Mapping[str, Any], trail: Trail, *, named: bool, top: str = ""
) -> Iterator[tuple[Trail, str]]:
    """Yield the new names in the objects of names; what is inside a new one is its own affair."""
    for key, change in patch.items():
        present = isinstance(below, dict) and key in below
        if named and not present:
            if change is not None:
                yield trail.at(key), key
            continue
        inner, place = change, trail.at(key)
        if isinstance(change, dict) and change.keys() == {REPLACE}:
            inner, place = change[REPLACE], place.at(REPLACE)
        if isinstance(inner, dict) and not is_list_patch(inner):
            names = not named and (key in NAMED or (key == "fields" and top == "entity"))
            yield from _added(below[key] if present else {}, inner, place, named=names)


def clash(own: Iterable[Change], others: Iterable[Change]) -> Iterator[tuple[Change, Change]]:
    """Yield what two patches that do not know each other both set, and not to the same."""
    theirs = list(others)
    by_path = {change.path: change for change in theirs}
    for change in own:
        for other in _meeting(change, by_path, theirs):
            if other.path != change.path or not _alike(change.value, other.value):
                yield change, other
                break


def _meeting(
    change: Change, by_path: Mapping[Path, Change], theirs: list[Change]
) -> Iterator[Change]:
    for length in range(1, len(change.path) + 1):
        if found := by_path.get(change.path[:length]):
            yield found
    depth = len(change.path)
    yield from (one for one in theirs if len(one.path) > depth and one.path[:depth] == change.path)


def _alike(one: Any, other: Any) -> bool:
    return repr(one) == repr(other)


def touches(change: Change, locked: Path, before: Any) -> bool:
    """Tell whether a change alters what is at or below the path ``locked``.

    ``before`` is what stands at the change's own path; setting that again alters nothing.
    """
    shorter = min(len(change.path), len(locked))
    return change.path[:shorter] == locked[:shorter] and not _alike(change.value, before)


def at(value: Any, path: Path) -> Any:
    """Return what stands at ``path`` in a document, None where nothing does."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def read_address(address: str) -> tuple[str, str, Path]:
    """Return kind, name and path of an address like ``entity/opportunity#/fields/number``."""
    document, _, place = address.partition("#")
    kind, _, name = document.partition("/")
    parts = place.split("/")[1:] if place else []
    return kind, name, tuple(part.replace("~1", "/").replace("~0", "~") for part in parts)
