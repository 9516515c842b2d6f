"""The record that every account has in the entity ``user``."""

from collections.abc import Collection
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Table, select, update
from sqlalchemy.engine import Connection

from loomwork.model.actor import system
from loomwork.web.fab.tables import User

if TYPE_CHECKING:
    from loomwork.publishing.site import Site

ENTITY = "user"
PART = system("accounts")
NO_ADDRESS = "users.invalid"
"""The domain of the address that an account without one gets: Flask-AppBuilder wants one."""


def user_table(site: "Site") -> Table:
    """Return the table of user records, with fields' names as keys and ``ab_user_id``."""
    return site.tables[ENTITY].table


def create(site: "Site", connection: Connection, account: User) -> None:
    """Create the record of a new account in the account's own transaction."""
    # No language is chosen yet: until then the browser's counts, not the field's default.
    values: dict[str, object] = {"username": account.username, "name": _name(account)}
    values |= {"email": _email(account), "active": bool(account.active), "language": None}
    record = site.records.create(PART, ENTITY, values, transaction=site.store.join(connection))
    users = user_table(site)
    connection.execute(
        update(users).where(users.c.id == record["id"]).values(ab_user_id=account.id)
    )


def follow(site: "Site", connection: Connection, account: User, changed: Collection[str]) -> None:
    """Bring into the record what has changed in its account, and nothing else."""
    values: dict[str, object] = {}
    if "active" in changed:
        values["active"] = bool(account.active)
    if "username" in changed:
        values["username"] = account.username
    if "email" in changed:
        values["email"] = _email(account)
    if {"first_name", "last_name"}.intersection(changed):
        values["name"] = _name(account)
    if values:
        _update(site, connection, account.id, values)


def release(site: "Site", connection: Connection, account: int) -> None:
    """Keep the record of an account that is removed, as that of somebody who has left."""
    _update(site, connection, account, {"active": False})
    users = user_table(site)
    connection.execute(update(users).where(users.c.ab_user_id == account).values(ab_user_id=None))


def id_of(site: "Site", connection: Connection, account: int) -> UUID:
    """Return the id of an account's record."""
    users = user_table(site)
    found: UUID = connection.execute(
        select(users.c.id).where(users.c.ab_user_id == account)
    ).scalar_one()
    return found


def _update(site: "Site", connection: Connection, account: int, values: dict[str, object]) -> None:
    record = id_of(site, connection, account)
    site.records.update(PART, ENTITY, record, values, transaction=site.store.join(connection))


def _name(account: User) -> str:
    parts = (account.first_name, account.last_name)
    return " ".join(part for part in parts if part) or str(account.username)


def _email(account: User) -> str | None:
    return None if account.email.endswith(f"@{NO_ADDRESS}") else str(account.email)
