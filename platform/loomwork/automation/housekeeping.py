"""What has to be tidied now and then: rows that nobody can use any more."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from loomwork.store.store import Store
from loomwork.store.system import TOKEN

KEPT = timedelta(days=30)
"""How long a token that has ended stays listed."""


def remove_ended_tokens(store: Store, now: datetime | None = None) -> int:
    """Remove tokens that ended long ago; return how many there were."""
    before = (now or datetime.now(UTC)) - KEPT
    statement = sa.delete(TOKEN).where(
        sa.or_(TOKEN.c.expires_at < before, TOKEN.c.revoked_at < before)
    )
    return int(store.run(lambda transaction: transaction.connection.execute(statement).rowcount))
