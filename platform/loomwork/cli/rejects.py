"""The file of rejected rows beside an imported file."""

import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from loomwork.cli.output import locale, translate
from loomwork.errors import N_, UnavailableError
from loomwork.records.importing.chunk import Reject
from loomwork.records.importing.rejects import ADDED, SURPLUS, protected, together
from loomwork.records.importing.source import Source


def require_place(source: Source) -> None:
    """Raise UnavailableError where no file of rejects could be written, before it is needed."""
    if not os.access(source.path.resolve().parent, os.W_OK):
        raise _refused(_target(source), os.strerror(13))


def write_rejects(source: Source, rejects: Sequence[Reject]) -> Path:
    """Write the rejected rows with their reasons beside the file; return where.

    The file can be mended and imported in its turn: the added columns are then left out.
    """
    target = _target(source)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    width = len(source.columns)
    added = (SURPLUS, *ADDED) if any(len(one.cells) > width for one in rejects) else ADDED
    try:
        with draft.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*map(protected, source.columns), *added])
            for reject in rejects:
                cells = [*reject.cells[:width], *[""] * (width - len(reject.cells))]
                if SURPLUS in added:
                    cells.append(together(reject.cells[width:]))
                writer.writerow([*map(protected, cells), reject.line, reason_of(reject)])
        draft.replace(target)
    except OSError as error:
        raise _refused(target, error.strerror or str(error)) from error
    return target


def remove_rejects(source: Source) -> None:
    """Remove the file of rejects that an earlier run left: there are none any more."""
    _target(source).unlink(missing_ok=True)


def reason_of(reject: Reject) -> str:
    """Return why a row was rejected, in words."""
    return "; ".join(
        f"{problem.pointer.removeprefix('/')}: {problem.message(translate, locale())}"
        if problem.pointer
        else problem.message(translate, locale())
        for problem in reject.problems
    )


def reasons_of(rejects: Iterable[Reject]) -> Iterator[dict[str, Any]]:
    """Yield why rows were rejected, one entry for each problem, for programs."""
    for reject in rejects:
        for problem in reject.problems:
            entry = {
                "line": reject.line,
                "field": problem.pointer.removeprefix("/"),
                "message": problem.message(translate, locale()),
            }
            yield {key: value for key, value in entry.items() if value != ""}


def _target(source: Source) -> Path:
    return source.path.with_name(source.path.name + ".rejects.csv")


def _refused(target: Path, reason: str) -> UnavailableError:
    return UnavailableError(
        N_("The file {file} cannot be written: {reason}."), file=str(target), reason=reason
    )
