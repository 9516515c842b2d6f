"""Lists of names that a layer changes: what it adds, removes and moves; and orders of names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from loomwork.catalog.provenance import Path

OPERATIONS = ("$add", "$remove", "$before", "$after")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item of a list; ``path`` leads to it in the patch, and is None for what was there."""

    value: Any
    path: Path | None = None
    position: int = -1


def is_list_patch(value: object) -> bool:
    """Tell whether ``value`` says how to change a list."""
    return isinstance(value, dict) and bool(value) and all(key in OPERATIONS for key in value)


def patched(items: Sequence[Any], patch: Mapping[str, Any]) -> tuple[list[Item], list[Path]]:
    """Return the changed list, and the places in the patch whose anchor is missing.

    Removing comes first, then adding, then placing. What is placed and stands in the list already
    is moved; beside a missing anchor stands nothing, so it is appended.
    """
    removed = patch.get("$remove", ())
    found = [
        Item(value=value, position=position)
        for position, value in enumerate(items)
        if not _among(value, removed)
    ]
    for position, value in enumerate(patch.get("$add", ())):
        if not _among(value, (item.value for item in found)):
            found.append(Item(value=value, path=("$add", position)))
    waiting = [
        (word, anchor, values)
        for word in ("$before", "$after")
        for anchor, values in patch.get(word, {}).items()
    ]
    while waiting:
        ready = [one for one in waiting if _among(one[1], (item.value for item in found))]
        if not ready:
            break
        for one in ready:
            _place(found, *one)
        waiting = [one for one in waiting if one not in ready]
    for word, anchor, values in waiting:
        _append(found, (word, anchor), values)
    return found, [(word, anchor) for word, anchor, _ in waiting]


def _among(value: object, values: Iterable[object]) -> bool:
    return any(_same(value, other) for other in values)


def _same(one: object, other: object) -> bool:
    return type(one) is type(other) and one == other


def _place(items: list[Item], word: str, anchor: str, values: Sequence[Any]) -> None:
    """Put ``values`` next to ``anchor``, in their order; the anchor itself stays where it is."""
    moved: list[Item] = []
    for position, value in enumerate(values):
        if not (_same(value, anchor) or _among(value, (item.value for item in moved))):
            moved.append(_taken(items, value) or Item(value=value, path=(word, anchor, position)))
    place = next(at for at, item in enumerate(items) if _same(item.value, anchor))
    place += word == "$after"
    items[place:place] = moved


def _append(items: list[Item], path: Path, values: Sequence[Any]) -> None:
    for position, value in enumerate(values):
        if not _among(value, (item.value for item in items)):
            items.append(Item(value=value, path=(*path, position)))


def _taken(items: list[Item], value: object) -> Item | None:
    for position, item in enumerate(items):
        if _same(item.value, value):
            return items.pop(position)
    return None


def reordered(names: Sequence[str], wanted: Sequence[Any]) -> list[str]:
    """Return ``names`` with the ``wanted`` ones first; the rest follows as it was."""
    first = [name for name in dict.fromkeys(map(str, wanted)) if name in names]
    return [*first, *(name for name in names if name not in first)]
