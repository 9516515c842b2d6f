"""Cells of a file of rejects: no spreadsheet executes them, and nothing of them is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loomwork.records.importing.rejects import (
    ADDED,
    SURPLUS,
    added_columns,
    plain,
    protected,
    row_before,
    together,
)

CELLS = st.one_of(st.text(max_size=20), st.text(alphabet="'=+-@\t\r1.,a ", max_size=8))


@given(cell=CELLS)
def test_protecting_loses_nothing(cell: str) -> None:
    assert plain(protected(cell)) == cell


@pytest.mark.parametrize(
    "cell", ["=1+1", "=cmd|' /C calc'!A0", "+49 30 1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "'=1"]
)
def test_what_a_spreadsheet_would_work_out_gets_an_apostrophe(cell: str) -> None:
    assert protected(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "-4", "+1.50", "-1,5", "Rose", "it's", "'quoted'", "a=b"])
def test_everything_else_stays_as_it_is(cell: str) -> None:
    assert protected(cell) == cell
    assert plain(cell) == cell


def test_a_file_of_rejects_is_known_by_its_last_columns() -> None:
    assert added_columns(("name", *ADDED)) == ADDED
    assert added_columns(("name", SURPLUS, *ADDED)) == (SURPLUS, *ADDED)
    assert added_columns((*ADDED, "name")) == ()
    assert added_columns(("name",)) == ()


@given(cells=st.lists(CELLS, min_size=1, max_size=5))
def test_surplus_cells_come_back_as_they_were(cells: list[str]) -> None:
    written = [protected(cell) for cell in ("A", "B", together(cells), "7", "reason")]
    again = row_before(written, 2, (SURPLUS, *ADDED))
    assert again == ["A", "B", *(cells if any(map(str.strip, cells)) else again[2:])]


def test_what_is_left_of_a_row_without_surplus_is_its_own_cells() -> None:
    assert row_before(["A", "B", "7", "reason"], 2, ADDED) == ["A", "B"]
    assert row_before(["A", "B", "", "7", "reason"], 2, (SURPLUS, *ADDED)) == ["A", "B"]
    assert row_before(["A"], 2, ADDED) == ["A"]
    assert row_before(["A", "B", "7", "reason", "more"], 2, ADDED) == ["A", "B", "more"]
