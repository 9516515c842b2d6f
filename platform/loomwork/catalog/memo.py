"""What an earlier compilation found out and asked for: a later one repeats only the rest."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeAlias, TypeVar

from loomwork.catalog.findings import Findings
from loomwork.catalog.folding import FoldedDocument
from loomwork.catalog.texts import Translations

Made = TypeVar("Made")
World = TypeVar("World")
Key: TypeAlias = tuple[str, str]
Place: TypeAlias = tuple[str, ...]

NAMES = "*"
"""Stands for all the names of a mapping; it is no name that a document could have."""
ABSENT = object()


class Tracked(Mapping[str, Any]):
    """A mapping that notes what was asked of it, and what it said."""

    def __init__(self, place: Place, mapping: Mapping[str, Any], asked: dict[Place, Any]) -> None:
        self._place = place
        self._mapping = mapping
        self._asked = asked

    def _ask(self, key: str) -> Any:
        found = self._mapping.get(key, ABSENT)
        if isinstance(found, dict):
            self._asked.setdefault((*self._place, key), dict)
            return Tracked((*self._place, key), found, self._asked)
        self._asked[(*self._place, key)] = found
        return found

    def __getitem__(self, key: str) -> Any:
        found = self._ask(key)
        if found is ABSENT:
            raise KeyError(key)
        return found

    def get(self, key: str, default: Any = None) -> Any:
        """Return what is there, or ``default``."""
        found = self._ask(key)
        return default if found is ABSENT else found

    def __contains__(self, key: object) -> bool:
        return self._ask(str(key)) is not ABSENT

    def __iter__(self) -> Iterator[str]:
        self._asked[(*self._place, NAMES)] = tuple(self._mapping)
        return iter(self._mapping)

    def __len__(self) -> int:
        self._asked[(*self._place, NAMES)] = tuple(self._mapping)
        return len(self._mapping)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Built:
    document: FoldedDocument
    texts: Mapping[str, Any]
    asked: frozenset[str]
    findings: Findings
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class _Resolved:
    document: FoldedDocument
    definition: Any
    asked: Mapping[Place, Any]
    findings: Findings
    value: Any


@dataclass(slots=True)
class Memo:
    """What was built of each document, and what its check asked for. A new one knows nothing.

    What is reused is the same object as before: for what depends on it, identity means unchanged.
    """

    texts: Translations = field(default_factory=lambda: Translations(()))
    _built: dict[Key, _Built] = field(default_factory=dict)
    _resolved: dict[Key, _Resolved] = field(default_factory=dict)
    _kept: dict[Key, Any] = field(default_factory=dict)
    _names: dict[Place, tuple[str, ...]] = field(default_factory=dict)
    _world: Any = None

    def begin(self, texts: Translations) -> None:
        """Begin a compilation with these translations."""
        self.texts = texts
        self._names = {}
        self._world = None

    def build(
        self, document: FoldedDocument, findings: Findings, make: Callable[[Findings], Made]
    ) -> Made:
        """Return what ``make`` gives, which depends on the document and its translations alone."""
        key = (document.kind, document.name)
        address = f"{document.kind}/{document.name}"
        old = self._built.get(key)
        if old and old.document is document and old.texts == self.texts.of(address):
            self.texts.mark(address, old.asked)
        else:
            found = Findings()
            value = make(found)
            old = self._built[key] = _Built(
                document=document,
                texts=self.texts.of(address),
                asked=self.texts.asked(address),
                findings=found,
                value=value,
            )
        findings.include(old.findings)
        made: Made = old.value
        return made

    def keep(self, kind: str, name: str, definition: Made) -> Made:
        """Return the definition as it was last time if it is equal."""
        key = (kind, name)
        old: Made | None = self._kept.get(key)
        if old is not None and (old is definition or old == definition):
            return old
        self._kept[key] = definition
        return definition

    def resolve(
        self,
        document: FoldedDocument,
        definition: object,
        world: World,
        findings: Findings,
        make: Callable[[World, Findings], Made],
    ) -> Made:
        """Return what ``make`` gives from the document, its definition, and what it asks for.

        ``world`` is a dataclass; ``make`` gets a copy whose mappings note what is asked of them.
        """
        if self._world is not world:
            self._world, self._names = world, {}
        key = (document.kind, document.name)
        old = self._resolved.get(key)
        if old is None or not (
            old.document is document
            and old.definition is definition
            and all(self._unchanged(world, place, said) for place, said in old.asked.items())
        ):
            asked: dict[Place, Any] = {}
            found = Findings()
            value = make(_tracked(world, asked), found)
            old = self._resolved[key] = _Resolved(
                document=document, definition=definition, asked=asked, findings=found, value=value
            )
        findings.include(old.findings)
        made: Made = old.value
        return made

    def _unchanged(self, world: object, place: Place, said: object) -> bool:
        found: Any = getattr(world, place[0])
        if place[-1] == NAMES:
            return said == self._names_at(found, place)
        for key in place[1:]:
            found = found.get(key, ABSENT) if isinstance(found, Mapping) else ABSENT
        return isinstance(found, dict) if said is dict else found is said

    def _names_at(self, found: Any, place: Place) -> tuple[str, ...] | None:
        if place not in self._names:
            for key in place[1:-1]:
                found = found.get(key, ABSENT) if isinstance(found, Mapping) else ABSENT
            if not isinstance(found, Mapping):
                return None
            self._names[place] = tuple(found)
        return self._names[place]


def _tracked(world: World, asked: dict[Place, Any]) -> World:
    mappings: dict[str, Any] = {}
    for member in fields(world):  # type: ignore[arg-type]
        value = getattr(world, member.name)
        if member.init and isinstance(value, Mapping):
            mappings[member.name] = Tracked((member.name,), value, asked)
    return replace(world, **mappings)  # type: ignore[type-var]
