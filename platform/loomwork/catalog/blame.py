"""Who is to blame: a layer that changes what lower ones rely on, not those that rely on it."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from loomwork.catalog.documents import Document
from loomwork.catalog.layers import Layer
from loomwork.catalog.overriding import Change, changes_of
from loomwork.catalog.provenance import Trail
from loomwork.catalog.schema_check import pointer
from loomwork.errors import N_, Problem

Check: TypeAlias = Callable[[Sequence[Document]], Iterable[Problem]]
"""Tells what is wrong with some of the layers, by themselves."""
Mark: TypeAlias = tuple[str, str, str, int | None]
WORD = re.compile(r"\w+")
REMOVED = N_("“{place}” needs “{name}”, which is removed here.")
CHANGED = N_("With this change, “{place}” is wrong: {reason}")


def at_the_cause(
    problems: Sequence[Problem], layers: Sequence[Layer], check: Check
) -> tuple[Problem, ...]:
    """Return the problems, each at the layer without which it is not there.

    A lower layer that was well by itself is told at the change, by a higher one, that it needs
    undone.
    """
    return tuple(_Blame(layers, check).told(problem) for problem in problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cause:
    change: Change
    document: Document


class _Blame:
    def __init__(self, layers: Sequence[Layer], check: Check) -> None:
        self._layers = layers
        self._check = check
        self._height = {layer.name: place for place, layer in enumerate(layers)}
        self._causes = [list(_causes(layer)) for layer in layers]
        self._found: dict[int, frozenset[Mark]] = {}

    def told(self, problem: Problem) -> Problem:
        """Return the problem where it was caused."""
        own = self._height.get(problem.file.partition("/")[0])
        if own is None or not any(self._causes[own + 1 :]) or _mark(problem) in self._up_to(own):
            return problem
        for height in range(own + 1, len(self._layers)):
            last = height + 1 == len(self._layers)
            if last or _mark(problem) in self._up_to(height):
                return self._placed(problem, own, self._causes[height])
        return problem

    def _up_to(self, height: int) -> frozenset[Mark]:
        """Return what is wrong already without the layers above ``height``."""
        if height not in self._found:
            below = self._layers[: height + 1]
            documents = [document for layer in below for document in layer.documents]
            self._found[height] = frozenset(map(_mark, self._check(documents)))
        return self._found[height]

    def _placed(self, problem: Problem, own: int, causes: Sequence[_Cause]) -> Problem:
        if not causes:
            return problem
        needing = _Needing(problem, self._layers[own])
        cause = max(causes, key=needing.closeness)
        removed = needing.removed(cause.change)
        place = f"{problem.file}:{problem.pointer}"
        text, context = (
            (REMOVED, {"place": place, "name": removed})
            if removed
            else (CHANGED, {"place": place, "reason": _bare(problem)})
        )
        origin = cause.change.trail.origin
        return Problem(
            code="removed_in_use" if removed else "breaks_lower_layer",
            text=text,
            context=context,
            file=origin.file,
            pointer=origin.pointer,
        )


class _Needing:
    """The place in a lower layer that is wrong now, and the words that stand there."""

    def __init__(self, problem: Problem, layer: Layer) -> None:
        file = problem.file.partition("/")[2]
        self._document = next((one for one in layer.documents if one.file == file), None)
        self._path = [
            part.replace("~1", "/").replace("~0", "~") for part in problem.pointer.split("/")[1:]
        ]
        known = (problem.context.get("name"), problem.context.get("value"))
        self._names = {name for name in known if isinstance(name, str)}
        if problem.code == "unknown_key":
            self._names = set()
        self._words = {*self._names, *self._path, *WORD.findall(self._source())}

    def _source(self) -> str:
        value: Any = self._document.body if self._document else None
        for key in self._path:
            value = value.get(key) if isinstance(value, dict) else value
        return str(value)

    def removed(self, change: Change) -> str:
        """Return the name that is missed here and that the change removes, or nothing."""
        name = str(change.path[-1]).strip("[]")
        gone = change.value is None or change.value == ("$remove",)
        return name if gone and name in self._names else ""

    def closeness(self, cause: _Cause) -> tuple[bool, int, int]:
        """Tell how probably the change is the one that matters: the greater, the more."""
        change, document = cause.change, cause.document
        shared = 0
        if self._document is not None and (document.kind, document.name) == (
            self._document.kind,
            self._document.name,
        ):
            for one, other in zip(change.path, self._path, strict=False):
                if one != other:
                    break
                shared += 1
        named = sum(str(key) in self._words for key in change.path)
        return bool(self.removed(change)), named, shared


def _causes(layer: Layer) -> Iterable[_Cause]:
    for document in layer.documents:
        if document.extends:
            trail = Trail(document=document, version=layer.version)
            for change in changes_of(document.body, trail):
                yield _Cause(change=change, document=document)


def _mark(problem: Problem) -> Mark:
    return problem.code, problem.file, problem.pointer, problem.column


def _bare(problem: Problem) -> Problem:
    return replace(problem, file="", pointer=pointer(()), column=None)
