"""The ``loomwork`` command."""

import click

from loomwork.cli.importing import import_command
from loomwork.cli.packs import pack
from loomwork.cli.serving import serve, worker
from loomwork.cli.setup import init
from loomwork.cli.users import user


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="loomwork")
def main() -> None:
    """Loomwork: a CRM made of metadata."""


for command in (init, serve, worker, pack, import_command, user):
    main.add_command(command)
