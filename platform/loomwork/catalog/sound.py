"""Documents without the parts whose shape is broken, so that the rest can still be checked."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from loomwork.catalog.documents import Document
from loomwork.catalog.folding import Part, cause_in, without
from loomwork.catalog.overriding import NAMED
from loomwork.catalog.provenance import Path
from loomwork.catalog.schema_words import pointer as pointer_of
from loomwork.errors import Problem

IDENTITY = frozenset({"kind", "name", "extends"})
"""Where these are broken, nothing can be said of the document."""
STAND_INS = {"must": "True"}
"""Stands for a missing key, so that its neighbours are still checked."""
DEFINING = NAMED | {"settings", "values"}
"""Objects whose keys are names that others may refer to."""

Verdict = Callable[[Document], list[Problem]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """What is left of a document, None if nothing is, with what was wrong.

    ``lost`` holds the names that went with the broken parts: whoever refers to them is not wrong.
    ``places`` are the pointers of these parts.
    """

    part: Part | None
    problems: tuple[Problem, ...] = ()
    lost: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()


def sound_part(
    document: Document, part: Part, verdict: Verdict, parts: Sequence[Document] = ()
) -> Sound:
    """Return the part of ``document`` that ``verdict`` has nothing against.

    Every problem is placed at the file, one of ``parts``, that brought what it is about.
    """
    problems = verdict(replace(document, body=part[0]))
    told = tuple(_placed(problem, part, parts) for problem in problems)
    lost: set[str] = set()
    places: set[str] = set()
    while problems:
        part, paths = _completed(part, problems)
        if any(not path or path[0] in IDENTITY for path in paths):
            lost |= {document.name, *_names_in(document.kind, part[0], ())}
            return Sound(
                part=None, problems=told, lost=frozenset(lost), places=frozenset((*places, ""))
            )
        for path in sorted(paths, key=_order, reverse=True):
            lost.update(_names(document.kind, part[0], path))
            places.add(pointer_of(path))
            part = without(part, path)
        problems = verdict(replace(document, body=part[0]))
    return Sound(part=part, problems=told, lost=frozenset(lost), places=frozenset(places))


def _completed(part: Part, problems: Sequence[Problem]) -> tuple[Part, set[Path]]:
    """Return the part with stand-ins for missing keys, and the paths of what is broken beyond."""
    body, trail = part
    paths: set[Path] = set()
    for problem in problems:
        path, key = path_in(body, problem.pointer), problem.context.get("key")
        if path and problem.code == "missing_key" and key in STAND_INS:
            body = _with(body, (*path, key), STAND_INS[key])
        else:
            paths.add(path)
    return (body, trail), paths


def _with(body: Any, path: Path, value: str) -> Any:
    inner = _with(body[path[0]], path[1:], value) if path[1:] else value
    if isinstance(body, list):
        return [inner if place == path[0] else item for place, item in enumerate(body)]
    return {**body, path[0]: inner}


def _placed(problem: Problem, part: Part, parts: Sequence[Document]) -> Problem:
    body, trail = part
    known, rest = _known_path(body, problem.pointer)
    origin = cause_in(trail.along((*known, *rest)), parts).origin
    return replace(problem, file=origin.file, pointer=origin.pointer)


def path_in(body: Any, pointer: str) -> Path:
    """Return the path of a pointer, as far as there is something in ``body``."""
    return _known_path(body, pointer)[0]


def _known_path(body: Any, pointer: str) -> tuple[Path, Path]:
    keys = [key.replace("~1", "/").replace("~0", "~") for key in pointer.split("/")[1:]]
    path: list[object] = []
    for place, key in enumerate(keys):
        if isinstance(body, list) and key.isdecimal() and int(key) < len(body):
            path.append(int(key))
            body = body[int(key)]
        elif isinstance(body, dict) and key in body:
            path.append(key)
            body = body[key]
        else:
            return tuple(path), tuple(keys[place:])
    return tuple(path), ()


def _order(path: Path) -> list[tuple[bool, int, str]]:
    """Sort so that what is removed first, from the end, does not move what is removed later."""
    return [(isinstance(key, int), key if isinstance(key, int) else 0, str(key)) for key in path]


def _names(kind: str, body: Any, path: Path) -> Iterator[str]:
    """Yield the names that are defined at and below ``path``."""
    for key in path:
        body = body[key]
    if _defines(kind, path[:-1]) or (path[-1] == "inverse" and isinstance(body, str)):
        yield str(path[-1] if path[-1] != "inverse" else body)
    yield from _names_in(kind, body, path)


def _names_in(kind: str, value: Any, path: Path) -> Iterator[str]:
    if not isinstance(value, dict):
        return
    if _defines(kind, path):
        yield from value
    if isinstance(value.get("inverse"), str):
        yield value["inverse"]
    for key, inner in value.items():
        yield from _names_in(kind, inner, (*path, key))


def _defines(kind: str, path: Path) -> bool:
    if not path:
        return False
    return path[-1] in DEFINING or (kind == "entity" and path == ("fields",))
