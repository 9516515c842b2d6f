"""Run compiled plans on the driver itself: prepared, in autocommit or inside a transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection

from loomwork.errors import N_, UnavailableError
from loomwork.store.engine import Database, translated
from loomwork.store.reading.query import Plan
from loomwork.store.types import POSTGRESQL, SQLITE

Rows = Sequence[Sequence[Any]]
CURSOR = "loomwork.cursor"
"""Under which a pooled connection keeps its cursor."""


def run(driver: Any, engine: str, plan: Plan, values: Mapping[str, Any]) -> Rows:
    """Return the rows of ``plan`` over a driver's connection, or a cursor of PostgreSQL's."""
    arguments = plan.arguments(values)
    if engine == POSTGRESQL:
        rows: Rows = driver.execute(plan.sql, arguments, prepare=True).fetchall()
    elif engine == SQLITE:
        rows = driver.execute(plan.sql, arguments).fetchall()
    else:
        with driver.cursor() as cursor:
            cursor.execute(plan.sql, arguments)
            rows = cursor.fetchall()
    return rows


def fetch(database: Database, plan: Plan, values: Mapping[str, Any]) -> Rows:
    """Return the rows of ``plan``, read in autocommit; a connection that died is replaced once."""
    errors = database.reader.dialect.loaded_dbapi.Error
    for attempt in (1, 2):
        try:
            pooled = database.reader.raw_connection()
        except DBAPIError as error:
            raise _unavailable(error) from error
        try:
            return run(_kept(pooled, database.name), database.name, plan, values)
        except errors as error:
            if not database.reader.dialect.is_disconnect(error, pooled.driver_connection, None):
                with translated():
                    raise _wrapped(plan, error, database.reader.dialect) from error
            pooled.invalidate(error)
            # The others most likely died with it: the second try is to begin with a new one.
            database.reader.dispose()
            if attempt == 2:
                raise _unavailable(error) from error
        finally:
            pooled.close()
    return []


def _kept(pooled: PoolProxiedConnection, engine: str) -> Any:
    """Return what runs statements: on PostgreSQL a cursor that its connection keeps.

    To make a new one for each read takes a quarter of the time that the driver needs at all.
    """
    if engine != POSTGRESQL:
        return pooled.driver_connection
    cursor = pooled.info.get(CURSOR)
    if cursor is None:
        driver: Any = pooled.driver_connection
        cursor = pooled.info[CURSOR] = driver.cursor(binary=True)
    return cursor


def fetch_in(connection: Connection, engine: str, plan: Plan, values: Mapping[str, Any]) -> Rows:
    """Return the rows of ``plan`` as the transaction of ``connection`` sees them."""
    try:
        return run(connection.connection.driver_connection, engine, plan, values)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _wrapped(plan, error, connection.dialect) from error


def _wrapped(plan: Plan, error: Exception, dialect: Dialect) -> BaseException:
    """Return SQLAlchemy's form of a driver's error, by which clashes are told from the rest."""
    return DBAPIError.instance(
        plan.sql, None, error, dialect.loaded_dbapi.Error, dialect=dialect, hide_parameters=True
    )


def _unavailable(error: BaseException) -> UnavailableError:
    reason = (str(getattr(error, "orig", error)).strip().splitlines() or ["?"])[0]
    return UnavailableError(
        N_("The database cannot be used: {reason}."), reason=reason[:300].rstrip(".")
    )
