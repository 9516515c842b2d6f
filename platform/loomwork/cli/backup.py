"""``loomwork backup`` and ``loomwork restore``."""

import os
import secrets
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from loomwork.cli.output import answer, say, translate, with_json
from loomwork.cli.site import opened_site
from loomwork.errors import N_
from loomwork.publishing.restoring import restore
from loomwork.store.backup.archive import Archive, Manifest, opened
from loomwork.store.backup.writing import key_mark, write_backup
from loomwork.store.engine import connect
from loomwork.store.settings import KEY_FILE, Settings
from loomwork.web.fab.tables import account_tables, create_fab_tables

FILE = click.Path(path_type=Path, dir_okay=False)
LOST = N_("{count} files were missing in the storage already; the manifest names them.")


@click.command("backup")
@click.argument("file", type=FILE)
@click.option(
    "--with-key",
    is_flag=True,
    help="Put the site's secret key in too; whoever has the file then has everything.",
)
@with_json
def backup_command(*, file: Path, with_key: bool, as_json: bool) -> None:
    """Write the whole site to FILE, while it is running; read it back before saying so."""
    with opened_site() as site:
        tables = [table for one in site.tables.values() for table in one.tables]
        manifest = write_backup(
            site.database,
            [*tables, *account_tables()],
            site.files.storage,
            file,
            secret_key=site.settings.secret_key,
            with_key=with_key,
        )
    if manifest.missing:
        say(LOST, count=len(manifest.missing))
    if not with_key:
        say(
            N_(
                "The secret key is not in it: keep {file} too, or tokens and encrypted values are"
                " lost."
            ),
            file=KEY_FILE,
        )
    text = translate(N_("{file} holds {rows} rows of {tables} tables and {files} files."))
    data = {"file": str(file), "bytes": file.stat().st_size, **_told(manifest)}
    answer(data, text.format_map(data), as_json=as_json)


@click.command("restore")
@click.argument("file", type=FILE)
@click.option("--into-empty", is_flag=True, help="Said for clarity: there is no other way.")
@with_json
def restore_command(*, file: Path, into_empty: bool, as_json: bool) -> None:
    """Make the site that FILE holds, in a database without one."""
    del into_empty
    with opened(file) as archive:
        _take_key(archive)
        settings = Settings.from_environment(create=True)
        with closing(_Connected(settings)) as connected:
            manifest = restore(
                settings, connected.database, archive, make_account_tables=create_fab_tables
            )
    if manifest.missing:
        say(LOST, count=len(manifest.missing))
    if manifest.key != key_mark(settings.secret_key):
        say(
            N_(
                "The secret key is another than the backup's: its tokens are not valid here and"
                " its encrypted values cannot be read. Put its {file} into {home}."
            ),
            file=KEY_FILE,
            home=str(settings.home),
        )
    text = translate(N_("The site has {rows} rows of {tables} tables and {files} files again."))
    data = {"home": str(settings.home), **_told(manifest)}
    answer(data, text.format_map(data), as_json=as_json)


class _Connected:
    """A database that is closed at the end."""

    def __init__(self, settings: Settings) -> None:
        self.database = connect(settings.database_url)

    def close(self) -> None:
        """Close every connection."""
        self.database.dispose()


def _told(manifest: Manifest) -> dict[str, Any]:
    return {
        "rows": manifest.rows,
        "tables": len(manifest.tables),
        "files": len(manifest.files),
        "missing": list(manifest.missing),
        "with_key": manifest.with_key,
        "hash": manifest.hash,
        "revision": manifest.revision,
    }


def _take_key(archive: Archive, environment: Mapping[str, str] = os.environ) -> None:
    """Let a site that has no secret key yet have the backup's, if the backup has it."""
    home = Path(environment.get("LOOMWORK_HOME") or "var").resolve()
    if not archive.manifest.with_key or environment.get("LOOMWORK_SECRET_KEY"):
        return
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = home / f"{KEY_FILE}.{secrets.token_hex(8)}"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(archive.key())
        os.link(draft, home / KEY_FILE)
    except FileExistsError:
        return
    finally:
        draft.unlink()
