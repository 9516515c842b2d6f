"""What follows from a change of Flask-AppBuilder's rows, in the same transaction.

Its own screens, LDAP and OpenID Connect write users too, so this hangs on the session and not on
our service: every account has one user record, and a change of rights moves the generation.
"""

from typing import TYPE_CHECKING

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, sessionmaker

from loomwork.store.transaction import bump_access
from loomwork.web.fab import user_record
from loomwork.web.fab.tables import Group, Role, User

if TYPE_CHECKING:
    from loomwork.publishing.site import Site

QUIET = frozenset(
    (
        "login_count",
        "last_login",
        "fail_login_count",
        "changed_on",
        "changed_by",
        "changed_by_fk",
        "changed",
        "created",
        "api_keys",
    )
)
"""Attributes of an account that say nothing about its rights."""
RIGHTS = (User, Role, Group)


class AccountEvents:
    """Follows the sessions of one site."""

    def __init__(self, site: "Site") -> None:
        self._site = site

    def follow(self, sessions: "sessionmaker[Session]") -> None:
        """Listen to every session that ``sessions`` makes."""
        event.listen(sessions, "before_flush", self._before_flush)
        event.listen(sessions, "after_flush", self._after_flush)

    def _before_flush(self, session: Session, *_: object) -> None:
        for row in session.deleted:
            if isinstance(row, User):
                user_record.release(self._site, session.connection(), row.id)

    def _after_flush(self, session: Session, *_: object) -> None:
        changed = {row: names for row in session.dirty if (names := _changes(row))}
        touched = [*session.new, *session.deleted, *changed]
        if not any(isinstance(row, RIGHTS) for row in touched):
            return
        connection = session.connection()
        # First of all: on MariaDB, of two transactions that hold the generation in share mode
        # neither could move it.
        bump_access(connection)
        for row in session.new:
            if isinstance(row, User):
                user_record.create(self._site, connection, row)
        for row, names in changed.items():
            if isinstance(row, User):
                user_record.follow(self._site, connection, row, names)


def _changes(row: object) -> frozenset[str]:
    """Return the names of the attributes that have changed and that matter."""
    return frozenset(
        attribute.key
        for attribute in inspect(row).attrs
        if attribute.key not in QUIET and attribute.history.has_changes()
    )
