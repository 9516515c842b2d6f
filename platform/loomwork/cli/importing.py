"""``loomwork import``: a file into an entity."""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from loomwork.cli.output import FOUND_PROBLEMS, answer, say, translate, with_json
from loomwork.cli.rejects import reason_of, reasons_of, remove_rejects, require_place, write_rejects
from loomwork.cli.site import opened_site
from loomwork.errors import N_, InvalidError, LoomworkError
from loomwork.model.actor import Actor, system
from loomwork.publishing.site import Site
from loomwork.records.importing.mapping import map_columns
from loomwork.records.importing.run import Import, Outcome
from loomwork.records.importing.source import Source, open_source
from loomwork.web.fab.users import Users

SHOWN = 10
MOST_REASONS = 1_000
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
@click.option(
    "--match",
    default="",
    metavar="FIELD",
    help="Update the record with the same value; an empty cell then empties its field.",
)
@click.option("--dry-run", is_flag=True, help="Check every row, and change no record.")
@click.option("--owner", default="", metavar="NAME", help="The user who owns the new records.")
@click.option("--as", "as_user", default="", metavar="NAME", help="Import with a user's rights.")
@click.option(
    "--accept",
    multiple=True,
    metavar="CHECK",
    help="Import rows in spite of this warning; can be given several times.",
)
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
    accept: tuple[str, ...],
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
            accepted=frozenset(accept),
            rehearsal=dry_run,
        )
        require_place(source)
        outcome = Outcome()
        stopped = _run(plan, outcome)
    rejects = write_rejects(source, outcome.rejects) if outcome.rejects else None
    if not outcome.rejects and not stopped:
        remove_rejects(source)
    _tell(source, outcome, rejects, dry_run=dry_run, as_json=as_json)
    if stopped:
        say(N_("Stopped: the rows up to line {line} are done."), line=outcome.line)
        sys.exit(INTERRUPTED)
    if outcome.rejects:
        sys.exit(FOUND_PROBLEMS)


def _run(plan: Import, outcome: Outcome) -> bool:
    """Run the import; tell whether it was interrupted between two transactions."""
    total = plan.source.rows
    try:
        with (
            _interruptible() as check,
            tqdm(total=total, unit="", file=sys.stderr, leave=False, disable=None) as bar,
        ):

            def progress(rows: int) -> None:
                bar.update(rows)
                check()

            plan.run(outcome, progress)
    except KeyboardInterrupt:
        return True
    except LoomworkError:
        if outcome.line:
            write_rejects(plan.source, outcome.rejects)
            say(N_("Stopped: the rows up to line {line} are done."), line=outcome.line)
        raise
    return False


@contextmanager
def _interruptible() -> Iterator[Callable[[], None]]:
    """Hold Ctrl-C back until the function that it gives is called; the second one is immediate.

    Otherwise a transaction could end and the import not know it.
    """
    asked: list[int] = []

    def note(number: int, _frame: object) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)

    def check() -> None:
        if asked:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, note)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, before)


def _actor(site: Site, name: str) -> Callable[[], Actor]:
    if not name:
        return lambda: system("import")
    users = Users(site)
    users.actor(name)
    return lambda: replace(users.actor(name), source="import")


def _read_map(file: Path | None) -> Mapping[str, str | None]:
    if file is None:
        return {}
    try:
        found = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
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
        "reasons": list(islice(reasons_of(outcome.rejects), MOST_REASONS)),
        "rejects_file": None if rejects is None else os.fspath(rejects),
        "line": outcome.line,
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
        lines.append(translate(N_("This was a dry run: no record was changed.")))
    for reject in outcome.rejects[:SHOWN]:
        say(N_("  line {line}: {reason}"), line=reject.line, reason=reason_of(reject))
    if rejects is not None:
        say(N_("The rejected rows with their reasons are in {file}."), file=rejects)
    answer(data, lines, as_json=as_json)
