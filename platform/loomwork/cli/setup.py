"""``loomwork init``: makes a site, and repeats harmlessly."""

import os
import secrets
from pathlib import Path

import click

from loomwork.cli.demo import load_demo
from loomwork.cli.output import answer, say, translate, with_json
from loomwork.cli.packs import find_pack, install
from loomwork.errors import N_, InvalidError, NotFoundError, UnavailableError
from loomwork.publishing.site import Site
from loomwork.store.engine import connect
from loomwork.store.keys.ring import ensure_key
from loomwork.store.lock import installer_lock
from loomwork.store.search.rebuild import FIRST_SEARCHED, rebuild_search
from loomwork.store.settings import Settings
from loomwork.store.upgrade import present_version, refuse_half_restored, upgrade
from loomwork.web.fab.tables import create_fab_tables
from loomwork.web.fab.users import Users


@click.command()
@click.option(
    "--admin", metavar="NAME", help="Add an administrator of that name, if there is none."
)
@click.option(
    "--password-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Read the administrator's password from this file, or write a generated one into it.",
)
@click.option("--pack", "packs", multiple=True, metavar="NAME|PATH", help="Install a pack.")
@click.option("--demo", is_flag=True, help="Fill the site with a year of demo data.")
@with_json
def init(
    *,
    admin: str | None,
    password_file: Path | None,
    packs: tuple[str, ...],
    demo: bool,
    as_json: bool,
) -> None:
    """Make a site, or bring one up to date; what is there already stays."""
    if password_file and not admin:
        raise click.UsageError(translate(N_("--password-file needs --admin.")))
    settings = Settings.from_environment(create=True)
    wanted = [find_pack(name) for name in dict.fromkeys(("base", *packs))]
    site = prepare_site(settings)
    missing = [documents for documents in wanted if documents[0].pack not in site.model.packs]
    if missing:
        install(site, missing, "loomwork init")
    password = _add_admin(site, admin, password_file) if admin else None
    records = load_demo(site) if demo else 0
    data = {"home": str(settings.home), "packs": sorted(site.model.packs), "demo_records": records}
    lines = [translate(N_("The site in {home} is ready.")).format_map(data)]
    if password and password_file is None:
        data["password"] = password
        text = translate(N_("The password of “{admin}” is {password} – it is not shown again."))
        lines.append(text.format(admin=admin, password=password))
    site.close()
    answer(data, lines, as_json=as_json)


def prepare_site(settings: Settings) -> Site:
    """Create the platform's own tables, or bring them up to date, and return the site."""
    database = connect(settings.database_url)
    with installer_lock(database):
        refuse_half_restored(database)
        before = present_version(database)
        upgrade(database)
        ensure_key(database, settings.secret_key)
        create_fab_tables(database.writer)
    site = Site(settings, database)
    if before and before < FIRST_SEARCHED:
        for entity in site.model.entities:
            rebuild_search(database, site.tables, entity)
    return site


def _add_admin(site: Site, name: str, file: Path | None) -> str | None:
    """Add the administrator; return the password if it was made here."""
    users = Users(site)
    try:
        users.find(name)
    except NotFoundError:
        password, generated = _password(file)
    else:
        return None
    try:
        users.add(name, name.capitalize(), password=password, admin=True)
    except InvalidError as error:
        # Another process may have been first; every other problem is the caller's to know.
        if any(problem.code != "taken" for problem in error.problems):
            raise
        return None
    if file is not None:
        say(N_("The password of “{admin}” is in {file}."), admin=name, file=file)
    return password if generated else None


def _password(file: Path | None) -> tuple[str, bool]:
    if file is not None and file.exists():
        return _password_in(file), False
    password = secrets.token_urlsafe(12)
    if file is not None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return _password_in(file), False
        except OSError as error:
            raise UnavailableError(
                N_("The file {file} cannot be written: {reason}."),
                file=str(file),
                reason=error.strerror or str(error),
            ) from error
        with os.fdopen(handle, "w", encoding="utf-8") as target:
            target.write(password + "\n")
    return password, True


def _password_in(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UnavailableError(
            N_("The file {file} cannot be read: {reason}."),
            file=str(file),
            reason=getattr(error, "strerror", None) or str(error),
        ) from error
