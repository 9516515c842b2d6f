"""Patches of lists of names, and orders: what is kept, what moves, what a missing anchor does."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loomwork.catalog.lists import is_list_patch, patched, reordered

NAMES = st.sampled_from("abcdefgh")
LISTS = st.lists(NAMES, max_size=6)
UNIQUE = st.lists(NAMES, max_size=6, unique=True)
PLACED = st.dictionaries(NAMES, LISTS, max_size=3)
PATCHES = st.fixed_dictionaries(
    {}, optional={"$add": LISTS, "$remove": LISTS, "$before": PLACED, "$after": PLACED}
)


def made(items: list[str], **patch: Any) -> list[str]:
    changed, _ = patched(items, {f"${word}": said for word, said in patch.items()})
    return [item.value for item in changed]


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        ({}, "abc"),
        ({"add": ["d"]}, "abcd"),
        ({"add": ["b", "d", "d"]}, "abcd"),
        ({"remove": ["b", "x"]}, "ac"),
        ({"before": {"b": ["x", "y"]}}, "axybc"),
        ({"after": {"b": ["x", "y"]}}, "abxyc"),
        ({"after": {"c": ["a"]}}, "bca"),
        ({"before": {"a": ["c"]}}, "cab"),
        ({"before": {"b": ["b"]}}, "abc"),
        ({"after": {"missing": ["x"]}}, "abcx"),
        ({"after": {"missing": ["a"]}}, "abc"),
        ({"remove": ["b"], "after": {"b": ["x"]}}, "acx"),
        ({"remove": ["a"], "add": ["a"]}, "bca"),
        ({"after": {"x": ["y"], "a": ["x"]}}, "axybc"),
        ({"before": {"x": ["y"]}, "after": {"y": ["x"]}}, "abcyx"),
    ],
)
def test_a_patch_adds_removes_and_moves(patch: dict[str, Any], expected: str) -> None:
    assert made(list("abc"), **patch) == list(expected)


def test_a_missing_anchor_is_named_by_its_place() -> None:
    _, lost = patched(["a"], {"$before": {"x": ["b"]}, "$after": {"a": ["c"], "y": ["d"]}})
    assert lost == [("$before", "x"), ("$after", "y")]


def test_every_item_says_where_it_stands_in_the_patch() -> None:
    items, _ = patched(["a", "b"], {"$add": ["c"], "$before": {"a": ["d", "b"]}})
    places = {item.value: (item.path, item.position) for item in items}
    assert places == {
        "d": (("$before", "a", 0), -1),
        "b": (None, 1),
        "a": (None, 0),
        "c": (("$add", 0), -1),
    }


@pytest.mark.parametrize("value", [{}, {"$add": [], "x": []}, {"$replace": []}, [], None, "x"])
def test_only_a_patch_of_a_list_is_one(value: object) -> None:
    assert not is_list_patch(value)


@given(UNIQUE, PATCHES)
def test_no_name_is_lost_that_is_not_removed(items: list[str], patch: dict[str, Any]) -> None:
    left = [item.value for item in patched(items, patch)[0]]
    assert set(items) - set(patch.get("$remove", ())) <= set(left)
    assert len(left) == len(set(left))


@given(UNIQUE, PATCHES)
def test_every_name_that_is_put_somewhere_is_there(items: list[str], patch: dict[str, Any]) -> None:
    left = [item.value for item in patched(items, patch)[0]]
    placed = [*patch.get("$before", {}).values(), *patch.get("$after", {}).values()]
    assert set(patch.get("$add", ())).union(*placed) <= set(left)


@given(UNIQUE, UNIQUE)
def test_an_order_is_a_permutation(names: list[str], wanted: list[str]) -> None:
    ordered = reordered(names, wanted)
    assert sorted(ordered) == sorted(names)
    assert [name for name in ordered if name in wanted] == [
        name for name in wanted if name in names
    ]
    assert [name for name in ordered if name not in wanted] == [
        name for name in names if name not in wanted
    ]
