"""Types whose values have parts, and types with many values: laws and hostile inputs."""

import random
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loomwork.errors import InvalidError
from loomwork.extension.field_types import field_types
from loomwork.model.entity import Field
from loomwork.model.field_type import FieldType
from loomwork.model.text import Text
from loomwork.model.types.address import one_line
from loomwork.model.types.geo import NOT_A_PLACE
from loomwork.model.types.several import MOST, several
from loomwork.model.types.text import TextType

SETTINGS: Mapping[str, Mapping[str, Any]] = {
    "money": {"type": "money", "places": 3},
    "address": {"type": "address"},
    "geo": {"type": "geo"},
    "reference": {"type": "reference", "to": ["account", "contact"]},
    "multi_select": {"type": "multi_select", "options": {"a": {}, "b": {}, "c": {}}},
    "tags": {"type": "tags"},
    "links": {"type": "links", "to": "account"},
}
TYPES: Mapping[str, FieldType] = {
    name: field_types()[name].from_document(settings, lambda _, source: Text(source))
    for name, settings in SETTINGS.items()
}
WITH_PARTS = sorted(name for name, type_ in TYPES.items() if type_.parts)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["amount", "currency", "city", "latitude", "longitude", "entity", "id", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


class Euros:
    """A site that counts in euros and knows one rate."""

    currency = "EUR"

    def rate(self, currency: str) -> Decimal | None:
        return {"USD": Decimal("0.9")}.get(currency)


def field(name: str) -> Field:
    return Field(name="f", type=TYPES[name], label=Text("f"))


def composed(name: str, value: Any) -> Mapping[str, Any]:
    type_ = TYPES[name]
    return type_.compose({"": None, **type_.spread(value)}, Euros())


@pytest.mark.parametrize("name", WITH_PARTS)
@given(seed=st.integers(0, 2**32))
def test_what_is_shown_is_read_back_as_the_same(name: str, seed: int) -> None:
    type_ = TYPES[name]
    kept = composed(name, type_.parse(type_.sample(random.Random(seed))))
    assert kept.keys() == {"", *(part.name for part in type_.parts)}
    assert composed(name, type_.parse(type_.gather(kept))) == kept


@pytest.mark.parametrize("name", sorted(TYPES))
@given(seed=st.integers(0, 2**32))
def test_a_cell_of_a_file_is_read_back_as_the_same(name: str, seed: int) -> None:
    type_ = TYPES[name]
    value = type_.parse(type_.sample(random.Random(seed)))
    read = type_.parse_text(type_.to_text(value))
    assert read is not None
    assert type_.to_text(read) == type_.to_text(value)


def read_or_refused(name: str, value: Any) -> tuple[str, ...]:
    """Return the keys under which a row has what was read, or the codes of the refusal."""
    try:
        return tuple(field(name).spread(TYPES[name].parse(value)))
    except InvalidError as error:
        return tuple(f"refused: {problem.code}" for problem in error.problems)


@pytest.mark.parametrize("name", sorted(TYPES))
@given(value=ANYTHING.filter(lambda value: value is not None))
def test_whatever_is_given_is_read_or_refused(name: str, value: Any) -> None:
    found = read_or_refused(name, value)
    assert found == field(name).keys or {one[:8] for one in found} == {"refused:"}


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("EUR 1,200.50", "1200.500", "EUR"),
        ("1200.5 usd", "1200.500", "USD"),
        ("-3", "-3.000", None),
    ],
)
def test_an_amount_in_a_file_may_say_its_currency(
    text: str, amount: str, currency: str | None
) -> None:
    assert TYPES["money"].parse_text(text) == {"value": Decimal(amount), "currency": currency}


def test_what_an_amount_is_worth_is_rounded_half_away_from_zero() -> None:
    for written, worth in (("0.005", "0.005"), ("-0.005", "-0.005"), ("0.015", "0.014")):
        kept = composed("money", TYPES["money"].parse({"amount": written, "currency": "USD"}))
        assert kept[""] == Decimal(worth), written


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        ({"province": "江苏省", "city": "苏州市", "street": "人民路1号"}, "江苏省苏州市人民路1号"),
        ({"street": "Main St 1", "city": "Ulm", "postcode": "89073"}, "Main St 1, 89073 Ulm"),
        ({"city": "Paris", "country": "FR"}, "Paris, FR"),
        ({}, None),
    ],
)
def test_an_address_on_one_line_goes_the_way_of_its_language(
    parts: Mapping[str, str], line: str | None
) -> None:
    assert one_line(parts) == line


def test_many_values_are_told_apart_by_their_place_where_one_is_wrong() -> None:
    with pytest.raises(InvalidError) as refused:
        TYPES["multi_select"].parse(["a", "x", "b", 7])
    assert [problem.pointer for problem in refused.value.problems] == ["/1", "/3"]
    with pytest.raises(InvalidError):
        TYPES["tags"].parse([str(number) for number in range(MOST + 1)])


def test_of_tags_that_look_alike_the_first_is_kept() -> None:
    given_ = ["Größe", "größe", "X", "x", "a\u200bb", "ab", "A  B", "a b", "É", "e\u0301", "E"]
    assert TYPES["tags"].parse(given_) == ("Größe", "X", "a\u200bb", "A  B", "É", "E")
    assert TYPES["tags"].parse_text("Red; RED; blue") == ("Red", "blue")


@pytest.mark.parametrize(
    ("value", "degrees"),
    [
        (
            {"latitude": 52.520006599999995, "longitude": -13.4049540000000012},
            "52.520007,-13.404954",
        ),
        ({"latitude": "89.99999999", "longitude": "-180.000000"}, "90.000000,-180.000000"),
        ("52.520006599999995, 13.404954", "52.520007,13.404954"),
        ({"latitude": -1e-9, "longitude": 0}, "0.000000,0.000000"),
    ],
)
def test_degrees_are_rounded_to_what_is_kept(value: object, degrees: str) -> None:
    assert TYPES["geo"].to_text(TYPES["geo"].parse(value)) == degrees


@pytest.mark.parametrize(
    "value", [{"latitude": None, "longitude": None}, {"latitude": "", "longitude": " "}, " "]
)
def test_a_place_without_any_number_is_none(value: object) -> None:
    assert TYPES["geo"].parse(value) is None


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"latitude": 1}, {"/longitude": "The longitude is missing."}),
        ({"latitude": None, "longitude": 1}, {"/latitude": "The latitude is missing."}),
        (
            {"latitude": 90.0000001, "longitude": "x"},
            {
                "/latitude": "The latitude is a number of degrees from -90 to 90.",
                "/longitude": "The longitude is a number of degrees from -180 to 180.",
            },
        ),
        (
            {"latitude": True, "longitude": 1},
            {"/latitude": "The latitude is a number of degrees from -90 to 90."},
        ),
        ({"lat": 1, "lon": 1}, {"": NOT_A_PLACE}),
        ({}, {"": NOT_A_PLACE}),
        ("52.5", {"": NOT_A_PLACE}),
    ],
)
def test_a_place_tells_which_number_is_wrong(value: object, told: Mapping[str, str]) -> None:
    with pytest.raises(InvalidError) as refused:
        TYPES["geo"].parse(value)
    assert {one.pointer: one.message() for one in refused.value.problems} == told
    assert {one.code for one in refused.value.problems} == {"not_a_place"}


def test_a_currency_alone_is_no_amount() -> None:
    with pytest.raises(InvalidError) as refused:
        TYPES["money"].parse({"currency": "EUR"})
    assert [(one.pointer, one.code) for one in refused.value.problems] == [("/amount", "not_money")]
    assert TYPES["money"].parse({"amount": None, "currency": "EUR"}) is None


def test_a_type_that_has_many_values_already_stays_as_it_is() -> None:
    assert several(TYPES["tags"]) is TYPES["tags"]
    assert several(TextType()).parse(["a", " a ", "b"]) == ("a", "b")
