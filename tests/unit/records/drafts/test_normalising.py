"""What is done to texts before their types read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loomwork.model.entity import Field
from loomwork.model.field_type import FieldType
from loomwork.model.text import Text
from loomwork.model.types.long_text import LongTextType
from loomwork.model.types.text import TextType
from loomwork.records.drafts.normalising import NORMALISATIONS, normalised


def field(*names: str, type_: FieldType | None = None) -> Field:
    return Field(name="f", type=type_ or TextType(), label=Text("f"), normalise=names)


@pytest.mark.parametrize(
    ("names", "text", "result"),
    [
        (["trim"], "\u3000 a b\n\t", "a b"),
        (["collapse"], " a \t\r\n b\u3000c ", " a b c "),
        (["compact"], " a \t\r\n b\u3000c ", "abc"),
        (["halfwidth"], "ＡＢ－１２３！～　ｱ", "AB-123!~ ｱ"),
        (["digits"], "+４９ (0) 30/12-34", "490301234"),
        (["digits"], "none", ""),
        (["upper"], "straße ﬁ é", "STRAßE ﬁ É"),
        (["lower"], "ÄΣ", "äσ"),
        (["halfwidth", "compact", "upper"], " ａ b ", "AB"),
        ([], " a ", " a "),
    ],
)
def test_each_does_what_it_says_in_the_order_written(
    names: list[str], text: str, result: str
) -> None:
    assert normalised(field(*names), text) == result


def test_in_long_texts_line_breaks_stay() -> None:
    long = field("collapse", type_=LongTextType())
    assert normalised(long, "a  \t b\n\n  c") == "a b\n\n c"


@pytest.mark.parametrize("value", [None, 5, True, ["a"], {"a": "b"}])
def test_what_is_no_text_stays_for_its_type_to_refuse(value: object) -> None:
    assert normalised(field("trim", "upper"), value) == value


@given(st.text(), st.lists(st.sampled_from(sorted(NORMALISATIONS)), max_size=4))
def test_once_is_enough(text: str, names: list[str]) -> None:
    once = normalised(field(*names), text)
    assert normalised(field(*names), once) == once
