"""Cells of a file of rejects: no spreadsheet executes them, and nothing of them is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loomwork.records.importing.rejects import ADDED, is_rejects_file, plain, protected

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
    assert is_rejects_file(("name", *ADDED))
    assert not is_rejects_file((*ADDED, "name"))
    assert not is_rejects_file(("name",))
