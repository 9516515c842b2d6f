"""The form of a file of rejected rows: what it adds, and cells that no spreadsheet executes."""

import csv
import io
import re
from collections.abc import Sequence

ADDED = ("_line", "_reason")
"""The columns that a file of rejected rows has beside its own."""
SURPLUS = "_extra"
"""The column before them, if any row has more cells than the header; it holds those, as CSV."""
FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""How a cell begins that a spreadsheet takes for a formula, or that was protected before."""
NUMBER = re.compile(r"[+-][0-9]+(?:[.,][0-9]+)?")


def added_columns(columns: Sequence[str]) -> tuple[str, ...]:
    """Return those of a file's columns that it has from being the rejects of an earlier import."""
    for added in ((SURPLUS, *ADDED), ADDED):
        if tuple(columns[-len(added) :]) == added:
            return added
    return ()


def together(cells: Sequence[str]) -> str:
    """Return surplus cells as the text of one; nothing for none."""
    text = io.StringIO(newline="")
    csv.writer(text).writerow(cells)
    return text.getvalue().removesuffix("\r\n") if cells else ""


def row_before(cells: Sequence[str], width: int, added: Sequence[str]) -> list[str]:
    """Return the cells that a row had before it came into a file of rejects.

    ``width`` is the number of columns without those that were ``added``. What surplus is left in
    the row stays, so that it is rejected again.
    """
    own, rest = [plain(cell) for cell in cells[:width]], [plain(cell) for cell in cells[width:]]
    surplus = rest[0] if SURPLUS in added and rest else ""
    apart = next(csv.reader(io.StringIO(surplus, newline="")), []) if surplus.strip() else []
    return [*own, *apart, *rest[len(added) :]]


def protected(cell: str) -> str:
    """Return a cell that spreadsheets show as the text it is: formulas get an apostrophe."""
    if FORMULA.match(cell) and not NUMBER.fullmatch(cell):
        return "'" + cell
    return cell


def plain(cell: str) -> str:
    """Return what `protected` has made the cell of."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell
