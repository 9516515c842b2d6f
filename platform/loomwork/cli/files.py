"""``loomwork files``: the storage looked after."""

import click

from loomwork.cli.output import FOUND_PROBLEMS, answer, translate, with_json
from loomwork.cli.site import opened_site
from loomwork.errors import N_
from loomwork.store.files.files import Checked


@click.group("files")
def files() -> None:
    """Look after the files that records hold."""


@files.command("check")
@click.pass_context
@with_json
def check(context: click.Context, *, as_json: bool) -> None:
    """Compare the storage with the database; exit 1 if contents are missing."""
    with opened_site() as site:
        found = site.files.check()
    data = {
        "contents": found.contents,
        "missing": [
            {"id": str(file.id), "name": file.name, "sha256": file.sha256} for file in found.missing
        ],
        "extra": list(found.extra),
    }
    answer(data, _lines(found), as_json=as_json)
    if found.missing:
        context.exit(FOUND_PROBLEMS)


def _lines(found: Checked) -> list[str]:
    text = translate(
        N_("{contents} contents are kept, {missing} files lack theirs, {extra} belong to no file.")
    )
    lines = [
        text.format(contents=found.contents, missing=len(found.missing), extra=len(found.extra))
    ]
    lines += [f"  {file.id}  {file.name}  {file.sha256}" for file in found.missing]
    return lines


@files.command("sweep")
@with_json
def sweep(*, as_json: bool) -> None:
    """Remove files that no record has held for a day."""
    with opened_site() as site:
        swept = site.files.sweep()
    data = {"files": swept.files, "contents": swept.contents, "bytes": swept.bytes}
    text = translate(N_("Removed {files} files and {contents} contents of {bytes} bytes in all."))
    answer(data, text.format_map(data), as_json=as_json)
