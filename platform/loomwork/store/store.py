"""The store of one site: its database, read and written."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

from loomwork.errors import N_, UnavailableError
from loomwork.store.engine import Database, is_transient, translated
from loomwork.store.jobs.table import WAKE
from loomwork.store.reading.fetching import Rows, fetch
from loomwork.store.reading.query import Plan
from loomwork.store.transaction import Generation, Transaction, read_generation

Result = TypeVar("Result")
TRIES = 4


class Store:
    """Reads in autocommit, writes in transactions that are repeated where engines clash.

    ``wake`` is called after a transaction that has put jobs into the queue's table; a job that
    nobody is woken for is found a little later.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.wake: Callable[[], None] | None = None

    def fetch(self, plan: Plan, values: Mapping[str, Any]) -> Rows:
        """Return the rows of ``plan``."""
        return fetch(self.database, plan, values)

    def generation(self) -> Generation:
        """Return the generation as committed now."""
        with translated(), self.database.reader.connect() as connection:
            return read_generation(connection)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Give a transaction; commit at the end, roll back on any error."""
        with self.database.transaction() as connection:
            transaction = Transaction(connection, self.database.name)
            if self.wake is not None:
                transaction.shared[WAKE] = self.wake
            yield transaction
            for work in transaction.before_commit:
                work()
        for work in transaction.after_commit:
            work()

    def join(self, connection: Connection) -> Transaction:
        """Return the running transaction of ``connection``, which its owner will end."""
        return Transaction(connection, self.database.name, joined=True)

    def run(self, work: Callable[[Transaction], Result]) -> Result:
        """Return what ``work`` gives in a transaction; repeat it on deadlocks and busy databases.

        Raises UnavailableError when it clashed every time.
        """
        for attempt in range(TRIES):
            try:
                with self.transaction() as transaction:
                    return work(transaction)
            except OperationalError as error:
                if not is_transient(error):
                    raise
                if attempt == TRIES - 1:
                    raise UnavailableError(
                        N_("The database is busy. Try again in a moment.")
                    ) from error
                time.sleep(0.02 * 4**attempt)
        raise AssertionError("unreachable")
