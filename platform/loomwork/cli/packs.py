"""Commands about packs: check, install, list, origin, settings."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from loomwork.catalog.documents import Document, read_pack, scan_pack
from loomwork.catalog.folding import FoldedDocument
from loomwork.catalog.origins import nearest_place, origins_in
from loomwork.catalog.schema_check import nearest
from loomwork.cli.output import FOUND_PROBLEMS, answer, translate, with_json
from loomwork.cli.pack_check import checked, within_pack
from loomwork.cli.publishing import confirming, planned, planning, show_plan
from loomwork.cli.site import opened_site
from loomwork.errors import N_, DocumentError, NotFoundError, UnavailableError
from loomwork.model.settings import Setting
from loomwork.publishing.install import Installation, order_of_packs
from loomwork.publishing.publish import Order, publish
from loomwork.publishing.settings import set_setting, setting_of
from loomwork.publishing.site import Site
from loomwork.web.fab.roles import project_roles
from loomwork_metadata import pack_folder, pack_names


@click.group()
def pack() -> None:
    """Check, install and list packs; ask where something comes from; set their settings."""


def place_of_pack(name: str) -> Path:
    """Return the folder or zip file of a pack: as given, or of a shipped pack by its name."""
    if not name:
        raise click.UsageError(translate(N_("Give a folder, a .zip file, or the name of a pack.")))
    path = Path(name)
    if "/" in name or path.is_dir() or name.lower().endswith(".zip"):
        if not path.exists():
            raise UnavailableError(N_("There is no file and no folder “{path}”."), path=name)
        return path
    folder = pack_folder(name)
    if folder is None:
        raise UnavailableError(
            N_("There is no pack “{name}”: give a folder, a .zip file, or one of {names}."),
            name=name,
            names=", ".join(pack_names()),
        )
    return folder


def find_pack(name: str) -> tuple[Document, ...]:
    """Return the documents of a pack: a folder's, a zip file's, or a shipped pack's by its name."""
    documents, problems = scan_pack(place_of_pack(name))
    if problems:
        raise DocumentError(problems=within_pack(documents, problems))
    return documents


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


def install(
    site: Site, packs: list[tuple[Document, ...]], author: str, confirmed: Sequence[str] = ()
) -> Installation:
    """Install packs with what they require, roles included; the site then runs them."""
    done = publish(site.database, order_of_install(site, packs, author, confirmed))
    site.refresh()
    return done


def order_of_install(
    site: Site, packs: list[tuple[Document, ...]], author: str, confirmed: Sequence[str] = ()
) -> Order:
    """Return the order that installs packs with what they require, roles included."""
    return order_of_packs(
        with_required(packs, set(site.model.packs)),
        author=author,
        at_switch=(project_roles,),
        compiler=site.compiler,
        confirmed=confirmed,
    )


@pack.command()
@click.argument("path")
@click.option("--with", "beside", multiple=True, help="A pack that the checked one requires.")
@with_json
def check(path: str, beside: tuple[str, ...], *, as_json: bool) -> None:
    """Check the pack in the folder or .zip file PATH and name everything that is wrong with it."""
    data, lines = checked(place_of_pack(path), [find_pack(name) for name in beside])
    if as_json or not data["problems"]:
        answer(data, lines, as_json=as_json)
    if data["problems"]:
        if not as_json:
            click.echo("\n".join(lines), err=True)
        sys.exit(FOUND_PROBLEMS)


@pack.command("install")
@click.argument("path")
@planning
@confirming
@with_json
def install_command(
    path: str, confirmed: tuple[str, ...], *, only_plan: bool, as_json: bool
) -> None:
    """Install the pack in the folder or .zip file PATH, or the shipped one of that name."""
    documents = find_pack(path)
    with opened_site() as site:
        if only_plan:
            order = order_of_install(site, [documents], "loomwork pack install")
            show_plan(planned(site, order), as_json=as_json)
            return
        done = install(site, [documents], "loomwork pack install", confirmed)
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


@pack.command()
@click.argument("address")
@with_json
def origin(address: str, *, as_json: bool) -> None:
    """Say which layer set what is at ADDRESS (like entity/account#/fields/name/label)."""
    document, _, place = address.partition("#")
    kind, _, name = document.partition("/")
    with opened_site() as site:
        documents = site.folded
    folded = documents.get(kind, {}).get(name)
    found = list(origins_in(folded, place)) if folded else []
    if not found:
        raise _nothing_at(address, documents)
    answer({"address": address, "origins": found}, _origin_lines(found), as_json=as_json)


def _nothing_at(address: str, documents: Mapping[str, Mapping[str, FoldedDocument]]) -> Exception:
    name, _, place = address.partition("#")
    known = [f"{kind}/{one}" for kind, named in documents.items() for one in named]
    hint = nearest(name, known)
    if hint == name:
        kind, _, one = name.partition("/")
        inside = nearest_place(documents[kind][one], place)
        hint = f"{name}#{inside}" if inside else ""
    elif hint and place:
        hint = f"{hint}#{place}"
    if hint:
        text = N_("There is nothing at “{address}”. Did you mean “{hint}”?")
        return NotFoundError(text, address=address, hint=hint)
    return NotFoundError(N_("There is nothing at “{address}”."), address=address)


def _origin_lines(found: list[dict[str, Any]]) -> list[str]:
    lines: list[str] = []
    for one in found:
        said = translate(N_("removed")) if one.get("removed") else _json(one["value"])
        lines.append(f"{one['at']} = {said}")
        lines.append(f"    {_layer(one)}")
        for hidden in one["hidden"]:
            text = translate(N_("hides {value} of {layer}"))
            shown = text.format_map({"value": _json(hidden["value"]), "layer": _layer(hidden)})
            lines.append(f"    {shown}")
    return lines


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _layer(one: dict[str, Any]) -> str:
    version = f" {one['version']}" if one["version"] else ""
    return f"{one['layer']}{version}: {one['file']}:{one['pointer']}"


@pack.command("set")
@click.argument("name")
@click.argument("setting")
@click.argument("value", required=False)
@click.option("--default", "back", is_flag=True, help="Go back to the pack's own value.")
@with_json
def set_command(name: str, setting: str, value: str | None, *, back: bool, as_json: bool) -> None:
    """Set the SETTING of the pack NAME to VALUE; every worker follows at once."""
    if (value is None) != back:
        raise click.UsageError(translate(N_("Give either a value or --default.")))
    with opened_site() as site:
        found = setting_of(site.model, name, setting)
        set_setting(site.database, found, value)
        row = _setting(site.refresh().settings, found)
    answer(row, _setting_line(row), as_json=as_json)


@pack.command("settings")
@click.argument("name", required=False)
@with_json
def settings_command(name: str | None, *, as_json: bool) -> None:
    """List the settings of all packs, or of the pack NAME, with their values."""
    with opened_site() as site:
        if name is not None and name not in site.model.packs:
            raise NotFoundError(N_("The pack “{name}” is not installed."), name=name)
        rows = [
            _setting(site.current().settings, found)
            for found in site.model.settings.values()
            if name in (None, found.pack)
        ]
    answer({"settings": rows}, [_setting_line(row) for row in rows], as_json=as_json)


def _setting(values: Any, setting: Setting) -> dict[str, Any]:
    own = values.get(setting.key)
    value = setting.default if own is None else own
    return {
        "pack": setting.pack,
        "name": setting.name,
        "value": None if value is None else setting.type.to_text(value),
        "default": None if setting.default is None else setting.type.to_text(setting.default),
        "set": own is not None,
    }


def _setting_line(row: dict[str, Any]) -> str:
    mark = "" if row["set"] else " " + translate(N_("(the pack's own value)"))
    shown = "–" if row["value"] is None else row["value"]
    return f"{row['pack']}.{row['name']} = {shown}{mark}"
