"""Sessions for Flask-AppBuilder's rows, which are written through its classes only."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from loomwork.web.fab.account_events import AccountEvents

if TYPE_CHECKING:
    from loomwork.publishing.site import Site


class Sessions:
    """Makes sessions whose changes keep user records and the generation in step."""

    def __init__(self, site: "Site") -> None:
        self._maker = sessionmaker(bind=site.database.writer, expire_on_commit=False)
        AccountEvents(site).follow(self._maker)

    def scoped(self) -> "scoped_session[Session]":
        """Return the session of the present thread; it begins with its first statement."""
        return scoped_session(self._maker)

    @contextmanager
    def within(self, connection: Connection) -> Iterator[Session]:
        """Give a session in the running transaction of ``connection``, which its owner ends."""
        with self._maker(bind=connection, join_transaction_mode="rollback_only") as session:
            yield session
            session.commit()
