"""Widgets of fields with parts and of fields with many values."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from loomwork.extension.field_types import field_types
from loomwork.model.entity import Field
from loomwork.model.text import Text
from loomwork_ui.forms.sent import sent_form
from loomwork_ui.reader import Reader, reader_now
from loomwork_ui.widgets.base import Widget
from loomwork_ui.widgets.registry import registry

HOSTILE = '"><img src=x onerror=alert(1)>'
ID = UUID("0190a000-0000-7000-8000-000000000000")
BERLIN = {"street": "Hauptstr. 1", "city": "Berlin", "postcode": "10115", "country": "DE"}
SUZHOU = {"province": "江苏省", "city": "苏州市", "street": "人民路1号", "country": "CN"}
OPTIONS = {"options": {"mail": {"label": "Mail"}, "web": {"label": "Web"}}}
SETTINGS: dict[str, dict[str, Any]] = {
    "multi_select": OPTIONS,
    "links": {"to": "place"},
    "reference": {"to": ["place", "deal"]},
}
SAMPLES: list[tuple[str, Any]] = [
    ("money", {"amount": Decimal("1200.50"), "currency": "USD"}),
    ("address", BERLIN),
    ("address", SUZHOU),
    ("geo", {"latitude": Decimal("31.230400"), "longitude": Decimal("-121.000000")}),
    ("multi_select", ("web", "mail")),
    ("tags", ("a b", "山")),
]


def widget(name: str, locale: str = "en", **settings: Any) -> Widget:
    given_ = {**SETTINGS.get(name, {}), **settings}
    type_ = field_types()[name].from_document(given_, lambda _, source: Text(source))
    return registry().widget(Field(name="it", type=type_, label=Text("It")), locale)


@pytest.mark.parametrize(
    ("name", "locale", "value", "words"),
    [
        ("money", "en", {"amount": Decimal("1200.50"), "currency": "EUR"}, "€1,200.50"),
        ("money", "zh_CN", {"amount": Decimal("1200.50"), "currency": "USD"}, "US$1,200.50"),
        ("money", "en", {"amount": Decimal("-3.00"), "currency": None}, "-CN¥3.00"),
        ("address", "en", BERLIN, "Hauptstr. 1, 10115 Berlin, Germany"),
        ("address", "zh_CN", BERLIN, "Hauptstr. 1, 10115 Berlin, 德国"),
        ("address", "zh_CN", SUZHOU, "中国 江苏省苏州市人民路1号"),
        ("geo", "en", {"latitude": "31.230400", "longitude": "-121.000000"}, "31.2304, -121"),
        ("multi_select", "en", ("web", "gone"), "Web, gone"),
        ("links", "en", ({"id": ID, "title": "Kiel"},), "Kiel"),
        ("reference", "en", {"entity": "place", "id": ID, "title": "Kiel"}, "Kiel"),
    ],
)
def test_values_are_written_for_people(name: str, locale: str, value: Any, words: str) -> None:
    reader = Reader(
        locale=locale,
        zone=reader_now(locale).zone,
        now=reader_now(locale).now,
        currency="CNY",
    )
    assert widget(name, locale).words(value, reader) == words


@pytest.mark.parametrize(
    ("name", "typed", "parsed"),
    [
        ("money", "1,200.5\n usd ", {"amount": "1200.5", "currency": "USD"}),
        ("money", "１２００", {"amount": "1200"}),
        ("money", "\nEUR", ""),
        (
            "address",
            "DE\n\nBerlin\n\n\n10115",
            {"country": "DE", "city": "Berlin", "postcode": "10115"},
        ),
        ("address", "DE\n\n\n\n\n", ""),
        ("geo", "31.23, 121.47\n", {"latitude": "31.23", "longitude": "121.47"}),
        ("geo", "31.23\n121.47", {"latitude": "31.23", "longitude": "121.47"}),
        ("geo", "\n", ""),
        ("multi_select", "web\nmail", ["web", "mail"]),
        ("tags", " a \n\nb\na", ["a", "b"]),
        ("links", f"{ID}", [str(ID)]),
        ("links", "", []),
        ("reference", f"place:{ID}", {"entity": "place", "id": str(ID)}),
        ("reference", "", ""),
    ],
)
def test_what_is_typed_is_read(reader: Reader, name: str, typed: str, parsed: object) -> None:
    assert widget(name).parse({"it": typed}, reader) == parsed


@pytest.mark.parametrize(("name", "value"), SAMPLES)
def test_what_inputs_show_reads_back_as_the_same_value(
    reader: Reader, name: str, value: Any
) -> None:
    shown = widget(name)
    type_ = shown.field.type
    kept = type_.parse(shown.parse({"it": shown.entered(value, reader)}, reader))
    again = Field(name="it", type=type_, label=Text("It"))
    read = again.gather(again.spread(kept)) if type_.parts else kept
    assert read == value


@given(
    parts=st.lists(
        st.text(st.characters(exclude_categories=("Cc", "Cs", "Z")), max_size=8),
        min_size=6,
        max_size=6,
    )
)
def test_any_address_reads_back_as_it_was_typed(parts: list[str]) -> None:
    shown, reader = widget("address"), reader_now("en")
    form = sent_form(MultiDict([("it", part) for part in parts]))
    read = shown.parse(form, reader)
    entered = shown.entered(read or None, reader)
    assert shown.parse({"it": entered}, reader) == read


def test_inputs_of_one_name_come_as_lines_and_no_value_adds_one() -> None:
    form = MultiDict([("a", "x\r\ny"), ("b", "1\n2"), ("b", "3"), ("_version", "4")])
    assert sent_form(form) == {"a": "x\r\ny", "b": "1 2\n3", "_version": "4"}


@pytest.mark.parametrize("name", ["money", "address", "geo", *SETTINGS, "tags"])
def test_nothing_is_shown_of_what_is_missing(reader: Reader, name: str) -> None:
    shown = widget(name)
    assert shown.display(None, reader) == shown.cell(None, reader) == ""
    assert shown.entered(None, reader) == ""
    assert not shown.parse({"it": ""}, reader)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("money", {"amount": Decimal(1), "currency": HOSTILE}),
        ("address", {"city": HOSTILE, "country": HOSTILE}),
        ("multi_select", (HOSTILE,)),
        ("tags", (HOSTILE,) * 9),
        ("links", ({"id": ID, "title": HOSTILE},)),
        ("reference", {"entity": "place", "id": ID, "title": HOSTILE}),
    ],
)
def test_nothing_that_was_ever_kept_becomes_markup(reader: Reader, name: str, value: Any) -> None:
    shown = widget(name)
    assert "<img" not in shown.display(value, reader) + shown.cell(value, reader)


def test_a_list_shows_a_few_of_many_values_and_counts_the_others(reader: Reader) -> None:
    cell = widget("tags").cell(tuple("abcdef"), reader)
    assert cell.count('class="tag"') == 4
    assert '<span class="more" title="e, f">+2</span>' in cell


def test_a_record_that_may_not_be_read_is_hidden_in_a_reference(reader: Reader) -> None:
    assert "•••" in widget("reference").display({"entity": "place", "id": ID}, reader)
