"""What the value of an expression depends on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from loomwork.expressions.tree import (
    Aggregate,
    Changed,
    Field,
    Given,
    Node,
    Step,
    Under,
    children,
    walk,
)
from loomwork.model.kinds import Kind


@dataclass(frozen=True, slots=True)
class Inverse:
    """One step to the records of ``entity`` whose field ``link`` leads to the present record.

    Without a ``link`` it goes to all of them.
    """

    entity: str
    link: str


Way: TypeAlias = tuple[Step | Inverse, ...]


@dataclass(frozen=True, slots=True)
class Dependency:
    """A field that is read: of the record at the end of ``path``, which starts at ``root``.

    ``path`` leads over links forwards and backwards. Each link on the way is a dependency itself.
    ``upwards`` tells that the field is also read of that record's ancestors, over the field itself.
    """

    field: str
    path: Way = ()
    root: str = ""
    upwards: bool = False


MOMENTS = ("today", "now")
Frame: TypeAlias = Mapping[str, tuple[str, Way]]
"""Where the records named ``""`` and ``this`` are, seen from the outermost record."""


def record_independent(node: Node) -> bool:
    """Tell whether the value is the same for every record: no field, no aggregate."""
    return not any(isinstance(part, Field | Aggregate | Changed) for part in walk(node))


def needs_relations(node: Node) -> bool:
    """Tell whether other records than the roots are read: over a link, an aggregate, a tree."""
    return any(
        isinstance(part, Aggregate | Under) or (isinstance(part, Field) and bool(part.path))
        for part in everything(node)
    )


def everything(node: Node) -> Iterator[Node]:
    """Yield ``node`` and everything below it, what derived fields are made of included."""
    for part in walk(node):
        yield part
        if isinstance(part, Field) and part.derived is not None:
            yield from everything(part.derived.node)
        if isinstance(part, Aggregate):
            for key in part.sort:
                yield from everything(key.field)


def dependencies(node: Node) -> frozenset[Dependency]:
    """Return every field of every record that the value of ``node`` depends on."""
    return frozenset(_dependencies(node, {}))


def reads(node: Node) -> frozenset[str]:
    """Return what ``node`` reads, as it is written: ``account.status``, ``lines.net``, ``user``.

    Linking records of which no field is read are told by their name, as in ``count(lines)``.
    """
    return frozenset(_reads(node, {}))


def _reads(node: Node, frame: Mapping[str, str]) -> Iterator[str]:
    """Yield what is read; ``frame`` has how the records named ``""`` and ``this`` are reached."""
    match node:
        case Field(name, root=root, path=path):
            yield _dotted(frame.get(root, root), *(step.field for step in path), name)
        case Given(name) if name not in MOMENTS:
            yield "user" if name == "user.id" else name
        case Aggregate(root=root, path=path, inverse=inverse):
            records = _dotted(frame.get(root, root), *(step.field for step in path), inverse)
            inside = {"": records, "this": frame.get("", "")}
            found = [name for part in children(node) for name in _reads(part, inside)]
            yield from found
            if not any(name.startswith(f"{records}.") for name in found):
                yield records
        case Changed(Field(name)):
            yield from (name, f"old.{name}")
        case _:
            for part in children(node):
                yield from _reads(part, frame)


def _dotted(*names: str) -> str:
    return ".".join(name for name in names if name)


def _dependencies(node: Node, frame: Frame) -> Iterator[Dependency]:
    match node:
        case Field(name, root=root, path=path):
            yield from _along(path, root, frame)
            start, way = frame.get(root, (root, ()))
            yield Dependency(name, (*way, *path), start)
            if node.derived is not None:
                yield from _dependencies(node.derived.node, {"": (start, (*way, *path))})
        case Aggregate(entity=entity, link=link, root=root, path=path):
            yield from _along(path, root, frame)
            start, way = frame.get(root, (root, ()))
            inside = (*way, *path, Inverse(entity, link))
            yield Dependency(link or "id", inside, start)
            below = {"": (start, inside), "this": frame.get("", ("", ()))}
            for part in (*children(node), *(key.field for key in node.sort)):
                yield from _dependencies(part, below)
        case Changed(part):
            yield from _dependencies(part, frame)
            yield Dependency(part.name, (), "old")
        case _:
            if isinstance(node, Under):
                yield from _upwards(node, frame)
            for part in children(node):
                yield from _dependencies(part, frame)


def _along(path: tuple[Step, ...], root: str, frame: Frame) -> Iterator[Dependency]:
    start, way = frame.get(root, (root, ()))
    for length, step in enumerate(path):
        yield Dependency(step.field, (*way, *path[:length]), start)


def _upwards(node: Under, frame: Frame) -> Iterator[Dependency]:
    """Yield the parent links of the records that may be below the ancestor."""
    for part in walk(node.value):
        if isinstance(part, Field) and part.kind is Kind.LINK:
            start, way = frame.get(part.root, (part.root, ()))
            place = (*way, *part.path, Step(part.name, node.entity))
            if part.name == "id":
                place = (*way, *part.path)
            yield Dependency(node.parent, place, start, upwards=True)
