"""Tokens for programs: 256 random bits, shown once, kept as an HMAC."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.engine import Connection

from loomwork.errors import N_, NotFoundError
from loomwork.store.identifiers import new_id
from loomwork.store.system import TOKEN
from loomwork.store.transaction import bump_access
from loomwork.web.marks import TOKEN_PREFIX, token_digest

if TYPE_CHECKING:
    from loomwork.publishing.site import Site

SIGN_IN = "sign-in"
"""The name of the tokens that stand for a password typed a while ago."""
SIGN_IN_LIFETIME = timedelta(hours=12)
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A new token. ``secret`` is known only here: it cannot be shown again."""

    id: UUID
    secret: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenInfo:
    """A token as its owner sees it later."""

    id: UUID
    name: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class Tokens:
    """The tokens of one site."""

    def __init__(self, site: "Site") -> None:
        self._site = site

    def issue(self, user: UUID, name: str, lifetime: timedelta | None = None) -> Issued:
        """Give a user a new token, which lasts for ``lifetime`` or until it is revoked."""
        now = datetime.now(UTC)
        issued = Issued(
            id=new_id(),
            secret=TOKEN_PREFIX + secrets.token_urlsafe(32),
            expires_at=now + lifetime if lifetime else None,
        )
        row = {
            "id": issued.id,
            "user": user,
            "name": name[:LONGEST_NAME],
            "digest": token_digest(self._site.settings.secret_key, issued.secret).hex(),
            "created_at": now,
            "expires_at": issued.expires_at,
        }
        self._site.store.run(lambda tx: tx.connection.execute(insert(TOKEN).values(row)))
        return issued

    def sign_in(self, user: UUID) -> Issued:
        """Give a short-lived token after a password was checked; sweep the user's expired ones."""
        expired = delete(TOKEN).where(
            TOKEN.c.user == user, TOKEN.c.name == SIGN_IN, TOKEN.c.expires_at < datetime.now(UTC)
        )
        self._site.store.run(lambda tx: tx.connection.execute(expired))
        return self.issue(user, SIGN_IN, SIGN_IN_LIFETIME)

    def revoke(self, token: UUID) -> None:
        """End a token at once, in every worker."""

        def work(connection: Connection) -> None:
            bump_access(connection)
            ended = connection.execute(
                update(TOKEN)
                .where(TOKEN.c.id == token, TOKEN.c.revoked_at.is_(None))
                .values(revoked_at=datetime.now(UTC))
            )
            if not ended.rowcount:
                raise NotFoundError(N_("There is no such token."))

        self._site.store.run(lambda tx: work(tx.connection))

    def of(self, user: UUID) -> list[TokenInfo]:
        """Return the tokens of a user that are not revoked, the oldest first."""
        columns = (
            TOKEN.c.id,
            TOKEN.c.name,
            TOKEN.c.created_at,
            TOKEN.c.expires_at,
            TOKEN.c.last_used_at,
        )
        statement = select(*columns).where(TOKEN.c.user == user, TOKEN.c.revoked_at.is_(None))
        with self._site.database.reader.connect() as connection:
            rows = connection.execute(statement.order_by(TOKEN.c.id)).mappings().all()
        return [TokenInfo(**row) for row in rows]

    def note_use(self, token: UUID, seconds: float) -> None:
        """Write when the token was used, unless another worker did so within ``seconds``."""
        now = datetime.now(UTC)
        stale = or_(
            TOKEN.c.last_used_at.is_(None),
            TOKEN.c.last_used_at < now - timedelta(seconds=seconds),
        )
        statement = update(TOKEN).where(TOKEN.c.id == token, stale).values(last_used_at=now)
        self._site.store.run(lambda tx: tx.connection.execute(statement))


def end_sign_ins(connection: Connection, user: UUID) -> None:
    """Revoke the tokens that stand for the user's old password."""
    connection.execute(
        update(TOKEN)
        .where(TOKEN.c.user == user, TOKEN.c.name == SIGN_IN, TOKEN.c.revoked_at.is_(None))
        .values(revoked_at=datetime.now(UTC))
    )
