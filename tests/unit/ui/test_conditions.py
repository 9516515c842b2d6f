"""Filter expressions as conditions and back."""

import ast
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loomwork.expressions.parse import parse
from loomwork.expressions.scope import EntityScope
from loomwork.expressions.semantics.times import hours
from loomwork.model.derived import result_of
from loomwork.model.entity import Field
from loomwork.model.text import Text
from loomwork.model.types.duration import DurationType
from loomwork.model.types.text import TextType
from loomwork.model.values import Duration
from loomwork.model.whole import Model
from loomwork_ui.listing.conditions import (
    WITHOUT_VALUE,
    both,
    join,
    operators,
    readable,
    split,
    words,
    write,
)

NAME = Field(name="name", type=TextType(), label=Text("Name"))
ID = "01a20055-fabd-7000-bfb1-b496fff0861b"
SAMPLES = {
    "boolean": "true",
    "date": "2026-01-31",
    "datetime": "2026-01-31T08:00:00+00:00",
    "id": ID,
    "decimal": "-12.50",
    "integer": "7",
    "link": ID,
    "long_text": "it's",
    "text": "it's",
    "person_name": "it's",
    "code": "A-1",
    "email": "ann@example.com",
    "phone": "+4930901820",
    "url": "https://example.com",
}


@pytest.mark.parametrize(
    ("expression", "parts"),
    [
        ("stage == 'won'", [("stage", "==", ("won",))]),
        ("stage in ['won', 'lost']", [("stage", "in", ("won", "lost"))]),
        ("amount > -5 and owner == user", [("amount", ">", ("-5",)), ("owner", "== user", ())]),
        ("close_date is None", [("close_date", "is None", ())]),
        ("close_date is not None", [("close_date", "is not None", ())]),
        ('contains(name, "it\'s")', [("name", "contains", ("it's",))]),
        ("amount > 1 or amount < 0", [("", "", ())]),
        ("close_date < date('2026-01-31')", [("close_date", "<", ("2026-01-31",))]),
        ("takes > hours(1.5)", [("takes", ">", ("PT1H30M",))]),
        ("takes <= -days(2)", [("takes", "<=", ("-P2D",))]),
        ("", []),
    ],
)
def test_a_filter_falls_into_its_conditions(
    expression: str, parts: list[tuple[str, str, tuple[str, ...]]]
) -> None:
    found = [(part.field, part.operator, part.values) for part in split(expression)]
    assert found == parts


@pytest.mark.parametrize("expression", ["a ==", "a) or (b", "(", "a b"])
def test_what_is_no_expression_is_not_readable(expression: str) -> None:
    assert not readable(expression)


def test_the_rest_of_a_filter_keeps_its_meaning_when_a_part_goes() -> None:
    parts = split("a == 1 and (b == 2 or c == 3) and d == 4")
    assert join(part.source for part in parts[1:]) == "(b == 2 or c == 3) and d == 4"
    assert join(part.source for part in parts[:2]) == "a == 1 and (b == 2 or c == 3)"


def test_every_condition_that_the_builder_offers_is_one_the_platform_takes(model: Model) -> None:
    for entity in model.entities.values():
        for field in entity.fields.values():
            type_ = result_of(field.type)
            sample = SAMPLES.get(type_.name) or next(iter(getattr(type_, "options", "")))
            for operator in operators(field):
                expression = write(field, operator, [sample])
                parse(expression, EntityScope(entity))
                [part] = split(expression)
                assert part.field == field.name
                assert words(part.operator, field.type.kind)


@given(text=st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), min_size=1))
def test_any_text_survives_the_way_into_an_expression_and_back(text: str) -> None:
    wanted = text if text.strip() else ""
    expression = write(NAME, "==", [text])
    values = [part.values for part in split(expression)]
    assert values == ([(wanted,)] if wanted else [])


def test_a_condition_without_its_value_is_none(model: Model) -> None:
    fields = model.entities["opportunity"].fields
    assert write(fields["amount"], ">", [""]) == ""
    assert [write(fields["owner"], sign, []) for sign in sorted(WITHOUT_VALUE)] == [
        "owner == user",
        "owner is None",
        "owner is not None",
    ]


def test_a_readers_filter_joins_that_of_the_view() -> None:
    assert both("a == 1 or b == 2", "c == 3") == "(a == 1 or b == 2) and (c == 3)"
    assert both("", "c == 3") == "c == 3"
    assert both("a == 1", "") == "a == 1"


@given(microseconds=st.integers(min_value=-(10**15), max_value=10**15))
def test_any_duration_survives_the_way_into_an_expression_and_back(microseconds: int) -> None:
    takes = Field(name="takes", type=DurationType(), label=Text("Takes"))
    expression = write(takes, ">", [Duration(microseconds).to_json()])
    [part] = split(expression)
    assert takes.type.parse(part.values[0]) == microseconds
    source = ast.parse(expression, mode="eval").body
    assert isinstance(source, ast.Compare)
    [amount] = ast.unparse(source.comparators[0]).removeprefix("hours(").split(")")[:1]
    assert hours(Decimal(amount)) == microseconds
