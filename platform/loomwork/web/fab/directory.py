"""Who an account is: one statement from a token or a user to the actor with all roles."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, null, or_, select

from loomwork.model.actor import Actor
from loomwork.store.system import GENERATION, TOKEN
from loomwork.web.fab.tables import (
    ADMIN,
    GROUP_ROLE,
    OWN_ROLES,
    ROLE,
    USER,
    USER_GROUP,
    USER_ROLE,
)
from loomwork.web.fab.user_record import user_table
from loomwork.web.language import normalised
from loomwork.web.marks import fingerprint

if TYPE_CHECKING:
    from sqlalchemy import FromClause

    from loomwork.publishing.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """An actor, and by what it may be recognised.

    ``account`` is the number in Flask-AppBuilder's table; ``fingerprint`` changes with the
    password. ``token`` and ``expires`` (seconds since 1970) are set where a token stands for it.
    """

    actor: Actor
    account: int
    fingerprint: str
    token: UUID | None = None
    expires: float | None = None


class Directory:
    """Looks up principals. Each answer says of which access generation it is."""

    def __init__(self, site: "Site") -> None:
        self._site = site

    def by_token(self, digest: str) -> tuple[int, Principal | None]:
        """Return the holder of a token that is not revoked; its expiry is the caller's to check."""
        users = user_table(self._site)
        valid = and_(TOKEN.c.digest == digest, TOKEN.c.revoked_at.is_(None))
        source = GENERATION.outerjoin(TOKEN, valid).outerjoin(users, users.c.id == TOKEN.c.user)
        return self._look_up(source, [TOKEN.c.id, TOKEN.c.expires_at])

    def by_user(self, user: UUID) -> tuple[int, Principal | None]:
        """Return the principal of a user record."""
        users = user_table(self._site)
        source = GENERATION.outerjoin(users, users.c.id == user)
        return self._look_up(source, [null().label("token"), null().label("expires")])

    def _look_up(
        self, source: "FromClause", token: Sequence[ColumnElement[Any]]
    ) -> tuple[int, Principal | None]:
        users = user_table(self._site)
        # Roles held directly and by groups side by side: their product is small, and a role that
        # comes twice does no harm.
        joined = (
            source.outerjoin(USER, USER.c.id == users.c.ab_user_id)
            .outerjoin(USER_ROLE, USER_ROLE.c.user_id == USER.c.id)
            .outerjoin(USER_GROUP, USER_GROUP.c.user_id == USER.c.id)
            .outerjoin(GROUP_ROLE, GROUP_ROLE.c.group_id == USER_GROUP.c.group_id)
            .outerjoin(
                ROLE,
                or_(ROLE.c.id == USER_ROLE.c.role_id, ROLE.c.id == GROUP_ROLE.c.role_id),
            )
        )
        statement = (
            select(
                GENERATION.c.access,
                *token,
                users.c.id,
                users.c.name,
                users.c.username,
                users.c.language,
                users.c.theme,
                users.c.team,
                users.c.active,
                USER.c.id,
                USER.c.active,
                USER.c.password,
                ROLE.c.name,
            )
            .select_from(joined)
            .where(GENERATION.c.id == 1)
        )
        with self._site.database.reader.connect() as connection:
            rows = connection.execute(statement).all()
        return self._principal(rows)

    def _principal(self, rows: Sequence[Sequence[Any]]) -> tuple[int, Principal | None]:
        access, token, expires, user, name, login, language, theme, team = rows[0][:9]
        record_active, account, account_active, password = rows[0][9:13]
        if user is None or account is None or not (record_active and account_active):
            return int(access), None
        roles = frozenset(row[-1] for row in rows if row[-1] is not None)
        actor = Actor(
            name=name,
            user=user,
            login=login,
            roles=roles - OWN_ROLES,
            admin=ADMIN in roles,
            locale=normalised(language or ""),
            theme=theme or "",
            team=team,
            generation=access,
        )
        principal = Principal(
            actor=actor,
            account=account,
            fingerprint=fingerprint(self._site.settings.secret_key, password or ""),
            token=token,
            expires=None if expires is None else expires.timestamp(),
        )
        return int(access), principal
