"""The ``loomwork`` command."""

import io
import json
import sys
from importlib import import_module

import click

COMMANDS = {
    "init": "loomwork.cli.setup:init",
    "serve": "loomwork.cli.serving:serve",
    "worker": "loomwork.cli.serving:worker",
    "jobs": "loomwork.cli.job_commands:jobs",
    "pack": "loomwork.cli.pack_changes:pack",
    "plan": "loomwork.cli.publishing:plan_command",
    "publish": "loomwork.cli.publishing:publish_command",
    "revisions": "loomwork.cli.publishing:revisions_command",
    "rollback": "loomwork.cli.publishing:rollback_command",
    "purge": "loomwork.cli.publishing:purge_command",
    "fmt": "loomwork.cli.formatting:fmt",
    "import": "loomwork.cli.importing:import_command",
    "search": "loomwork.cli.search:search",
    "user": "loomwork.cli.users:user",
    "derived": "loomwork.cli.derived:derived",
    "numbers": "loomwork.cli.numbers:numbers",
    "keys": "loomwork.cli.keys:keys",
    "backup": "loomwork.cli.backup:backup_command",
    "restore": "loomwork.cli.backup:restore_command",
    "files": "loomwork.cli.files:files",
}
"""Where each command is found; only the one that is called is loaded, which saves a second."""

AS_JSON = "loomwork.as_json"


class Commands(click.Group):
    """The group of all commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands in the order of the help."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, loaded now."""
        del ctx
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, name = place.split(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Remember whether JSON is asked for, which only the command itself reads."""
        ctx.meta[AS_JSON] = "--json" in args
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; a program reads what is wrong with its arguments as JSON."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            if not ctx.meta[AS_JSON]:
                raise
            data = {"error": "usage", "message": error.format_message()}
            click.echo(json.dumps(data, ensure_ascii=False))
            ctx.exit(error.exit_code)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="loomwork")
def main() -> None:
    """Loomwork: a CRM made of metadata."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a letter is no reason to end in the middle of a sentence.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
