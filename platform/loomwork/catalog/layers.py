"""Packs as layers: each above those that it requires, the site's own on top."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from loomwork.catalog.documents import SITE, Document
from loomwork.errors import N_, Problem

PLATFORM_VERSION = "0.1.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """The documents of one pack, or of the site.

    ``below`` names the packs that it requires, directly or not; everything lies below the site.
    ``locked`` holds addresses that no higher layer may change. The site has no ``language``.
    """

    name: str
    version: str
    documents: tuple[Document, ...]
    below: frozenset[str] = frozenset()
    locked: tuple[str, ...] = ()
    language: str = ""


def arranged(documents: Iterable[Document]) -> tuple[Document, ...]:
    """Return the documents with each pack after those that it requires, the site's own last."""
    by_pack = _by_pack(documents)
    return tuple(document for name in _order(by_pack) for document in by_pack[name])


def layers_of(documents: Iterable[Document]) -> tuple[Layer, ...]:
    """Return the layers, the lowest first. Where packs require each other, names decide."""
    by_pack = _by_pack(documents)
    requires = {name: _required(found) & by_pack.keys() for name, found in by_pack.items()}
    made: list[Layer] = []
    for name in _order(by_pack):
        body = by_pack[name][0].body if name != SITE else {}
        locked = body.get("locked")
        made.append(
            Layer(
                name=name,
                version=str(body.get("version", "")),
                documents=tuple(by_pack[name]),
                below=_closure(name, requires) if name != SITE else frozenset(by_pack) - {SITE},
                locked=tuple(map(str, locked)) if isinstance(locked, list) else (),
                language=str(body.get("language", "en")) if name != SITE else "",
            )
        )
    return tuple(made)


def _by_pack(documents: Iterable[Document]) -> dict[str, list[Document]]:
    found: dict[str, list[Document]] = {}
    for document in documents:
        found.setdefault(document.pack, []).append(document)
    return found


def _required(documents: Sequence[Document]) -> set[str]:
    requires = documents[0].body.get("requires")
    return set(requires) if isinstance(requires, dict) else set()


def _order(by_pack: Mapping[str, Sequence[Document]]) -> list[str]:
    ordered: dict[str, None] = {}

    def place(name: str, path: tuple[str, ...]) -> None:
        if name in ordered or name in path or name not in by_pack:
            return
        for needed in sorted(_required(by_pack[name])):
            place(needed, (*path, name))
        ordered[name] = None

    for name in sorted(by_pack):
        if name != SITE:
            place(name, ())
    if SITE in by_pack:
        ordered[SITE] = None
    return list(ordered)


def _closure(name: str, requires: Mapping[str, set[str]]) -> frozenset[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        fresh = requires[waiting.pop()] - found
        found |= fresh
        waiting += fresh
    return frozenset(found - {name})


def check_requirements(layers: Sequence[Layer]) -> list[tuple[Document, tuple[str, ...], Problem]]:
    """Return what is wrong with what packs require: the pack's document, the place, the problem."""
    present = {layer.name: layer.version for layer in layers if layer.name != SITE}
    requires = {layer.name: _required(layer.documents) for layer in layers if layer.name != SITE}
    circles: set[frozenset[str]] = set()
    found: list[tuple[Document, tuple[str, ...], Problem]] = []
    for layer in layers:
        document = layer.documents[0]
        for needed, wanted in _ranges(document).items():
            path = ("requires", needed)
            problem = _unmet(needed, wanted, present.get(needed))
            if problem is None and (circle := _circle(layer.name, needed, requires)):
                problem = None if frozenset(circle) in circles else _circular(circle)
                circles.add(frozenset(circle))
            if problem:
                found.append((document, path, problem))
        if document.kind == "pack" and isinstance(document.body.get("platform"), str):
            problem = _unmet("loomwork", document.body["platform"], PLATFORM_VERSION)
            if problem:
                found.append((document, ("platform",), problem))
    return found


def _ranges(document: Document) -> dict[str, str]:
    requires = document.body.get("requires") if document.kind == "pack" else None
    if not isinstance(requires, dict):
        return {}
    return {name: wanted for name, wanted in requires.items() if isinstance(wanted, str)}


def _unmet(name: str, wanted: str, present: str | None) -> Problem | None:
    try:
        versions = SpecifierSet(wanted)
        fits = present is not None and versions.contains(_comparable(present), prereleases=True)
    except ValueError:
        # What is no range, the schema has refused.
        return None
    if not versions:
        return None
    if present is None:
        text = N_("The pack “{name}” ({wanted}) is needed and not installed.")
        return Problem(code="missing_pack", text=text, context={"name": name, "wanted": wanted})
    if fits:
        return None
    text = N_("“{name}” is needed in version {wanted}; present is {present}.")
    context = {"name": name, "wanted": wanted, "present": present}
    return Problem(code="wrong_version", text=text, context=context)


def _comparable(version: str) -> Version:
    """Return a Semantic Version for comparing; all pre-releases of one release count alike."""
    release, _, before = version.partition("-")
    return Version(f"{release}rc0" if before else release)


def _circular(circle: Sequence[str]) -> Problem:
    text = N_("The packs require each other in a circle: {names}.")
    if len(set(circle)) == 1:
        text = N_("A pack cannot require itself.")
    context = {"names": " → ".join(circle)}
    return Problem(code="required_in_circle", text=text, context=context)


def _circle(name: str, needed: str, requires: Mapping[str, set[str]]) -> tuple[str, ...] | None:
    """Return the shortest way from a pack by way of ``needed`` back to it, if there is one."""
    ways: dict[str, tuple[str, ...]] = {needed: (name, needed)}
    waiting = [needed]
    while waiting:
        here = waiting.pop(0)
        if here == name:
            return ways[here]
        for further in sorted(requires.get(here, ())):
            if further not in ways:
                ways[further] = (*ways[here], further)
                waiting.append(further)
    return None
