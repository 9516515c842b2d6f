"""``loomwork import``."""

import click

from loomwork.cli.output import with_json


@click.command("import")
@click.argument("entity")
@with_json
def import_command(entity: str, *, as_json: bool) -> None:
    """Placeholder while the import is written."""
    raise NotImplementedError(entity, as_json)
