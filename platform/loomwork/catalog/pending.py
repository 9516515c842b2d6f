"""What documents may say and this version does not carry out yet.

The lists name what **is** carried out, so that a key which is new to the language has to wait
until somebody puts it here: nothing is taken without a word and then left undone.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

from loomwork.catalog.findings import Findings
from loomwork.catalog.folding import FoldedDocument
from loomwork.errors import N_
from loomwork_metadata.tree import schemas

KIND_WAITS = N_("Documents of the kind “{kind}” are checked, but not carried out yet.")
KEY_WAITS = N_("The key “{key}” is checked, but not carried out yet.")
VALUE_WAITS = N_("“{value}” is checked here, but not carried out yet.")

Path: TypeAlias = tuple[object, ...]
EVERY: Final = "*"
DONE: Final = True
"""Everything at this place is carried out."""


def _keys(names: str) -> dict[str, Any]:
    return dict.fromkeys(names.split(), DONE)


DESCRIBING = _keys("$schema kind name label help description icon color deprecated order extends")
CARRIED_OUT: Mapping[str, Mapping[str, Any]] = {
    "pack": {
        **_keys("version title language requires platform locked"),
        "settings": {EVERY: _keys("type default min max places max_length options")},
        "needs": {},
    },
    "translation": _keys("texts"),
    "entity": {
        **_keys("plural ownership indexes checks completeness hierarchy"),
        "title": _keys("is"),
        "features": _keys("recycle history"),
        "fields": {
            EVERY: {
                **_keys("type required default unique readonly visible indexed search normalise"),
                **_keys("min max max_length places region format to inverse filter fill"),
                **_keys("accept max_size"),
                **_keys("many currency parts country part_of renamed_from"),
                **_keys("result is stored of from function field where sort refresh"),
                **_keys("pattern reset start gapless encrypted"),
                "on_delete": ("restrict", "clear"),
                "options": {EVERY: _keys("when")},
            }
        },
    },
    "form": {
        **_keys("entity use"),
        "header": _keys("highlights"),
        "tabs": {EVERY: {"visible": DONE, "sections": {EVERY: _keys("columns fields visible")}}},
        "fields": {EVERY: _keys("span visible required readonly")},
    },
    "view": {**_keys("entity columns filter sort"), "type": ("list",)},
    "app": {},
    "role": {
        **_keys("inherits"),
        "grants": {EVERY: _keys("create read update delete assign")},
    },
}
ITEM: dict[str, Any] = {**DESCRIBING, **_keys("entity view")}
ITEM["items"] = {EVERY: ITEM}
CARRIED_OUT = {**CARRIED_OUT, "app": {"items": {EVERY: ITEM}}}


WITHOUT_WAY_BACK = frozenset(("links", "reference"))
"""Types of fields whose inverse cannot be asked for yet."""


def note_pending(document: FoldedDocument, findings: Findings) -> None:
    """Note everything in ``document`` that has to wait for a later version."""
    kind = document.kind
    if kind not in CARRIED_OUT:
        findings.wait(document, (), KIND_WAITS, kind=kind)
        return
    if kind == "entity":
        _note_entity(document, findings)
    if kind == "view":
        _note_view(document, findings)
    for path, text, context in _waiting(document.body, CARRIED_OUT[kind], ()):
        findings.wait(document, path, text, **context)


def _note_entity(document: FoldedDocument, findings: Findings) -> None:
    for name, field in document.body["fields"].items():
        if field["type"] in WITHOUT_WAY_BACK and field.get("inverse"):
            place = ("fields", name, "inverse")
            findings.wait(document, place, VALUE_WAITS, value=field["inverse"])
    title = document.body.get("title", {}).get("is", "name").strip()
    if not title.isidentifier():
        findings.wait(document, ("title", "is"), VALUE_WAITS, value=title)


def _note_view(document: FoldedDocument, findings: Findings) -> None:
    """Note fields of linked records: lists have only columns of their own."""
    for key in ("columns", "sort"):
        for place, name in enumerate(document.body.get(key, ())):
            if "." in name:
                findings.wait(document, (key, place), VALUE_WAITS, value=name)


def _waiting(
    value: Mapping[str, Any], done: Mapping[str, Any], path: Path
) -> Iterator[tuple[Path, str, Mapping[str, Any]]]:
    for key, inner in value.items():
        here, known = (*path, key), done.get(key, done.get(EVERY, DESCRIBING.get(key)))
        if known is DONE or not inner:
            continue
        if isinstance(known, tuple):
            if inner not in known:
                yield here, VALUE_WAITS, {"value": inner}
        elif known is None:
            yield here, KEY_WAITS, {"key": key}
        elif isinstance(inner, Mapping):
            yield from _waiting(_of_the_language(inner), known, here)


def _of_the_language(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the keys of a field without those that the plug-in of its type brings."""
    definitions = schemas()["field"]["$defs"]
    if settings.get("type", "text") in definitions["field"]["properties"]["type"]["enum"]:
        return settings
    common = definitions["plugged"]["properties"]
    return {key: value for key, value in settings.items() if key in common}
