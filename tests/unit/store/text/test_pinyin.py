"""The table of readings: as its source makes it, small, and with the readings people use."""

import runpy
from pathlib import Path

import pytest

from loomwork.store.text.pinyin import spelt, table

MAKER = Path(__file__).parents[4] / ".ci/make_readings.py"


def test_the_file_is_what_its_command_makes() -> None:
    pytest.importorskip("pypinyin", reason="pip install pypinyin")
    maker = runpy.run_path(str(MAKER))
    assert maker["TARGET"].read_text(encoding="utf-8") == maker["made"]()


@pytest.mark.parametrize(
    ("character", "readings"),
    [
        ("江", ("jiang",)),
        ("重", ("zhong", "chong")),
        ("行", ("xing", "hang")),
        ("绿", ("lv", "lu")),
        ("a", ()),
        ("㐀", ()),
    ],
)
def test_characters_have_the_readings_in_use(character: str, readings: tuple[str, ...]) -> None:
    assert table().readings(character)[:2] == readings


def test_places_follow_pinyin() -> None:
    places = [table().place(character) for character in "阿安李欧苏王张"]
    assert places == sorted(places)
    assert table().place("a") == 0


def test_a_run_is_spelt_from_each_character_on_in_full_and_by_initials() -> None:
    assert spelt("江南") == ["jiangnan", "jn", "nan", "n"]


def test_variants_stay_few_however_many_readings_there_are() -> None:
    assert len(spelt("重行" * 16)) <= 32 * 2 * 4
