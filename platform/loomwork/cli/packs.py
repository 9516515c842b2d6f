"""Commands about packs: check, install, list."""

from pathlib import Path

import click

from loomwork.catalog.compile import compile_model
from loomwork.catalog.documents import Document, read_pack
from loomwork.cli.output import answer, translate, with_json
from loomwork.cli.site import opened_site
from loomwork.errors import N_, NotFoundError
from loomwork.extension.field_types import field_types
from loomwork.publishing.install import Installation, install_packs, merged
from loomwork.publishing.site import Site
from loomwork.web.fab.roles import project_roles
from loomwork_metadata import pack_folder, pack_names


@click.group()
def pack() -> None:
    """Check, install and list packs."""


def find_pack(name: str) -> tuple[Document, ...]:
    """Return the documents of a pack: a folder's, or a shipped pack's by its name."""
    if not name:
        raise click.UsageError(translate(N_("Give a folder, or the name of a pack.")))
    if "/" not in name and not Path(name).is_dir():
        folder = pack_folder(name)
        if folder is None:
            raise NotFoundError(
                N_("There is no pack “{name}”: give a folder, or one of {names}."),
                name=name,
                names=", ".join(pack_names()),
            )
        return read_pack(folder)
    return read_pack(Path(name))


def with_required(
    wanted: list[tuple[Document, ...]], installed: set[str]
) -> list[tuple[Document, ...]]:
    """Add the shipped packs that the wanted ones require and that are not installed yet."""
    found = {documents[0].pack: documents for documents in wanted}
    waiting = list(wanted)
    while waiting:
        requires = waiting.pop()[0].body.get("requires")
        for name in requires if isinstance(requires, dict) else ():
            folder = pack_folder(name)
            if name not in found and name not in installed and folder is not None:
                found[name] = read_pack(folder)
                waiting.append(found[name])
    return list(found.values())


def install(site: Site, packs: list[tuple[Document, ...]], author: str) -> Installation:
    """Install packs with what they require, roles included; the site then runs them."""
    wanted = with_required(packs, set(site.model.packs))
    done = install_packs(site.database, wanted, author=author, at_switch=(project_roles,))
    site.refresh()
    return done


@pack.command()
@click.argument("path")
@with_json
def check(path: str, *, as_json: bool) -> None:
    """Check the pack in the folder PATH and name everything that is wrong with it."""
    documents = find_pack(path)
    packs = with_required([documents], set())
    compile_model(merged((), packs), field_types())
    counted = {"pack": documents[0].name, "documents": len(documents)}
    text = translate(N_("The pack “{pack}” has {documents} documents and no problems."))
    answer(counted, text.format_map(counted), as_json=as_json)


@pack.command("install")
@click.argument("path")
@with_json
def install_command(path: str, *, as_json: bool) -> None:
    """Install the pack in the folder PATH, or the shipped pack of that name, or its new version."""
    documents = find_pack(path)
    with opened_site() as site:
        done = install(site, [documents], "loomwork pack install")
    name, version = documents[0].name, documents[0].body["version"]
    steps = [
        f"{step.kind} {step.name}"
        if step.kind == "table"
        else f"{step.kind} {step.table}.{step.name}"
        for step in done.steps
    ]
    data = {"pack": name, "version": version, "revision": done.revision, "steps": steps}
    if done.revision is None:
        lines = [
            translate(N_("The pack “{pack}” is installed already, just as it is.")).format_map(data)
        ]
    else:
        text = translate(N_("Installed “{pack}” {version} as revision {revision}."))
        lines = [*(f"  + {step}" for step in steps), text.format_map(data)]
    answer(data, lines, as_json=as_json)


@pack.command("list")
@with_json
def list_command(*, as_json: bool) -> None:
    """List the installed packs and those that ship."""
    with opened_site() as site:
        installed = [
            {"name": found.name, "version": found.version, "title": found.title}
            for found in site.model.packs.values()
        ]
    names = {found["name"] for found in installed}
    available = [name for name in pack_names() if name not in names]
    lines = [f"{one['name']:<16} {one['version']:<10} {one['title']}" for one in installed]
    lines += [f"{name:<16} " + translate(N_("(not installed)")) for name in available]
    answer({"installed": installed, "available": available}, lines, as_json=as_json)
