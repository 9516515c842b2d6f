"""Types that are known by name only, such as that of a plug-in which is not installed."""

import random

from loomwork.model.kinds import Kind
from loomwork.model.text import Text
from loomwork.model.types.declared import DeclaredType


def declared(**settings: object) -> DeclaredType:
    def text(pointer: str, source: str) -> Text:
        del pointer
        return Text(source)

    return DeclaredType.from_document(settings, text)


def test_a_type_without_a_kind_cannot_be_named() -> None:
    assert declared(type="iban").kind is Kind.TEXT
    assert not declared(type="iban").usable
    assert declared(type="iban").filter_operators == ("is None",)


def test_options_have_labels_and_links_an_entity() -> None:
    chosen = declared(type="iban", options={"a_b": {}, "c": {"label": "See"}})
    assert [option.label.source for option in chosen.options.values()] == ["A b", "See"]
    assert declared(type="iban", to="note").entity == "note"
    assert declared(type="iban", to=["a", "b"]).entity == ""


def test_every_value_is_taken_and_none_is_made() -> None:
    type_ = declared(type="iban")
    assert type_.parse("x") == "x"
    assert type_.sample(random.Random(1)) is None
