"""The form of a file of rejected rows: what it adds, and cells that no spreadsheet executes."""

import re
from collections.abc import Sequence

ADDED = ("_line", "_reason")
"""The columns that a file of rejected rows has beside its own."""
FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""How a cell begins that a spreadsheet takes for a formula, or that was protected before."""
NUMBER = re.compile(r"[+-][0-9]+(?:[.,][0-9]+)?")


def is_rejects_file(columns: Sequence[str]) -> bool:
    """Tell whether a file with these columns holds the rejected rows of an earlier import."""
    return tuple(columns[-len(ADDED) :]) == ADDED


def protected(cell: str) -> str:
    """Return a cell that spreadsheets show as the text it is: formulas get an apostrophe."""
    if FORMULA.match(cell) and not NUMBER.fullmatch(cell):
        return "'" + cell
    return cell


def plain(cell: str) -> str:
    """Return what `protected` has made the cell of."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell
