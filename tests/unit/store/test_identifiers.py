"""Ids rise, and names fit every engine."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loomwork.store.identifiers import LONGEST_NAME, new_id, short_name


def test_ids_are_of_version_seven_and_tell_their_time() -> None:
    before = time.time_ns() // 1_000_000
    made = new_id()
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert before <= made.int >> 80 <= before + 60_000


def test_ids_rise_also_within_a_millisecond() -> None:
    made = [new_id() for _ in range(20_000)]
    assert all(one < two for one, two in pairwise(made))


def test_ids_rise_when_the_clock_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    first = new_id()
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    made = [first, *(new_id() for _ in range(5000))]
    assert all(one < two for one, two in pairwise(made))


def test_threads_never_make_the_same_id() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: [new_id() for _ in range(2000)], range(8)))
    assert len({one for some in made for one in some}) == 16_000
    assert all(one < two for some in made for one, two in pairwise(some))


@given(st.from_regex(r"[a-z][a-z0-9_]{0,150}", fullmatch=True))
def test_a_name_is_cut_only_where_it_is_too_long(name: str) -> None:
    short = short_name(name)
    assert len(short.encode()) <= LONGEST_NAME
    assert (short == name) is (len(name) <= LONGEST_NAME)


def test_names_that_are_cut_stay_different() -> None:
    assert len({short_name(f"{'x' * 70}{number}") for number in range(1000)}) == 1000
