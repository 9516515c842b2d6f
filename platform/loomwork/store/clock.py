"""The database's own clock: the only one that every process of a site shares."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.ext.compiler import compiles

from loomwork.store.types import StoredType, moment


class DatabaseNow(sa.sql.functions.FunctionElement[datetime]):
    """The present moment as the database sees it, to be used inside statements."""

    inherit_cache = True

    def __init__(self) -> None:
        super().__init__()
        self.type: StoredType = moment()


@compiles(DatabaseNow, "postgresql")
def _on_postgresql(element: DatabaseNow, compiler: object, **_: Any) -> str:
    del element, compiler
    # now() would be the moment at which the transaction began.
    return "clock_timestamp()"


@compiles(DatabaseNow, "mysql")
@compiles(DatabaseNow, "mariadb")
def _on_mariadb(element: DatabaseNow, compiler: object, **_: Any) -> str:
    del element, compiler
    return "UTC_TIMESTAMP(6)"


@compiles(DatabaseNow, "sqlite")
def _on_sqlite(element: DatabaseNow, compiler: object, **_: Any) -> str:
    del element, compiler
    # SQLite counts milliseconds; moments are written with microseconds.
    return "strftime('%Y-%m-%d %H:%M:%f000', 'now')"


def database_time(connection: Connection) -> datetime:
    """Return the present moment as the database sees it."""
    now: datetime = connection.execute(sa.select(DatabaseNow())).scalar_one()
    return now
