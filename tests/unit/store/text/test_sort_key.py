"""Sort keys put texts into one order that engines reach by comparing characters."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loomwork.store.text.sort_key import LONGEST, sort_key


@pytest.mark.parametrize(
    "names",
    [
        ("阿", "李四", "欧阳", "苏州", "王五", "张三"),
        ("Aal", "Müller", "Zebra", "安"),
        ("ost", "Öster", "Ostsee"),
        ("9", "10", "100", "a"),
        ("INV-9", "INV-10", "INV-010a"),
        ("a b", "a-b", "a1", "ab"),
        ("Łódź", "Lodzer", "Łomża"),
        ("~", "0", "a", "я", "あ", "江"),
        ("江北", "江南", "江西"),
    ],
)
def test_names_sort_as_people_expect(names: tuple[str, ...]) -> None:
    keys = [sort_key(name) or "" for name in names]
    assert all(one < two for one, two in pairwise(keys))


@pytest.mark.parametrize(("one", "two"), [("Müller", "MULLER"), ("Straße", "strasse"), ("１", "1")])
def test_case_accents_and_width_make_no_difference(one: str, two: str) -> None:
    assert sort_key(one) == sort_key(two)


@given(st.text(max_size=200))
def test_keys_are_short_and_never_empty(text: str) -> None:
    key = sort_key(text)
    assert key is None or 0 < len(key) <= LONGEST


@given(st.integers(0, 10**30), st.integers(0, 10**30))
def test_numbers_sort_by_their_value(one: int, two: int) -> None:
    keys = (sort_key(f"No. {one}") or "", sort_key(f"No. {two}") or "")
    assert (keys[0] < keys[1]) is (one < two)
