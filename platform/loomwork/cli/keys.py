"""``loomwork keys``: the keys of encrypted fields."""

import sys
from pathlib import Path

import click

from loomwork.cli.output import FOUND_PROBLEMS, answer, translate, with_json
from loomwork.cli.site import opened_site
from loomwork.errors import N_, UnavailableError
from loomwork.store.engine import translated
from loomwork.store.keys.ring import KeptKey, read_keys, rewrap, rotate

IN_USE, RETIRED, LOCKED = N_("in use"), N_("retired"), N_("not opened by the site's secret key")


@click.group()
def keys() -> None:
    """Encrypted fields: their keys."""


@keys.command("list")
@with_json
def list_command(as_json: bool) -> None:
    """Tell which keys there are, and whether the site's secret key opens them."""
    with (
        opened_site() as site,
        translated(),
        site.database.reader.connect() as connection,
    ):
        found = read_keys(connection, site.settings.secret_key)
    data = [
        {
            "id": key.id,
            "created_at": key.created_at.isoformat(),
            "retired_at": None if key.retired_at is None else key.retired_at.isoformat(),
            "opens": key.opens,
        }
        for key in found
    ]
    lines = [f"{key.id}  {key.created_at:%Y-%m-%d}  {translate(_state(key))}" for key in found]
    answer({"keys": data}, lines, as_json=as_json)


def _state(key: KeptKey) -> str:
    if not key.opens:
        return LOCKED
    return IN_USE if key.retired_at is None else RETIRED


@keys.command("rotate")
@with_json
def rotate_command(as_json: bool) -> None:
    """Encrypt everything by a new key, while the site is used; go on where one was stopped."""
    with opened_site() as site:
        done = rotate(site.database, site.settings.secret_key)
    text = translate(N_("The key {id} is in use now; {count} values were encrypted anew."))
    broken = translate(N_("{table}.{column}: the value of the record {record} cannot be opened."))
    places = [
        {"table": str(one.table), "column": one.column, "record": str(one.record)}
        for one in done.damaged
    ]
    lines = [text.format(id=done.key, count=done.values)]
    lines += [broken.format_map(place) for place in places]
    answer({"key": done.key, "values": done.values, "damaged": places}, lines, as_json=as_json)
    if places:
        sys.exit(FOUND_PROBLEMS)


@keys.command("rewrap")
@click.option(
    "--old-key-file",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The file with the secret key that the site had before.",
)
@with_json
def rewrap_command(old_key_file: Path, as_json: bool) -> None:
    """Let the site's new secret key open its encrypted fields."""
    old = _secret_in(old_key_file)
    with opened_site() as site:
        count = rewrap(site.database, site.settings.secret_key, old)
    text = translate(N_("The site's secret key now opens {count} more keys."))
    answer({"keys": count}, text.format(count=count), as_json=as_json)


def _secret_in(file: Path) -> bytes:
    try:
        return file.read_bytes().strip()
    except OSError as error:
        raise UnavailableError(
            N_("The file {file} cannot be read: {reason}."),
            file=str(file),
            reason=error.strerror or str(error),
        ) from error
