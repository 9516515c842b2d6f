"""Types that are known by name only: how expressions see their values."""

import random

import pytest

from loomwork.model.kinds import Kind
from loomwork.model.storage import StorageKind
from loomwork.model.text import Text
from loomwork.model.types.declared import DeclaredType


def declared(**settings: object) -> DeclaredType:
    def text(pointer: str, source: str) -> Text:
        del pointer
        return Text(source)

    return DeclaredType.from_document(settings, text)


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ({"type": "money"}, Kind.NUMBER),
        ({"type": "duration"}, Kind.DURATION),
        ({"type": "email"}, Kind.TEXT),
        ({"type": "email", "many": True}, Kind.TEXTS),
        ({"type": "multi_select", "options": {"a": {}}}, Kind.TEXTS),
        ({"type": "links", "to": "note"}, Kind.LINKS),
        ({"type": "image", "many": True}, Kind.LINKS),
        ({"type": "formula", "result": "percent"}, Kind.NUMBER),
        ({"type": "formula", "result": "link", "to": "note"}, Kind.LINK),
    ],
)
def test_a_declared_type_has_a_kind(settings: dict[str, object], kind: Kind) -> None:
    type_ = declared(**settings)
    assert type_.usable
    assert type_.kind is kind


@pytest.mark.parametrize("name", ["json", "geo", "secret", "lookup", "rollup"])
def test_a_type_without_a_kind_cannot_be_named(name: str) -> None:
    assert not declared(type=name).usable


def test_a_number_has_an_order_and_places() -> None:
    money = declared(type="money")
    assert "<" in money.filter_operators
    assert money.storage.kind is StorageKind.DECIMAL


def test_of_a_file_only_its_presence_can_be_asked() -> None:
    assert declared(type="file").filter_operators == ("is None",)


def test_options_have_labels_and_links_an_entity() -> None:
    chosen = declared(type="multi_select", options={"a_b": {}, "c": {"label": "See"}})
    assert [option.label.source for option in chosen.options.values()] == ["A b", "See"]
    assert declared(type="links", to="note").entity == "note"
    assert declared(type="reference", to=["a", "b"]).entity == ""


def test_a_kind_that_is_found_out_later_makes_the_type_usable() -> None:
    known = declared(type="lookup").of_kind(Kind.DATE)
    assert known.usable
    assert (known.kind, "<" in known.filter_operators) == (Kind.DATE, True)


def test_every_value_is_taken_and_none_is_made() -> None:
    type_ = declared(type="geo")
    assert type_.parse("x") == "x"
    assert type_.sample(random.Random(1)) is None
