"""The documents of one name, layer upon layer, to one document that knows where it came from."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeAlias

from loomwork.catalog.documents import Document
from loomwork.catalog.lists import is_list_patch, patched, reordered
from loomwork.catalog.provenance import Hidden, Origin, Path, Trail
from loomwork.errors import N_

IDENTITY = frozenset({"$schema", "kind", "name", "extends"})
"""What says which document a patch is for; it is not merged."""
ORDERED = (
    *("tabs", "sections", "items", "states", "steps", "widgets", "clocks", "group"),
    *("measures", "options", "fields", "columns", "parameters"),
)
"""Objects of names: an ``order`` beside several of them is the first one's."""
REPLACE = "$replace"

Note: TypeAlias = Callable[[Origin, str, str, dict[str, Any]], None]
"""Takes what cannot be merged as it says: where, code, sentence, context."""
Part: TypeAlias = tuple[Any, Trail]


@dataclass(frozen=True, kw_only=True)
class FoldedDocument:
    """One document as all layers together make it; ``parts`` are theirs, the lowest first."""

    kind: str
    name: str
    body: dict[str, Any]
    trail: Trail
    parts: tuple[Document, ...]

    @property
    def pack(self) -> str:
        """Return the layer that defines the document."""
        return self.parts[0].pack

    layer = pack

    @property
    def file(self) -> str:
        """Return the file that defines the document, within its layer."""
        return self.parts[0].file

    @cached_property
    def text(self) -> str:
        """Return the document as JSON."""
        if len(self.parts) == 1:
            return self.parts[0].text
        return json.dumps(self.body, ensure_ascii=False)

    @cached_property
    def hash(self) -> str:
        """Return the hash of the parts: it is the same for the same texts of the same layers."""
        digest = hashlib.sha256()
        for part in self.parts:
            digest.update(f"{part.pack}\0{part.file}\0{part.hash}\n".encode())
        return digest.hexdigest()

    def origin(self, path: Sequence[object]) -> Origin:
        """Return the layer, the file and the place in it that set what is at ``path``."""
        return self.trail.along(tuple(path)).origin

    def cause(self, path: Sequence[object]) -> Origin:
        """Return the place to blame for what is wrong at ``path``.

        Of an object as a whole that is the highest change in it: without that it was well.
        """
        trail = self.trail.along(tuple(path))
        return cause_in(trail, self.parts).origin

    def hidden(self, path: Sequence[object]) -> tuple[Hidden, ...]:
        """Return what lower layers said at ``path``, the highest of them first."""
        found: list[Hidden] = []
        for one in self.trail.hidden(tuple(path)):
            if one.origin not in (before.origin for before in found):
                found.append(one)
        return tuple(found)


def cause_in(trail: Trail, parts: Sequence[Document]) -> Trail:
    """Return the highest of the changes below ``trail``, or the trail itself."""
    if len(parts) < 2:
        return trail
    found = sorted(trail.changes(), key=lambda change: -parts.index(change.document))
    return found[0] if found else trail


def defined_by(document: Document, body: Any, trail: Trail, note: Note) -> FoldedDocument:
    """Return a document that nothing has changed yet; ``body`` is what is sound of it."""
    if '"order"' in document.text:
        body, trail = _in_order(body, trail, note)
    return FoldedDocument(
        kind=document.kind, name=document.name, body=body, trail=trail, parts=(document,)
    )


def extended(below: FoldedDocument, document: Document, part: Part, note: Note) -> FoldedDocument:
    """Return ``below`` with a patch over it: RFC 7396, and patches of lists and orders."""
    patch, trail = part
    changes = {key: value for key, value in patch.items() if key not in IDENTITY}
    body, made = _merged((below.body, below.trail), (changes, trail), note)
    return replace(below, body=body, trail=made, parts=(*below.parts, document))


def _merged(below: Part, patch: Part, note: Note) -> tuple[dict[str, Any], Trail]:
    (value, trail), (changes, source) = below, patch
    result = dict(value)
    members = dict(trail.members)
    order: Part | None = None
    for key, change in changes.items():
        place = source.at(key)
        if key == "order" and (isinstance(change, list) or is_list_patch(change)):
            order = (change, place)
            continue
        before = (trail.at(key), value[key]) if key in value else None
        if change is None:
            if before is not None:
                del result[key]
                members[key] = place.covering(*before)
            continue
        result[key], members[key] = _changed(before, (change, place), note)
    made = replace(trail, members=members)
    if order is None and isinstance(result.get("order"), list) and _main(result):
        # It was written before there was anything to put in order.
        order = (result["order"], made.at("order"))
    return (result, made) if order is None else _ordered(result, made, order, note)


def _changed(before: tuple[Trail, Any] | None, patch: Part, note: Note) -> Part:
    """Return what becomes of one member; ``before`` is None where it is new."""
    change, place = patch
    trail, value = before or (None, None)
    if not isinstance(change, dict):
        return change, place.covering(trail, value)
    if change.keys() == {REPLACE}:
        return change[REPLACE], place.at(REPLACE).covering(trail, value)
    if is_list_patch(change):
        return _list(before, patch, note)
    if trail is not None and isinstance(value, dict):
        return _merged((value, trail), patch, note)
    # What is new cannot remove anything, says RFC 7396: its nulls fall out.
    made, fresh = _merged(({}, place), patch, note)
    return made, fresh.covering(trail, value)


def _list(before: tuple[Trail, Any] | None, patch: Part, note: Note) -> Part:
    change, place = patch
    trail, value = before or (None, [])
    if not isinstance(value, list):
        text = N_("This is no list, so nothing can be added to it or removed from it.")
        note(place.origin, "not_a_list", text, {})
        return value, trail or place
    items, lost = patched(value, change)
    for path in lost:
        _lost_anchor(place, path, note)
    members: dict[object, Trail] = {}
    for position, item in enumerate(items):
        if item.path is not None:
            members[position] = place.along(item.path)
        elif trail is not None:
            members[position] = trail.at(item.position)
    made = replace(place, members=members).covering(trail, value)
    return [item.value for item in items], made


def _lost_anchor(place: Trail, path: Path, note: Note) -> None:
    text = N_("There is no “{anchor}” to stand beside; the names are added at the end.")
    note(place.along(path).origin, "no_anchor", text, {"anchor": path[-1]})


def _ordered(result: dict[str, Any], trail: Trail, order: Part, note: Note) -> Part:
    """Bring the object of names that the order is for into it."""
    wanted, place = order
    main = _main(result)
    if main is None:
        # Left where it stands, for the schema to refuse.
        return {**result, "order": wanted}, replace(
            trail, members={**trail.members, "order": place}
        )
    names = list(result[main])
    paths: list[Path] = [(position,) for position in range(len(wanted))]
    if isinstance(wanted, dict):
        items, lost = patched(names, wanted)
        for path in lost:
            _lost_anchor(place, path, note)
        wanted, paths = [item.value for item in items], [item.path or () for item in items]
    for name, path in zip(wanted, paths, strict=True):
        if name not in names:
            text = N_("There is no “{name}” that could be put in order.")
            note(place.along(path).origin, "unknown_in_order", text, {"name": name})
    inside = result[main]
    result = {**result, main: {name: inside[name] for name in reordered(names, wanted)}}
    result.pop("order", None)
    return result, replace(trail, members={**trail.members, "order": place})


def _main(result: dict[str, Any]) -> str | None:
    return next((key for key in ORDERED if isinstance(result.get(key), dict)), None)


def _in_order(value: Any, trail: Trail, note: Note) -> Part:
    """Apply every order of names that a definition itself writes."""
    if not isinstance(value, dict):
        return value, trail
    result, members = dict(value), dict(trail.members)
    for key, inner in value.items():
        made, path = _in_order(inner, trail.at(key), note)
        result[key] = made
        if path.members:
            members[key] = path
    made_trail = replace(trail, members=members)
    if isinstance(order := result.get("order"), list):
        return _ordered(result, made_trail, (order, trail.at("order")), note)
    return result, made_trail


def without(part: Part, path: Path) -> Part:
    """Return the part without what is at ``path``, which is not empty; the rest keeps its place."""
    value, trail = part
    key, rest = path[0], path[1:]
    members = dict(trail.members)
    if rest:
        inside, members[key] = without((value[key], trail.at(key)), rest)
        changed: Any = list(value) if isinstance(value, list) else dict(value)
        changed[key] = inside
    elif isinstance(value, list):
        kept = [position for position in range(len(value)) if position != key]
        changed = [value[position] for position in kept]
        members = {new: trail.at(old) for new, old in enumerate(kept)}
    else:
        changed = {name: inner for name, inner in value.items() if name != key}
    return changed, replace(trail, members=members)
