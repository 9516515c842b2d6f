"""Widgets of values that are more than text: what they show, and what they read back."""

import re
from decimal import Decimal
from typing import Any

import pytest

from loomwork.extension.field_types import field_types
from loomwork.model.entity import Field
from loomwork.model.text import Text
from loomwork.model.values import Duration, JsonText
from loomwork_ui.reader import Reader
from loomwork_ui.widgets.bars import code128, ean13, svg
from loomwork_ui.widgets.base import Widget
from loomwork_ui.widgets.registry import registry
from loomwork_ui.widgets.squares import squares

HOSTILE = '"><img src=x onerror=alert(1)>'
TYPES = (
    "rich_text", "email", "phone", "url", "person_name", "code", "color", "barcode", "json",
    "time", "percent", "rating", "duration",
)  # fmt: skip


def widget(name: str, **settings: Any) -> Widget:
    type_ = field_types()[name].from_document(settings, lambda _, source: Text(source))
    return registry().widget(Field(name="it", type=type_, label=Text("It")), "en")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("email", "ann@example.com", "ann@example.com"),
        ("phone", "+4930901820;ext=12", "+49 30 901820 ext. 12"),
        ("phone", "call me", "call me"),
        ("url", "https://xn--fsqu00a.xn--55qx5d/x", "https://例子.公司/x"),
        ("percent", Decimal("1250.50"), "1,250.50 %"),
        ("rating", 4, "4 of 5 stars"),
        ("duration", Duration(5_400_000_000), "1 h 30 min"),
        ("duration", Duration(-90_061_500_000), "−1 d 1 h 1 min 1.5 s"),
        ("duration", Duration(0), "0 s"),
        ("time", "09:30", "09:30"),
        ("rich_text", "<p>a &amp; <b>b</b></p>", "a & b"),
        ("code", "A-1", "A-1"),
    ],
)
def test_values_are_written_for_people(reader: Reader, name: str, value: Any, words: str) -> None:
    assert widget(name).words(value, reader) == words


@pytest.mark.parametrize(
    ("name", "typed", "parsed"),
    [
        ("percent", " 1,250.5 % ", "1250.5"),
        ("percent", "１２％", "12"),
        ("url", "example.com", "https://example.com"),
        ("url", "javascript:x", "javascript:x"),
        ("url", "", ""),
        ("time", "9:30", "09:30"),
        ("time", "soon", "soon"),
        ("duration", " 1h 30min ", "1h 30min"),
        ("phone", "030 1", "030 1"),
    ],
)
def test_what_is_typed_is_read(reader: Reader, name: str, typed: str, parsed: object) -> None:
    assert widget(name).parse({"it": typed}, reader) == parsed


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("email", "ann@example.com"),
        ("phone", "+4930901820;ext=12"),
        ("url", "https://xn--fsqu00a.xn--55qx5d/x"),
        ("percent", Decimal("1250.50")),
        ("rating", 4),
        ("duration", Duration(93_661_500_000)),
        ("duration", Duration(-60_000_000)),
        ("duration", Duration(0)),
        ("time", "09:30:15"),
        ("json", JsonText('{"a": [1.50, {"b": []}], "c": "é\\n"}')),
        ("rich_text", "<p>a</p>"),
        ("color", "#aabbcc"),
    ],
)
def test_what_an_input_shows_reads_back_as_the_same_value(
    reader: Reader, name: str, value: Any
) -> None:
    shown = widget(name)
    read = shown.parse({"it": shown.entered(value, reader)}, reader)
    kept = shown.field.type.parse(read)
    assert re.sub(r"\s", "", str(kept)) == re.sub(r"\s", "", str(value))


@pytest.mark.parametrize("name", sorted(set(TYPES) - {"rating", "percent", "duration"}))
def test_nothing_that_was_ever_kept_becomes_markup(reader: Reader, name: str) -> None:
    shown = widget(name)
    for html in (shown.display(HOSTILE, reader), shown.cell(HOSTILE, reader)):
        assert "<img" not in html


@pytest.mark.parametrize("name", TYPES)
def test_nothing_is_shown_of_what_is_missing(reader: Reader, name: str) -> None:
    shown = widget(name)
    assert shown.display(None, reader) == shown.cell(None, reader) == ""
    assert shown.entered(None, reader) == ""


@pytest.mark.parametrize(
    ("name", "value", "address"),
    [
        ("email", "ann+x@example.com", "mailto:ann%2Bx@example.com"),
        ("phone", "+4930901820;ext=12", "tel:+4930901820;ext=12"),
        ("url", "https://example.com/a?b=1&c", "https://example.com/a?b=1&amp;c"),
    ],
)
def test_contacts_are_links(reader: Reader, name: str, value: str, address: str) -> None:
    assert f'href="{address}"' in widget(name).display(value, reader)


@pytest.mark.parametrize("name", ["url", "phone", "email"])
def test_no_link_leads_to_what_could_run(reader: Reader, name: str) -> None:
    for html in (
        widget(name).display("javascript:alert(1)", reader),
        widget(name).cell("javascript:alert(1)", reader),
    ):
        assert 'href="javascript' not in html


def test_a_code_is_drawn_with_bars_of_the_right_widths() -> None:
    # Each value of Code 128 is eleven modules wide, the stop thirteen.
    assert sum(map(int, code128("A1234"))) == 11 * 7 + 13
    assert sum(map(int, code128("123456"))) == 11 * 5 + 13
    assert sum(map(int, code128("1234567"))) == 11 * 7 + 13
    assert sum(map(int, ean13("4006381333931"))) == 95
    assert svg("111").count("M") == 2


@pytest.mark.parametrize("text", ["", "ä", "a\n"])
def test_what_has_no_bars_is_not_drawn(text: str) -> None:
    with pytest.raises(ValueError, match=rf"^{re.escape(text)}$"):
        code128(text)


@pytest.mark.parametrize("format_", ["code128", "ean13", "qr"])
def test_a_page_draws_a_code_by_its_format(reader: Reader, format_: str) -> None:
    shown = widget("barcode", format=format_)
    assert "<svg" in shown.display("4006381333931", reader)
    assert "<svg" not in shown.cell("4006381333931", reader)


def test_what_is_no_code_of_the_format_is_shown_as_text(reader: Reader) -> None:
    assert "<svg" not in widget("barcode", format="ean13").display("old", reader)


def test_a_qr_code_is_square_and_light_around() -> None:
    assert re.search(r'viewBox="0 0 (\d+) \1"', squares("https://例子.公司"))
