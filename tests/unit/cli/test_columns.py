"""Lines for a terminal: nothing is lost, nothing is too wide, Chinese counts double."""

from hypothesis import given
from hypothesis import strategies as st

from loomwork.cli.columns import ROOM, WIDTH, aligned, width, wrapped

WORDS = st.text(alphabet="ab中，。“1 (", max_size=200).map(str.strip).filter(bool)


@given(text=WORDS)
def test_wrapped_text_is_whole_and_fits_as_far_as_words_allow(text: str) -> None:
    lines = list(wrapped(text, first="  ! ", later="    "))
    assert lines[0].startswith("  ! ")
    told = "".join("".join(line[4:].split()) for line in lines)
    assert told == "".join(text.split())
    longest = max(width(word) for word in text.split())
    assert all(width(line) <= max(WIDTH, 4 + longest) for line in lines)


def test_what_closes_a_sentence_does_not_begin_a_line() -> None:
    lines = list(wrapped("中" * 39 + "。" + "中" * 39 + "。", first="", later=""))
    assert not any(line.startswith("。") for line in lines)


def test_a_chinese_character_takes_two_columns_and_an_accent_none() -> None:
    assert [width(text) for text in ("ab", "中文", "e\N{COMBINING ACUTE ACCENT}", "，")] == [
        2,
        4,
        1,
        2,
    ]


def test_numbers_stand_below_each_other_whatever_the_text_is() -> None:
    lines = [list(aligned(text, "7 records", "~2 s"))[-1] for text in ("a", "中文", "x" * 70)]
    assert {width(line) for line in lines} == {WIDTH}
    assert all(line.endswith("~2 s") for line in lines)
    assert lines[2].startswith(" " * ROOM)
    assert list(aligned("only", "", "")) == ["only"]
