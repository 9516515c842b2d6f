"""The ``loomwork`` command."""

import io
import sys

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
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a letter is no reason to end in the middle of a sentence.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


for command in (init, serve, worker, pack, import_command, user):
    main.add_command(command)
