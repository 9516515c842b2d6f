"""``loomwork plan``, ``publish``, ``revisions``, ``rollback`` and ``purge``."""

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from loomwork.catalog.documents import SITE, Document, scan_site
from loomwork.cli.output import FOUND_PROBLEMS, answer, say, translate, with_json
from loomwork.cli.plan_lines import plan_data, plan_lines
from loomwork.cli.site import opened_site
from loomwork.errors import N_, DocumentError, UnavailableError
from loomwork.publishing.analysis import analysed
from loomwork.publishing.plan import Plan, PlannedStep, require_confirmed
from loomwork.publishing.publish import Installation, Order, plan_publish, publish
from loomwork.publishing.purge import purge, purgeable
from loomwork.publishing.revisions import Revision, read_revisions
from loomwork.publishing.rollback import order_of_rollback
from loomwork.publishing.site import Site
from loomwork.web.fab.roles import project_roles

AGE = re.compile(r"([0-9]{1,4})d", re.ASCII)
confirming = click.option(
    "--confirm", "confirmed", multiple=True, metavar="ID", help="Allow a destructive step."
)
planning = click.option("--plan", "only_plan", is_flag=True, help="Only show what would be done.")


def planned(site: Site, order: Order) -> Plan:
    """Return the whole plan of an order, with what breaks and who notices."""
    target = plan_publish(site.database, order)
    return analysed(
        site.database, target.plan, target.old, target.new, zone=site.settings.time_zone
    )


def show_plan(plan: Plan, *, as_json: bool) -> None:
    """Print a plan; end with exit code 1 where it could not be carried out."""
    answer(plan_data(plan), plan_lines(plan), as_json=as_json)
    if plan.blocking:
        sys.exit(FOUND_PROBLEMS)


def carried_out(site: Site, order: Order) -> Installation:
    """Publish, and let this site follow."""
    done = publish(site.database, order)
    site.refresh()
    return done


def site_folder(site: Site, folder: Path | None) -> tuple[Document, ...]:
    """Return the documents of the site's own layer; DocumentError with every file in the way."""
    place = folder or site.settings.home / "site"
    if not place.is_dir():
        raise UnavailableError(
            N_(
                "There is no folder {folder}: the site's own documents are looked for there. Make"
                " it, with folders such as “entities” in it, or name another one."
            ),
            folder=place,
        )
    documents, problems = scan_site(place)
    if problems:
        raise DocumentError(problems=problems)
    return documents


def order_of_site(
    site: Site, documents: Sequence[Document], message: str, confirmed: Sequence[str]
) -> Order:
    """Return the order that makes these documents the site's own layer."""

    def wanted(present: Sequence[Document]) -> tuple[Document, ...]:
        return (*(one for one in present if one.pack != SITE), *documents)

    return Order(
        wanted=wanted,
        message=message,
        author="loomwork publish",
        at_switch=(project_roles,),
        confirmed=confirmed,
        compiler=site.compiler,
    )


FOLDER = click.argument(
    "folder", required=False, type=click.Path(path_type=Path, exists=False, file_okay=True)
)


@click.command("plan")
@FOLDER
@with_json
def plan_command(folder: Path | None, *, as_json: bool) -> None:
    """Show what publishing the site's own documents in FOLDER would do; nothing is changed.

    FOLDER is like a pack's without a pack.json; without it, the folder “site” in the home.
    """
    with opened_site() as site:
        documents = site_folder(site, folder)
        show_plan(planned(site, order_of_site(site, documents, "", ())), as_json=as_json)


@click.command("publish")
@click.option("-m", "--message", required=True, help="What this revision changes and why.")
@confirming
@click.option("--base", type=int, help="Only over this revision, the one that the plan was for.")
@FOLDER
@with_json
def publish_command(
    folder: Path | None,
    message: str,
    confirmed: tuple[str, ...],
    base: int | None,
    *,
    as_json: bool,
) -> None:
    """Make the documents in FOLDER the site's own; see “loomwork plan” for what that does."""
    with opened_site() as site:
        documents = site_folder(site, folder)
        order = replace(order_of_site(site, documents, message, confirmed), base=base)
        done = carried_out(site, order)
    report_installation(done, as_json=as_json)


def report_installation(done: Installation, *, as_json: bool, **more: Any) -> None:
    """Print what a publish did."""
    steps = [step.id for step in done.plan.steps] if done.plan and done.revision else []
    data = {"revision": done.revision, "steps": steps, **more}
    if done.revision is None:
        lines = [translate(N_("Nothing to publish: the site has just these documents."))]
    else:
        text = translate(N_("Published as revision {revision}."))
        lines = [*(f"  {step}" for step in steps), text.format_map(data)]
    answer(data, lines, as_json=as_json)


@click.command("revisions")
@with_json
def revisions_command(*, as_json: bool) -> None:
    """List the revisions, the newest first, with author, time and message."""
    with opened_site() as site, site.database.reader.connect() as connection:
        found = read_revisions(connection)
    answer(
        {"revisions": [_entry(one) for one in found]},
        [_line(one) for one in found],
        as_json=as_json,
    )


def _entry(one: Revision) -> dict[str, Any]:
    return {
        "number": one.number,
        "hash": one.hash,
        "message": one.message,
        "author": one.author,
        "created_at": one.created_at.isoformat(),
        "steps": json.loads(one.plan) if one.plan else [],
    }


def _line(one: Revision) -> str:
    return f"{one.number:>5}  {one.created_at:%Y-%m-%d %H:%M}  {one.author:<24} {one.message}"


@click.command("rollback")
@click.argument("number", type=click.IntRange(min=1))
@planning
@confirming
@with_json
def rollback_command(
    number: int, confirmed: tuple[str, ...], *, only_plan: bool, as_json: bool
) -> None:
    """Publish the documents of revision NUMBER again, as a new revision; data is kept."""
    with opened_site() as site:
        order = order_of_rollback(
            site.database,
            number,
            author="loomwork rollback",
            at_switch=(project_roles,),
            compiler=site.compiler,
            confirmed=confirmed,
        )
        if only_plan:
            show_plan(planned(site, order), as_json=as_json)
            return
        done = carried_out(site, order)
    report_installation(done, as_json=as_json)
    if done.revision is not None and not as_json:
        say(
            N_(
                "The folder with the site's own documents is as it was: before the next publish,"
                " bring it to this revision, or that publish undoes the rollback."
            )
        )


def _age(_: click.Context, __: click.Parameter, text: str | None) -> timedelta | None:
    if text is None:
        return None
    found = AGE.fullmatch(text)
    if found is None:
        raise click.BadParameter(translate(N_("Write an age in days, such as 30d.")))
    return timedelta(days=int(found[1]))


@click.command("purge")
@planning
@confirming
@click.option("--older-than", callback=_age, help="Only what is out of use so long, as 30d.")
@with_json
def purge_command(
    confirmed: tuple[str, ...], older_than: timedelta | None, *, only_plan: bool, as_json: bool
) -> None:
    """Drop columns and tables that are out of use, each confirmed by its id."""
    with opened_site() as site:
        found = purgeable(site.database, site.columns, site.model.entities, older_than=older_than)
        steps = [one.step for one in found]
        if only_plan or not (steps or confirmed):
            report_drops(steps, (), as_json=as_json)
            return
        wanted = [step for step in steps if step.id in confirmed]
        require_confirmed(wanted if confirmed else steps, confirmed)
        done = purge(
            site.database,
            site.columns,
            site.model.entities,
            confirmed=confirmed,
            author="loomwork purge",
        )
    report_drops(steps, [step.id for step in done], as_json=as_json)


def report_drops(
    steps: Sequence[PlannedStep], dropped: Sequence[str], *, as_json: bool, **more: Any
) -> None:
    """Print what can be dropped and what was."""
    data = {
        "steps": [
            {"id": step.id, "rows": step.rows, "sample_ids": step.sample_ids} for step in steps
        ],
        "dropped": list(dropped),
        **more,
    }
    many, one = N_("{count} records have something there"), N_("1 record has something there")
    lines = [
        f"  ! {step.id}  " + translate(one if step.rows == 1 else many).format(count=step.rows)
        for step in steps
        if step.id not in dropped
    ]
    lines += [translate(N_("Dropped: {id}")).format(id=id_) for id_ in dropped]
    answer(data, lines or [translate(N_("Nothing is out of use."))], as_json=as_json)
