"""Documents without the parts whose shape is broken, so that the rest can still be checked."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from loomwork.catalog.documents import Document
from loomwork.catalog.folding import Part, cause_in, without
from loomwork.catalog.provenance import Path
from loomwork.errors import Problem

IDENTITY = frozenset({"kind", "name", "extends"})
"""Where these are broken, nothing can be said of the document."""

Verdict = Callable[[Document], list[Problem]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """What is left of a document, None if nothing is, with what was wrong.

    ``lost`` holds the names that went with the broken parts: whoever refers to them is not wrong.
    """

    part: Part | None
    problems: tuple[Problem, ...] = ()
    lost: frozenset[str] = frozenset()


def sound_part(
    document: Document, part: Part, verdict: Verdict, parts: Sequence[Document] = ()
) -> Sound:
    """Return the part of ``document`` that ``verdict`` has nothing against.

    Every problem is placed at the file, one of ``parts``, that brought what it is about.
    """
    problems = verdict(replace(document, body=part[0]))
    told = tuple(_placed(problem, part, parts) for problem in problems)
    lost: set[str] = set()
    while problems:
        paths = {path_in(part[0], problem.pointer) for problem in problems}
        if any(not path or path[0] in IDENTITY for path in paths):
            lost |= {document.name}
            return Sound(part=None, problems=told, lost=frozenset(lost))
        for path in sorted(paths, key=_order, reverse=True):
            lost |= _names(part[0], path)
            part = without(part, path)
        problems = verdict(replace(document, body=part[0]))
    return Sound(part=part, problems=told, lost=frozenset(lost))


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


def _names(body: Any, path: Iterable[object]) -> set[str]:
    keys = list(path)
    for key in keys:
        body = body[key]
    found = {key for key in keys[-1:] if isinstance(key, str)}
    return found | (set(body) if isinstance(body, dict) else set())
