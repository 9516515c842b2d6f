"""What it means that an engine agrees with Python."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from loomwork.expressions import Node, lift, parameters, to_python, to_sql


def python_ids(node: Node, records: Sequence[dict[str, Any]], user: UUID | None) -> list[int]:
    """Return the ids of the records for which Python finds ``node`` true."""
    holds = to_python(node)
    return [record["id"] for record in records if holds(record, user)]


def sql_ids(
    node: Node, connection: Connection, table: sa.Table, user: UUID | None
) -> tuple[list[int], list[int]]:
    """Return the ids that the engine selects, with the literals bound in place and lifted."""
    shape, values = lift(node)
    bound = parameters(values, user)
    dialect = connection.dialect.name
    query = sa.select(table.c.id).order_by(table.c.id)
    columns = table.c.__getitem__
    whole = query.where(to_sql(node, columns, dialect=dialect))
    lifted = query.where(to_sql(shape, columns, dialect=dialect))
    return (
        list(connection.scalars(whole, _asked(whole, bound))),
        list(connection.scalars(lifted, _asked(lifted, bound))),
    )


def _asked(statement: sa.Select[Any], bound: Any) -> dict[str, object]:
    """Return those of the bound values that the statement has a place for."""
    names = {name for name in statement.compile().params if name in bound}
    return {name: bound[name] for name in names}


def fill(connection: Connection, table: sa.Table, records: Sequence[dict[str, Any]]) -> None:
    """Create the table anew and put the records in."""
    table.metadata.drop_all(connection)
    table.metadata.create_all(connection)
    connection.execute(table.insert(), list(records))
