"""The command that brings documents into their canonical form."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import click

from loomwork.catalog.formatting import documents_below, read_canonical
from loomwork.cli.output import FOUND_PROBLEMS, answer, translate, with_json
from loomwork.errors import N_, DocumentError, NotFoundError, Problem, UnavailableError


@click.command()
@click.argument("path")
@click.option("--check", "only_check", is_flag=True, help="Change nothing; exit 1 if it would.")
@with_json
def fmt(path: str, *, only_check: bool, as_json: bool) -> None:
    """Write the document PATH, or all documents of the folder PATH, in their canonical form."""
    files = _files(Path(path))
    changes = _changes(files)
    if not only_check:
        for file, text in changes.items():
            _write(file, text)
    names = [str(file) for file in changes]
    counted = {"files": len(files), "changed": len(names)}
    summary = (
        N_("{changed} of {files} documents would change.")
        if only_check
        else N_("{changed} of {files} documents changed.")
    )
    lines = [*(f"  {name}" for name in names), translate(summary).format_map(counted)]
    answer({"files": len(files), "changed": names}, lines, as_json=as_json)
    if only_check and names:
        sys.exit(FOUND_PROBLEMS)


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise UnavailableError(N_("There is no file and no folder “{path}”."), path=str(path))
    files = list(documents_below(path))
    if not files:
        raise NotFoundError(N_("There are no documents in “{path}”."), path=str(path))
    return files


def _changes(files: list[Path]) -> dict[Path, str]:
    """Return the new texts of the files that are not in their canonical form.

    Raises DocumentError with every file that cannot be read, so that nothing is written then.
    """
    changes: dict[Path, str] = {}
    problems: list[Problem] = []
    for file in files:
        match read_canonical(file):
            case Problem() as problem:
                problems.append(problem)
            case (before, after) if before != after:
                changes[file] = after
    if problems:
        raise DocumentError(problems=problems)
    return changes


def _write(file: Path, text: str) -> None:
    """Replace what a file says in one step, so that nobody ever sees half of it."""
    target = file.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        shutil.copymode(target, name)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
