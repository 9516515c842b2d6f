"""Every text of the shipped packs has a Chinese one, and no translation is left over."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from loomwork_metadata import pack_names

Document = dict[str, Any]
Packs = Mapping[str, Mapping[str, Document]]

SAME_IN_EVERY_LANGUAGE = {"entity/user#/fields/language/options/en/label"}


def texts_of(document: Document) -> Iterator[str]:
    """Yield the place of every text that the document shows to people."""
    at = f"{document['kind']}/{document['name']}#"
    yield f"{at}/label"
    if document["kind"] == "entity":
        yield f"{at}/plural"
        yield from texts_of_fields(at, document["fields"])
        yield from (f"{at}/checks/{name}/message" for name in document.get("checks", ()))
    for tab, value in document.get("tabs", {}).items():
        yield f"{at}/tabs/{tab}/label"
        yield from (f"{at}/tabs/{tab}/sections/{name}/label" for name in value["sections"])
    yield from texts_of_items(at, document.get("items", {}))


def texts_of_fields(at: str, fields: Mapping[str, Document]) -> Iterator[str]:
    """Yield the places of the labels, helps and options of an entity's fields."""
    for name, field in fields.items():
        yield f"{at}/fields/{name}/label"
        yield from (f"{at}/fields/{name}/{key}" for key in field if key == "help")
        yield from (
            f"{at}/fields/{name}/options/{option}/label" for option in field.get("options", ())
        )


def texts_of_items(at: str, items: Mapping[str, Document]) -> Iterator[str]:
    """Yield the places of the labels of navigation entries, groups included."""
    for name, item in items.items():
        yield f"{at}/items/{name}/label"
        yield from texts_of_items(f"{at}/items/{name}", item.get("items", {}))


@pytest.fixture(params=pack_names())
def pack(request: pytest.FixtureRequest, packs: Packs) -> Mapping[str, Document]:
    """Return each pack's documents in turn."""
    return packs[request.param]


def test_every_text_is_translated_and_no_translation_is_left_over(
    pack: Mapping[str, Document],
) -> None:
    wanted = {
        place
        for document in pack.values()
        if document["kind"] not in {"pack", "translation"}
        for place in texts_of(document)
    }
    assert set(pack["translations/zh_CN.json"]["texts"]) == wanted


def test_translations_are_chinese(pack: Mapping[str, Document]) -> None:
    foreign = {
        place
        for place, text in pack["translations/zh_CN.json"]["texts"].items()
        if not re.search("[\u4e00-\u9fff]", text)
    }
    assert foreign <= SAME_IN_EVERY_LANGUAGE


def test_no_two_fields_of_an_entity_share_a_chinese_label(pack: Mapping[str, Document]) -> None:
    labels = [
        (place.split("#")[0], text)
        for place, text in pack["translations/zh_CN.json"]["texts"].items()
        if re.fullmatch("entity/[^#]+#/fields/[^/]+/label", place)
    ]
    assert len(labels) == len(set(labels))
