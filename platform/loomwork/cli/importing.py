"""``loomwork import``: a file into an entity."""

import csv
import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from loomwork.cli.output import FOUND_PROBLEMS, answer, say, translate, with_json
from loomwork.cli.site import opened_site
from loomwork.errors import N_, InvalidError
from loomwork.model.actor import Actor, system
from loomwork.publishing.site import Site
from loomwork.records.importing.mapping import ADDED, map_columns
from loomwork.records.importing.run import Import, Outcome, Reject
from loomwork.records.importing.source import Source, open_source
from loomwork.web.fab.users import Users

SHOWN = 10
INTERRUPTED = 130


@click.command("import")
@click.argument("entity")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--map",
    "map_file",
    type=click.Path(path_type=Path),
    metavar="FILE.json",
    help="Fields by column header, where they cannot be guessed; null leaves a column out.",
)
@click.option("--match", default="", metavar="FIELD", help="Update records with the same value.")
@click.option("--dry-run", is_flag=True, help="Check every row, and write nothing.")
@click.option("--owner", default="", metavar="NAME", help="The user who owns the new records.")
@click.option("--as", "as_user", default="", metavar="NAME", help="Import with a user's rights.")
@click.option("--encoding", default="", help="The file's encoding, if it is detected wrongly.")
@with_json
def import_command(
    *,
    entity: str,
    file: Path,
    map_file: Path | None,
    match: str,
    dry_run: bool,
    owner: str,
    as_user: str,
    encoding: str,
    as_json: bool,
) -> None:
    """Import the CSV file FILE into ENTITY. Rows that do not fit go to FILE.rejects.csv."""
    with opened_site() as site:
        definition = site.current().entity(entity)
        source = open_source(file, encoding)
        columns = map_columns(definition, source.columns, _read_map(map_file))
        plan = Import(
            records=site.records,
            actor=_actor(site, as_user),
            entity=entity,
            source=source,
            columns=columns,
            match=match,
            defaults={"owner": Users(site).find(owner).id} if owner else {},
            rehearsal=dry_run,
        )
        outcome = Outcome()
        try:
            with tqdm(
                total=source.rows, unit="", file=sys.stderr, leave=False, disable=None
            ) as bar:
                plan.run(outcome, bar.update)
        except KeyboardInterrupt:
            say(N_("Stopped: the rows up to line {line} are done."), line=outcome.line)
            sys.exit(INTERRUPTED)
        finally:
            rejects = write_rejects(source, outcome.rejects)
    _tell(source, outcome, rejects, dry_run=dry_run, as_json=as_json)
    if outcome.rejects:
        sys.exit(FOUND_PROBLEMS)


def _actor(site: Site, name: str) -> Actor:
    if not name:
        return system("import")
    return Users(site).actor(name)


def _read_map(file: Path | None) -> Mapping[str, str | None]:
    if file is None:
        return {}
    try:
        found = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise InvalidError(
            N_("The file {file} cannot be read: {reason}."), file=str(file), reason=str(error)
        ) from error
    if not isinstance(found, dict) or not all(
        isinstance(value, str | None) for value in found.values()
    ):
        raise InvalidError(
            N_("The map in {file} has to be a JSON object of headers and field names."),
            file=str(file),
        )
    return found


def write_rejects(source: Source, rejects: Sequence[Reject]) -> Path | None:
    """Write the rejected rows with their reasons beside the file; return where, if there are any.

    The file can be mended and imported in its turn: the two added columns are then left out.
    """
    target = source.path.with_name(source.path.name + ".rejects.csv")
    if not rejects:
        with suppress(FileNotFoundError):
            target.unlink()
        return None
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    width = len(source.columns)
    with draft.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*source.columns, *ADDED])
        for reject in rejects:
            cells = [*reject.cells[:width], *[""] * (width - len(reject.cells))]
            writer.writerow([*cells, reject.line, _reason(reject)])
    draft.replace(target)
    return target


def _reason(reject: Reject) -> str:
    return "; ".join(
        f"{problem.pointer.removeprefix('/')}: {problem.message(translate)}"
        if problem.pointer
        else problem.message(translate)
        for problem in reject.problems
    )


def _tell(
    source: Source, outcome: Outcome, rejects: Path | None, *, dry_run: bool, as_json: bool
) -> None:
    data: dict[str, Any] = {
        "rows": source.rows,
        "encoding": source.encoding,
        "created": outcome.created,
        "updated": outcome.updated,
        "unchanged": outcome.unchanged,
        "rejected": len(outcome.rejects),
        "rejects_file": None if rejects is None else str(rejects),
        "dry_run": dry_run,
    }
    text = translate(
        N_(
            "{rows} rows ({encoding}): {created} created, {updated} updated,"
            " {unchanged} unchanged, {rejected} rejected."
        )
    )
    lines = [text.format_map(data)]
    if dry_run:
        lines.append(translate(N_("This was a dry run: nothing was written.")))
    for reject in outcome.rejects[:SHOWN]:
        say(N_("  line {line}: {reason}"), line=reject.line, reason=_reason(reject))
    if rejects is not None:
        say(N_("The rejected rows with their reasons are in {file}."), file=rejects)
    answer(data, lines, as_json=as_json)
