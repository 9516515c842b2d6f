"""Which layer set what: every part of a folded document knows the place that it came from."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Self, TypeAlias

from loomwork.catalog.documents import Document
from loomwork.catalog.schema_check import pointer

Path: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A place in a file of a layer; ``file`` begins with the layer's name."""

    layer: str
    version: str
    file: str
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """A value that a higher layer set anew, and where it stands."""

    value: Any
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """Where a part of a document came from.

    What is not among ``members`` came from the same place as the whole: ``path`` in ``document``,
    and below it just as in the part itself. ``covered`` is what was there before, with its trail.
    """

    document: Document
    version: str
    path: Path = ()
    members: dict[object, "Trail"] = field(default_factory=dict)
    covered: "tuple[Trail, Any] | None" = None

    def at(self, key: object) -> "Trail":
        """Return the trail of a member."""
        found = self.members.get(key)
        return found or Trail(document=self.document, version=self.version, path=(*self.path, key))

    def along(self, path: Path) -> "Trail":
        """Return the trail of the part at ``path``."""
        trail = self
        for key in path:
            trail = trail.at(key)
        return trail

    def changes(self) -> "Iterator[Trail]":
        """Yield what other documents changed at or below this part, the outermost first."""
        waiting = [self]
        while waiting:
            trail = waiting.pop(0)
            for member in trail.members.values():
                if member.document is self.document:
                    waiting.append(member)
                else:
                    yield member

    def covering(self, trail: "Trail | None", value: Any) -> Self:
        """Return the same trail over what was there before."""
        return self if trail is None else replace(self, covered=(trail, value))

    @property
    def origin(self) -> Origin:
        """Return the place itself."""
        return Origin(
            layer=self.document.pack,
            version=self.version,
            file=f"{self.document.pack}/{self.document.file}",
            pointer=pointer(self.path),
        )

    def hidden(self, path: Path) -> Iterator[Hidden]:
        """Yield what lies below the part at ``path``, the highest first.

        The items of a list have no names, so a list is compared as a whole.
        """
        if path and path[0] in self.members:
            yield from self.members[path[0]].hidden(path[1:])
        if self.covered is None:
            return
        trail, value = self.covered
        for key in path:
            if not isinstance(value, dict) or key not in value:
                break
            value = value[key]
        else:
            yield Hidden(value=value, origin=trail.along(path).origin)
        yield from trail.hidden(path)


def leaves(value: object, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield path and value of everything that holds no further part."""
    members: Iterator[tuple[object, Any]]
    if isinstance(value, dict) and value:
        members = iter(value.items())
    elif isinstance(value, list) and value:
        members = iter(enumerate(value))
    else:
        yield path, value
        return
    for key, inner in members:
        yield from leaves(inner, (*path, key))
