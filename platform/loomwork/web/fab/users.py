"""Users: adding them, their passwords and roles, and the check at sign-in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload
from werkzeug.security import check_password_hash

from loomwork.errors import N_, ConflictError, InvalidError, NotFoundError, Problem
from loomwork.model.actor import Actor
from loomwork.store.transaction import Transaction
from loomwork.web import tokens
from loomwork.web.fab.credentials import LONGEST_PASSWORD, check_username, hashed
from loomwork.web.fab.directory import Directory
from loomwork.web.fab.roles import rows_of
from loomwork.web.fab.sessions import Sessions
from loomwork.web.fab.tables import ADMIN, OWN_ROLES, USER, Group, Role, User
from loomwork.web.fab.user_record import NO_ADDRESS, id_of, user_table

if TYPE_CHECKING:
    from loomwork.publishing.site import Site

Result = TypeVar("Result")

NOBODY = (
    "scrypt:32768:8:1$Zr1pSLkfWxO8bTn4$"
    "0b8f1f7bd8f1c6a0a5a2a1b6f4b9d8f02b8c5a4ad1a2f8a1c9c6b7a3f0e1d2c3"
    "b4a5968778695a4b3c2d1e0f112233445566778899aabbccddeeff0011223344"
)
"""A hash that no password has; checking it takes the time that a real one takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A user as the one who administers them sees it."""

    id: UUID
    username: str
    name: str
    email: str
    active: bool
    admin: bool
    roles: tuple[str, ...]
    last_login: datetime | None


class Users:
    """The users of one site. Every call is a transaction of its own."""

    def __init__(self, site: "Site") -> None:
        self._site = site
        self._sessions = Sessions(site)
        self._directory = Directory(site)

    def add(
        self,
        username: str,
        name: str,
        email: str = "",
        password: str | None = None,
        roles: Sequence[str] = (),
        *,
        admin: bool = False,
    ) -> UUID:
        """Add a user with the roles and return the id of the record.

        Without a password nobody can sign in with one. Raises InvalidError for a name that is
        taken or not possible, an unknown role, or a password that is too short or too long.
        """
        check_username(username)
        kept = hashed(password)

        def work(session: Session) -> UUID:
            _refuse_taken(session, username, email)
            account = User(
                username=username,
                first_name=(name or username)[:64],
                last_name=(name or username)[64:128],
                email=email or f"{username}@{NO_ADDRESS}",
                password=kept,
                active=True,
                roles=rows_of(session, roles, admin=admin),
            )
            session.add(account)
            try:
                session.flush()
            except IntegrityError as error:
                # Another process was first, after we had looked.
                text = N_("There is already a user of this name.")
                raise _invalid("taken", text, "/username") from error
            return id_of(self._site, session.connection(), account.id)

        return self._in_session(work)

    def set_password(self, username: str, password: str) -> None:
        """Set a password; sessions and sign-in tokens of the old one end at once."""
        kept = hashed(password)

        def work(session: Session) -> None:
            account = _account(session, username)
            account.password = kept
            session.flush()
            tokens.end_sign_ins(
                session.connection(), id_of(self._site, session.connection(), account.id)
            )

        self._in_session(work)

    def disable(self, username: str) -> None:
        """Keep a user out from the next request on, in every worker.

        Raises ConflictError for the only active administrator.
        """
        self._set_active(username, active=False)

    def enable(self, username: str) -> None:
        """Let a disabled user in again."""
        self._set_active(username, active=True)

    def set_roles(self, username: str, roles: Sequence[str], *, admin: bool = False) -> None:
        """Give a user just these roles; ConflictError where no administrator would be left."""

        def work(session: Session) -> None:
            account = _account(session, username)
            if not admin:
                _require_another_admin(session, account)
            account.roles = rows_of(session, roles, admin=admin)

        self._in_session(work)

    def authenticate(self, username: str, password: str) -> Actor | None:
        """Return the actor whose name and password these are.

        An unknown name takes as long as a wrong password.
        """
        account, known = self._credentials(username)
        matches = check_password_hash(known or NOBODY, password[:LONGEST_PASSWORD])
        if account is None:
            return None
        self._site.store.run(lambda tx: _count(tx.connection, account, success=matches))
        if not matches:
            return None
        try:
            return self.actor(username)
        except NotFoundError:
            return None

    def actor(self, username: str) -> Actor:
        """Return who acts for a user; NotFoundError for one who is unknown or disabled."""
        users = user_table(self._site)
        statement = select(users.c.id).join(USER, USER.c.id == users.c.ab_user_id)
        with self._site.database.reader.connect() as connection:
            user = connection.execute(statement.where(USER.c.username == username)).scalar()
        principal = None if user is None else self._directory.by_user(user)[1]
        if principal is None:
            raise NotFoundError(N_("There is no active user “{username}”."), username=username)
        return principal.actor

    def find(self, username: str) -> Account:
        """Return one user; NotFoundError where there is none of that name."""
        found = [account for account in self.all() if account.username == username]
        if not found:
            raise _no_such_user(username)
        return found[0]

    def all(self) -> list[Account]:
        """Return all users by name."""
        return self._in_session(self._accounts)

    def _in_session(self, work: Callable[[Session], Result]) -> Result:
        def run(transaction: Transaction) -> Result:
            with self._sessions.within(transaction.connection) as session:
                return work(session)

        return self._site.store.run(run)

    def _set_active(self, username: str, *, active: bool) -> None:
        def work(session: Session) -> None:
            account = _account(session, username)
            if not active:
                _require_another_admin(session, account)
            account.active = active

        self._in_session(work)

    def _credentials(self, username: str) -> tuple[int | None, str]:
        statement = select(USER.c.id, USER.c.password).where(
            USER.c.username == username, USER.c.active.is_(True)
        )
        with self._site.database.reader.connect() as connection:
            row = connection.execute(statement).one_or_none()
        return (None, "") if row is None else (row.id, row.password or "")

    def _accounts(self, session: Session) -> list[Account]:
        users = user_table(self._site)
        found = session.connection().execute(select(users.c.ab_user_id, users.c.id, users.c.name))
        records = {account: (id_, name) for account, id_, name in found}
        rows = session.scalars(
            select(User).options(selectinload(User.roles)).order_by(User.username)
        )
        return [_described(row, *records[row.id]) for row in rows if row.id in records]


def _described(row: User, id_: UUID, name: str) -> Account:
    names = {role.name for role in row.roles}
    return Account(
        id=id_,
        username=row.username,
        name=name,
        email="" if row.email.endswith(f"@{NO_ADDRESS}") else row.email,
        active=bool(row.active),
        admin=ADMIN in names,
        roles=tuple(sorted(names - OWN_ROLES)),
        last_login=row.last_login,
    )


def _account(session: Session, username: str) -> User:
    found = session.scalars(select(User).where(User.username == username)).one_or_none()
    if found is None:
        raise _no_such_user(username)
    return found


def _require_another_admin(session: Session, account: User) -> None:
    """Raise ConflictError if the account is the only one that can administer the site.

    The administrators are locked: two of them must not be disabled at once, each for the other's
    sake.
    """
    by_group = User.groups.any(Group.roles.any(Role.name == ADMIN))
    admins = session.scalars(
        select(User.id)
        .where(User.active.is_(True), or_(User.roles.any(Role.name == ADMIN), by_group))
        .order_by(User.id)
        .with_for_update()
    ).all()
    if admins == [account.id]:
        raise ConflictError(
            N_("“{user}” is the only active administrator: nobody else could change that again."),
            user=account.username,
        )


def _no_such_user(username: str) -> NotFoundError:
    return NotFoundError(N_("There is no user “{username}”."), username=username)


def _refuse_taken(session: Session, username: str, email: str) -> None:
    names = select(func.count()).where(USER.c.username == username)
    addresses = select(func.count()).where(USER.c.email == email)
    if session.scalar(names):
        raise _invalid("taken", N_("There is already a user of this name."), "/username")
    if email and session.scalar(addresses):
        raise _invalid("taken", N_("There is already a user with this address."), "/email")


def _invalid(code: str, text: str, pointer: str) -> InvalidError:
    return InvalidError(problems=(Problem(code=code, text=text, pointer=pointer),))


def _count(connection: Connection, account: int, *, success: bool) -> None:
    """Note a sign-in or a failure. This is no change of rights: no generation moves."""
    values: dict[str, object] = {"fail_login_count": func.coalesce(USER.c.fail_login_count, 0) + 1}
    if success:
        values = {
            "fail_login_count": 0,
            "login_count": func.coalesce(USER.c.login_count, 0) + 1,
            "last_login": datetime.now(UTC).replace(tzinfo=None),
        }
    connection.execute(update(USER).where(USER.c.id == account).values(values))
