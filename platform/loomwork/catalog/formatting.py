"""The canonical form of documents: keys in the order of their schema, two spaces, UTF-8."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from loomwork.catalog.documents import FOLDERS, KINDS, parse_document, unreadable
from loomwork.errors import Problem
from loomwork_metadata.tree import Place, root

STEP = "  "
REPLACE = "$replace"


class _Number(str):
    """A number as it is written, so that none of its digits is lost."""

    __slots__ = ()


def canonical(text: str) -> str:
    """Return a document in its canonical form; it says just what ``text`` says.

    The names in objects of names stay in the order written, since that means something. What has no
    kind that is known is no document and stays as it is. Raises ValueError for what is not JSON.
    """
    parse_document(text)
    body = json.loads(text, parse_int=_Number, parse_float=_Number)
    if body.get("kind") not in KINDS:
        return text
    return _written(_ordered(body, [root(body["kind"])]), "\n") + "\n"


def read_canonical(path: Path) -> tuple[str, str] | Problem:
    """Return what a file says and its canonical form, or why it cannot be read."""
    try:
        text = path.read_bytes().decode("utf-8")
        return text, canonical(text.removeprefix("\ufeff"))
    except (OSError, ValueError, RecursionError) as error:
        return unreadable(str(path), error)


def documents_below(folder: Path) -> Iterator[Path]:
    """Yield the files in which packs in and below ``folder`` keep documents, in order."""
    for path in sorted(folder.rglob("*.json")):
        inside = path.relative_to(folder).parts
        hidden = any(part.startswith(".") for part in inside)
        placed = path.name == "pack.json" or path.resolve().parent.name in FOLDERS
        if placed and not hidden and not path.is_symlink() and path.is_file():
            yield path


def _ordered(value: Any, places: Sequence[Place]) -> Any:
    if isinstance(value, list):
        inner = [place.below("items") for place in places if "items" in place.schema]
        return [_ordered(item, inner) for item in value]
    if not isinstance(value, dict):
        return value
    described = [inner for place in places for inner in place.describing(value)]
    known = dict.fromkeys(key for place in described for key in place.schema.get("properties", {}))
    rank = {key: position for position, key in enumerate(known)}
    keys = sorted(value, key=lambda key: rank.get(key, len(rank)))
    return {key: _ordered(value[key], _members(key, places, described)) for key in keys}


def _members(key: str, places: Sequence[Place], described: Sequence[Place]) -> Sequence[Place]:
    if key == REPLACE:
        return places
    return [inner for place in described if (inner := place.member(key)) is not None]


def _written(value: Any, line: str) -> str:
    """Return the JSON of ``value``; ``line`` is a line break with what each line begins with."""
    if isinstance(value, _Number):
        return str(value)
    if isinstance(value, dict) and value:
        members = (
            f"{json.dumps(key, ensure_ascii=False)}: {_written(inner, line + STEP)}"
            for key, inner in value.items()
        )
        return f"{{{line}{STEP}" + f",{line}{STEP}".join(members) + f"{line}}}"
    if isinstance(value, list) and value:
        items = (_written(inner, line + STEP) for inner in value)
        return f"[{line}{STEP}" + f",{line}{STEP}".join(items) + f"{line}]"
    return json.dumps(value, ensure_ascii=False)
