"""What is checked and not carried out is said, key by key; what is carried out is not."""

from pathlib import Path

import pytest

from loomwork.catalog.documents import KINDS, read_pack
from loomwork.catalog.pending import CARRIED_OUT
from loomwork.catalog.references.kinds import CHECKS
from loomwork_metadata import pack_folder
from tests.documents import Body, PackBuilder
from tests.unit.catalog.problems import compiled, entity, field, grants

VIEW: Body = {
    "kind": "view",
    "name": "all_notes",
    "entity": "note",
    "type": "list",
    "columns": ["name"],
}
FLOW: Body = {
    "kind": "segment",
    "name": "large",
    "entity": "note",
    "filter": "size > 5",
}


def waiting(*documents: Body, **pack: object) -> list[str]:
    model = compiled(PackBuilder(*documents, **pack).read())
    return [one.pointer for one in model.pending]


@pytest.mark.parametrize(
    ("document", "pointers"),
    [
        (
            field(type="text", privacy={"category": "identity", "mask": "last4"}),
            ["/fields/one/privacy"],
        ),
        (field(type="text", encrypted=True), []),
        (field(type="phone", region="DE", unique=True, search=True), []),
        (field(type="barcode", format="qr"), []),
        (field(type="rating", max=7, indexed=True), []),
        (field(type="duration", min="15min", max="4w", default="30min"), []),
        (field(type="text", label="One", help="Yes.", deprecated=True), []),
        (field(type="text", renamed_from="two"), []),
        (field(type="link", to="note", on_delete="clear", filter="name != this.name"), []),
        (field(type="links", to="note", inverse="ones"), ["/fields/one/inverse"]),
        (field(type="reference", to=["note"], inverse="ones"), ["/fields/one/inverse"]),
        (entity(title={"is": "concat(name, '!')"}), ["/title/is"]),
        (entity(title={"is": "name"}), []),
        (entity(features={"history": True, "timeline": True}), ["/features/timeline"]),
        (entity(unique={"one": {"fields": ["name"]}}), ["/unique"]),
        (entity(checks={"a": {"must": "size > 1"}}, completeness={"size": 1}), []),
    ],
)
def test_a_key_of_an_entity_waits_or_is_carried_out(document: Body, pointers: list[str]) -> None:
    assert waiting(document) == pointers


@pytest.mark.parametrize(
    ("document", "pointers"),
    [
        (VIEW, []),
        ({**VIEW, "columns": ["name", "owner.name"]}, ["/columns/1"]),
        ({**VIEW, "totals": ["size"]}, ["/totals"]),
        (
            {**VIEW, "type": "kanban", "group": "owner", "card": ["name"], "columns": None},
            ["/type", "/group", "/card"],
        ),
        (grants(read=True), []),
        (grants(read=True, export=False), []),
        (grants(read=True, export=True), ["/grants/note/export"]),
        (FLOW, [""]),
    ],
)
def test_a_key_of_another_kind_waits_or_is_carried_out(document: Body, pointers: list[str]) -> None:
    said = {key: value for key, value in document.items() if value is not None}
    assert waiting(entity(), said) == pointers


def test_what_a_pack_needs_waits() -> None:
    assert waiting(entity(), needs={"scripts": True, "plugins": []}) == ["/needs/scripts"]


def test_the_sentence_names_what_waits() -> None:
    model = compiled(PackBuilder(entity(features={"timeline": True})).read())
    (one,) = model.pending
    sentence = "The key “timeline” is checked, but not carried out yet."
    assert one.what.format(**one.context) == sentence
    assert (one.kind, one.name, one.file) == ("entity", "note", "workshop/entities/note.json")


def test_every_kind_is_built_or_checked() -> None:
    assert set(CARRIED_OUT) | set(CHECKS) == set(KINDS)
    assert not set(CARRIED_OUT) & set(CHECKS)


@pytest.mark.parametrize("pack", ["base", "sales"])
def test_the_shipped_packs_say_only_what_is_carried_out(pack: str) -> None:
    folder = pack_folder(pack)
    assert isinstance(folder, Path)
    packs = [] if pack == "base" else [read_pack(folder)]
    assert compiled(*packs).pending == ()
