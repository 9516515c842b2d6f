"""Commands about users: add, password, token, disable, enable."""

import re
import sys
from datetime import timedelta

import click

from loomwork.cli.output import answer, translate, with_json
from loomwork.cli.site import opened_site
from loomwork.errors import N_, ConflictError, InvalidError
from loomwork.model.types.text import UNSTORABLE
from loomwork.web.fab.users import Users
from loomwork.web.tokens import Tokens

UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@click.group()
def user() -> None:
    """Add users, set passwords, give tokens."""


class Lifetime(click.ParamType[timedelta]):
    """A span of time such as ``30d``, ``12h`` or ``2w``."""

    name = "lifetime"

    def convert(
        self, value: str | timedelta, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Return the span that ``value`` writes."""
        if isinstance(value, timedelta):
            return value
        found = re.fullmatch(r"([1-9][0-9]{0,4})([mhdw])", value)
        if not found:
            self.fail(translate(N_("Write a span of time like 30d, 12h or 2w.")), param, ctx)
        return timedelta(**{UNITS[found[2]]: int(found[1])})


def _typed_password() -> str:
    """Return the password that is typed twice, or piped in as one line."""
    if sys.stdin.isatty():
        prompt = translate(N_("Password"))
        return str(click.prompt(prompt, hide_input=True, confirmation_prompt=True, err=True))
    try:
        return sys.stdin.buffer.readline().decode().rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise InvalidError(UNSTORABLE) from error


@user.command()
@click.argument("name")
@click.option("--role", "roles", multiple=True, metavar="R", help="A role that the user holds.")
@click.option("--full-name", default="", help="The name that others see.")
@click.option("--email", default="", help="The address for mail.")
@click.option("--admin", is_flag=True, help="Make the user an administrator.")
@with_json
def add(
    name: str, *, roles: tuple[str, ...], full_name: str, email: str, admin: bool, as_json: bool
) -> None:
    """Add the user NAME. Without a password yet: see `loomwork user password`."""
    with opened_site() as site:
        id_ = Users(site).add(name, full_name or name, email, None, roles, admin=admin)
    data = {"user": name, "id": str(id_), "roles": list(roles)}
    answer(data, translate(N_("Added the user “{user}”.")).format_map(data), as_json=as_json)


@user.command()
@click.argument("name")
@with_json
def password(name: str, *, as_json: bool) -> None:
    """Set the password of NAME, typed twice or piped in as one line."""
    with opened_site() as site:
        users = Users(site)
        users.find(name)
        users.set_password(name, _typed_password())
    text = translate(N_("The password of “{user}” is set.")).format(user=name)
    answer({"user": name}, text, as_json=as_json)


@user.command()
@click.argument("name")
@click.option(
    "--expires", type=Lifetime(), help="How long it is valid, like 30d. Without: for good."
)
@click.option("--label", default="command line", help="What the token is for.")
@with_json
def token(name: str, *, expires: timedelta | None, label: str, as_json: bool) -> None:
    """Print a new token of NAME for the API. It is shown only once."""
    with opened_site() as site:
        account = Users(site).find(name)
        if not account.active:
            raise ConflictError(
                N_("“{user}” is disabled, so a token would be of no use."), user=name
            )
        issued = Tokens(site).issue(account.id, label, expires)
    data = {"user": name, "token": issued.secret, "expires_at": issued.expires_at}
    answer(data, issued.secret, as_json=as_json)


@user.command()
@click.argument("name")
@with_json
def disable(name: str, *, as_json: bool) -> None:
    """Keep NAME out from now on; what the user owns stays."""
    with opened_site() as site:
        Users(site).disable(name)
    text = translate(N_("“{user}” cannot sign in any more.")).format(user=name)
    answer({"user": name}, text, as_json=as_json)


@user.command()
@click.argument("name")
@with_json
def enable(name: str, *, as_json: bool) -> None:
    """Let NAME in again, who was disabled."""
    with opened_site() as site:
        Users(site).enable(name)
    text = translate(N_("“{user}” can sign in again.")).format(user=name)
    answer({"user": name}, text, as_json=as_json)
