"""``loomwork pack upgrade`` and ``uninstall``, beside the commands in `packs`."""

from collections.abc import Sequence
from typing import Any

import click
from packaging.version import InvalidVersion, Version

from loomwork.catalog.documents import Document
from loomwork.cli.output import answer, translate, with_json
from loomwork.cli.packs import find_pack, order_of_install, pack
from loomwork.cli.publishing import (
    carried_out,
    confirming,
    planned,
    planning,
    report_drops,
    report_installation,
    show_plan,
)
from loomwork.cli.site import opened_site
from loomwork.errors import N_, ConflictError, NotFoundError
from loomwork.publishing.archive import write_archive
from loomwork.publishing.plan import require_confirmed
from loomwork.publishing.planning import Target
from loomwork.publishing.publish import Order, plan_publish
from loomwork.publishing.purge import purge
from loomwork.publishing.site import Site
from loomwork.publishing.uninstall import left_behind, order_of_uninstall
from loomwork.web.fab.roles import project_roles

__all__ = ["pack"]


@pack.command("upgrade")
@click.argument("path")
@planning
@confirming
@click.option("--force", is_flag=True, help="Also go back to an older version.")
@with_json
def upgrade_command(
    path: str, confirmed: tuple[str, ...], *, only_plan: bool, force: bool, as_json: bool
) -> None:
    """Bring an installed pack to the version in the folder or .zip file PATH, or to the shipped."""
    documents = find_pack(path)
    with opened_site() as site:
        _require_newer(site, documents, force=force)
        order = order_of_install(site, [documents], "loomwork pack upgrade", confirmed)
        if only_plan:
            show_plan(planned(site, order), as_json=as_json)
            return
        done = carried_out(site, order)
    body = documents[0].body
    report_installation(done, as_json=as_json, pack=body["name"], version=body["version"])


def _require_newer(site: Site, documents: tuple[Document, ...], *, force: bool) -> None:
    name, version = documents[0].name, str(documents[0].body.get("version", ""))
    present = site.model.packs.get(name)
    if present is None:
        raise NotFoundError(N_("The pack “{name}” is not installed."), name=name)
    if not force and _parsed(version) < _parsed(present.version):
        raise ConflictError(
            N_("Installed is the newer {present} of “{name}”; --force goes back to {version}."),
            name=name,
            present=present.version,
            version=version,
        )


def _parsed(version: str) -> Version:
    """Return a Semantic Version for comparing; all pre-releases of one release count alike."""
    release, _, before = version.partition("-")
    try:
        return Version(f"{release.partition('+')[0]}rc0" if before else release)
    except InvalidVersion:
        # What is no version at all, the schema refuses in a moment, with its place.
        return Version("0")


@pack.command("uninstall")
@click.argument("name")
@click.option("--keep", is_flag=True, help="Keep the data (default).")
@click.option("--archive", is_flag=True, help="Write the data to a file; drop it.")
@click.option("--drop", is_flag=True, help="Drop the data.")
@planning
@confirming
@with_json
def uninstall_command(
    name: str, confirmed: tuple[str, ...], *, only_plan: bool, as_json: bool, **chosen: bool
) -> None:
    """Take the pack NAME out of the site. What its data needs can be dropped, step by step."""
    given = [option for option, on in chosen.items() if on]
    if len(given) > 1:
        raise click.UsageError(translate(N_("Give one of --keep, --archive and --drop.")))
    data = (*given, "keep")[0]
    with opened_site() as site:
        order = order_of_uninstall(
            name,
            site.model,
            author="loomwork pack uninstall",
            at_switch=(project_roles,),
            compiler=site.compiler,
            dropping=data != "keep",
        )
        if only_plan:
            _show_uninstall(site, order, data, as_json=as_json)
            return
        target = plan_publish(site.database, order)
        if data == "keep":
            require_confirmed((), confirmed)
            done = carried_out(site, order)
            steps = [step.id for step in done.plan.steps] if done.plan else []
            more = {"pack": name, "revision": done.revision, "steps": steps}
            answer(more, _told(more), as_json=as_json)
            return
        require_confirmed(left_behind(site.database, target), confirmed)
        done = carried_out(site, order)
        more = {"pack": name, "revision": done.revision}
        _drop(site, target, data, confirmed, more, as_json=as_json)


def _drop(
    site: Site,
    target: Target,
    data: str,
    confirmed: tuple[str, ...],
    more: dict[str, Any],
    *,
    as_json: bool,
) -> None:
    if data == "archive" and target.old is not None:
        mine = [one for one in target.old_documents if one.pack == more["pack"]]
        file = write_archive(
            site.database, site.settings.home, more["pack"], mine, target.old, target.new
        )
        more["archive"] = str(file)
    dropped = purge(
        site.database,
        site.columns,
        site.model.entities,
        confirmed=confirmed,
        author="loomwork pack uninstall",
    )
    ids = [step.id for step in dropped]
    answer({"steps": [], "dropped": ids, **more}, _told(more, ids), as_json=as_json)


def _told(more: dict[str, Any], dropped: Sequence[str] = ()) -> list[str]:
    """Return what an uninstallation did, for people."""
    lines = [f"  {step}" for step in more.get("steps", ())]
    if "archive" in more:
        lines.append(translate(N_("Archived in {archive}.")).format_map(more))
    lines += [translate(N_("Dropped: {id}")).format(id=id_) for id_ in dropped]
    text = translate(N_("Uninstalled “{pack}” as revision {revision}."))
    return [*lines, text.format_map(more)]


def _show_uninstall(site: Site, order: Order, data: str, *, as_json: bool) -> None:
    plan = planned(site, order)
    if data == "keep":
        show_plan(plan, as_json=as_json)
        return
    steps = left_behind(site.database, plan_publish(site.database, order))
    report_drops(steps, (), as_json=as_json, retired=[step.id for step in plan.steps])
