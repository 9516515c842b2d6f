"""All layers to one set of folded documents; what an earlier run made of the same is used again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from operator import is_
from typing import Any, TypeAlias

from loomwork.catalog.documents import ATTACHMENT, Document
from loomwork.catalog.findings import Findings
from loomwork.catalog.folding import FoldedDocument, defined_by, extended
from loomwork.catalog.language import lifted
from loomwork.catalog.layers import Layer
from loomwork.catalog.overriding import (
    Change,
    at,
    changes_of,
    clash,
    misnamed,
    read_address,
    touches,
)
from loomwork.catalog.partial import check_patch
from loomwork.catalog.provenance import Origin, Trail
from loomwork.catalog.schema_check import check_schema, nearest
from loomwork.catalog.sound import Sound, sound_part
from loomwork.catalog.translated import Translated, split
from loomwork.errors import N_, Problem

TRANSLATION = "translation"
"""Every pack has its own texts, so documents of one language are layers without saying so."""
Key: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    layer: Layer
    document: Document
    sound: Sound


@dataclass(slots=True, kw_only=True)
class _Folded:
    """What came of one name: the document, None if there is none; findings; names that are lost."""

    document: FoldedDocument | None = None
    findings: Findings = field(default_factory=Findings)
    lost: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    texts: tuple[Translated, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """The folded documents by kind and name; ``lost`` are names that broken parts took away.

    ``damaged`` holds the pointers of these parts by document (``entity/account``), ``texts`` what
    patches in another language than the document's translate, the lowest layer's first.
    """

    by_kind: dict[str, dict[str, FoldedDocument]]
    lost: frozenset[str]
    damaged: dict[str, frozenset[str]]
    texts: tuple[Translated, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Before:
    """What was folded from which shapes, between which layers where that matters."""

    sounds: tuple[Sound, ...]
    around: object
    folded: _Folded

    def fits(self, sounds: tuple[Sound, ...], around: object) -> bool:
        same = len(sounds) == len(self.sounds) and self.around == around
        return same and all(map(is_, sounds, self.sounds))


class Stacker:
    """Folds layers, and remembers the outcome for each document."""

    def __init__(self) -> None:
        self._sound: dict[tuple[str, str, str, str], Sound] = {}
        self._folded: dict[Key, _Before] = {}

    def stack(self, layers: Sequence[Layer], findings: Findings) -> Stack:
        """Return what the layers make together; what is wrong goes into ``findings``."""
        parts = self._parts(layers)
        names: dict[str, list[str]] = {}
        for kind, name in parts:
            names.setdefault(kind, []).append(name)
        by_kind: dict[str, dict[str, FoldedDocument]] = {}
        lost: set[str] = set()
        damaged: dict[str, frozenset[str]] = {}
        texts: list[Translated] = []
        for key, same in parts.items():
            folded = self._fold(key, same, layers, names[key[0]])
            findings.include(folded.findings)
            if folded.document is not None:
                by_kind.setdefault(key[0], {})[key[1]] = folded.document
            lost |= folded.lost
            texts += folded.texts
            if folded.places:
                damaged["/".join(key)] = folded.places
        self._folded = {key: made for key, made in self._folded.items() if key in parts}
        _check_locks(by_kind, findings)
        return Stack(by_kind=by_kind, lost=frozenset(lost), damaged=damaged, texts=tuple(texts))

    def _parts(self, layers: Sequence[Layer]) -> dict[Key, list[_Part]]:
        found: dict[Key, list[_Part]] = {}
        used: dict[tuple[str, str, str, str], Sound] = {}
        for layer in layers:
            for document in layer.documents:
                if document.kind == ATTACHMENT:
                    continue
                key = (layer.name, layer.version, document.file, document.hash)
                sound = self._sound.get(key) or _sound(document, layer.version)
                used[key] = sound
                part = _Part(layer=layer, document=document, sound=sound)
                found.setdefault((document.kind, document.name), []).append(part)
        self._sound = used
        return found

    def _fold(
        self, key: Key, parts: list[_Part], layers: Sequence[Layer], names: list[str]
    ) -> _Folded:
        sounds = tuple(part.sound for part in parts)
        around: object = None
        if len(parts) > 1 or parts[0].document.extends:
            around = (list(map(_around, layers)), names)
        before = self._folded.get(key)
        if before is None or not before.fits(sounds, around):
            folded = _Folding(key, parts, layers, names).folded()
            before = self._folded[key] = _Before(sounds=sounds, around=around, folded=folded)
        return before.folded


def _around(layer: Layer) -> object:
    return layer.name, layer.below, layer.locked, layer.language


def _sound(document: Document, version: str) -> Sound:
    part = (lifted(document.body), Trail(document=document, version=version))
    return sound_part(document, part, check_patch if document.extends else check_schema)


class _Folding:
    """One name at work, from its lowest layer upwards."""

    def __init__(
        self, key: Key, parts: list[_Part], layers: Sequence[Layer], names: list[str]
    ) -> None:
        self.kind, self.name = key
        self.parts = parts
        self.layers = layers
        self.names = names
        self.findings = Findings()
        self.below: FoldedDocument | None = None
        self.patches: list[tuple[Layer, list[Change]]] = []
        self.texts: list[Translated] = []

    def folded(self) -> _Folded:
        sounds = [part.sound for part in self.parts]
        for part in self.parts:
            self.findings.problems += part.sound.problems
            if part.sound.part is not None:
                self._add(part, part.sound.part)
        if self.below is not None and len(self.below.parts) > 1:
            sounds.append(self._check_whole(self.below))
        return _Folded(
            document=self.below,
            findings=self.findings,
            lost=frozenset[str]().union(*(sound.lost for sound in sounds)),
            places=frozenset[str]().union(*(sound.places for sound in sounds)),
            texts=tuple(self.texts),
        )

    def _add(self, part: _Part, own: tuple[Any, Trail]) -> None:
        document, free = part.document, self.kind == TRANSLATION
        if self.below is None:
            if document.extends and not free:
                self._nothing_below(document, own[1])
                return
            if free:
                self.patches.append((part.layer, list(changes_of(*own))))
            self.below = defined_by(document, *own, self._note)
            return
        first = next((one for one in self.below.parts if one.pack == document.pack), None)
        if first is not None or not (document.extends or free):
            self._defined_twice(first or self.below.parts[0], own[1])
            return
        if not free:
            languages = {layer.name: layer.language for layer in self.layers}
            patch, texts = split(self.below, own[0], document.pack, languages)
            self.texts += texts
            own = (patch, own[1])
        changes = list(changes_of(*own))
        if not free:
            self._check_rights(self.below, part.layer, own)
        self._check_clash(part.layer, changes)
        self._check_locked(self.below, part.layer, changes)
        self.patches.append((part.layer, changes))
        self.below = extended(self.below, document, own, self._note)

    def _note(self, origin: Origin, code: str, text: str, context: dict[str, Any]) -> None:
        problem = Problem(
            code=code, text=text, context=context, file=origin.file, pointer=origin.pointer
        )
        known = self.findings.problems if code == "not_a_list" else self.findings.warnings
        known.append(problem)

    def _refuse(self, trail: Trail, code: str, text: str, **context: object) -> None:
        origin = trail.origin
        self.findings.problems.append(
            Problem(code=code, text=text, context=context, file=origin.file, pointer=origin.pointer)
        )

    def _nothing_below(self, document: Document, trail: Trail) -> None:
        if any(part.sound.part is None and not part.document.extends for part in self.parts):
            return
        hint = nearest(self.name, (name for name in self.names if name != self.name))
        context = {"kind": document.kind, "name": document.name, "hint": hint}
        text = N_("No lower layer has the document {kind}/{name}, so it cannot be changed.")
        if hint:
            text = N_(
                "No lower layer has the document {kind}/{name}, so it cannot be changed."
                " Did you mean “{hint}”?"
            )
        self._refuse(trail.at("name"), "unknown_document", text, **context)

    def _defined_twice(self, first: Document, trail: Trail) -> None:
        self._refuse(
            trail.at("name"),
            "defined_twice",
            N_("“{name}” is defined already, in {file}."),
            name=self.name,
            file=f"{first.pack}/{first.file}",
        )

    def _check_rights(self, below: FoldedDocument, layer: Layer, part: tuple[Any, Trail]) -> None:
        if below.pack not in layer.below:
            text = N_("“{pack}” changes a document of “{owner}”, so it has to require that pack.")
            place = part[1].at("extends")
            self._refuse(place, "not_required", text, pack=layer.name, owner=below.pack)
        for trail, problem in misnamed(below, *part, layer):
            self._refuse(trail, problem.code, problem.text, **problem.context)

    def _check_clash(self, layer: Layer, changes: Sequence[Change]) -> None:
        """Refuse what a pack that this one does not know sets otherwise."""
        for other, others in self.patches:
            if other.name in layer.below:
                continue
            for change, theirs in clash(changes, others):
                text = N_(
                    "“{pack}” and “{other}” both set this and do not know each other:"
                    " let one of them require the other, or leave it to one. See {file}."
                )
                origin = theirs.trail.origin
                context = {"pack": layer.name, "other": other.name}
                file = f"{origin.file}:{origin.pointer}"
                self._refuse(change.trail, "layers_conflict", text, **context, file=file)

    def _check_locked(self, below: FoldedDocument, layer: Layer, changes: Sequence[Change]) -> None:
        for locker in self.layers:
            if locker.name == layer.name or layer.name in locker.below:
                continue
            for address in locker.locked:
                kind, name, path = read_address(address)
                if (kind, name) == (self.kind, self.name):
                    self._check_lock(below, changes, locker, address, path)

    def _check_lock(
        self,
        below: FoldedDocument,
        changes: Iterable[Change],
        locker: Layer,
        address: str,
        path: tuple[object, ...],
    ) -> None:
        for change in changes:
            if touches(change, path, at(below.body, change.path)):
                text = N_("“{pack}” has locked {address}: no higher layer may change it.")
                context = {"pack": locker.name, "address": address}
                self._refuse(change.trail, "locked", text, **context)

    def _check_whole(self, below: FoldedDocument) -> Sound:
        """Check the shape of what came out, and keep the sound part of it."""
        sound = sound_part(below.parts[0], (below.body, below.trail), check_schema, below.parts)
        self.findings.problems += sound.problems
        if sound.part is None:
            self.below = None
        else:
            body, trail = sound.part
            self.below = replace(below, body=body, trail=trail)
        return sound


def _check_locks(by_kind: dict[str, dict[str, FoldedDocument]], findings: Findings) -> None:
    """Note locked addresses at which there is nothing, unless it was told who removed it."""
    told = {one.context["address"] for one in findings.problems if one.code == "locked"}
    for pack in by_kind.get("pack", {}).values():
        for place, address in enumerate(pack.body.get("locked", ())):
            kind, name, path = read_address(address)
            document = by_kind.get(kind, {}).get(name)
            if address in told:
                continue
            if document is None or (path and at(document.body, path) is None):
                text = N_("There is nothing at “{address}” that could be locked.")
                findings.add(pack, ("locked", place), "unknown_address", text, address=address)
