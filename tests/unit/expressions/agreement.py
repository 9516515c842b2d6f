"""What it means that an engine agrees with Python."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from loomwork.expressions import Node, lift, parameters, to_python, to_sql
from loomwork.expressions.to_sql import bound_values
from tests.language.oracle import of_user

AT_ONCE = 50


def python_ids(node: Node, records: Sequence[dict[str, Any]], user: UUID | None) -> list[int]:
    """Return the ids of the records for which Python finds ``node`` true."""
    holds, context = to_python(node), of_user(user)
    return [record["id"] for record in records if holds(record, context)]


def sql_ids(
    node: Node, connection: Connection, table: sa.Table, user: UUID | None
) -> tuple[list[int], list[int]]:
    """Return the ids that the engine selects, with the literals bound in place and lifted."""
    shape, values = lift(node)
    bound = parameters(values, of_user(user))
    dialect = connection.dialect.name
    query = sa.select(table.c.id).order_by(table.c.id)
    columns = table.c.__getitem__
    whole = query.where(to_sql(node, columns, dialect=dialect))
    lifted = query.where(to_sql(shape, columns, dialect=dialect))
    return (
        list(connection.scalars(whole, bound_values(whole.compile(connection), bound))),
        list(connection.scalars(lifted, bound_values(lifted.compile(connection), bound))),
    )


def sql_truths(nodes: Sequence[Node], connection: Connection, table: sa.Table) -> list[list[int]]:
    """Return for each of the nodes the ids of the rows for which the engine finds it true.

    One statement asks many of them, for speed.
    """
    found: list[list[int]] = []
    dialect, columns = connection.dialect.name, table.c.__getitem__
    for start in range(0, len(nodes), AT_ONCE):
        shapes = [lift(node) for node in nodes[start : start + AT_ONCE]]
        bound: dict[str, object] = {}
        truths: list[sa.ColumnElement[int]] = []
        for number, (shape, values) in enumerate(shapes):
            bound |= parameters(values, of_user(None), f"q{number}_")
            predicate = to_sql(shape, columns, dialect=dialect, prefix=f"q{number}_")
            truths.append(sa.case((predicate, 1), else_=0))
        query = sa.select(table.c.id, *truths).order_by(table.c.id)
        asked = bound_values(query.compile(connection), bound)
        rows = connection.execute(query, asked).all()
        found += [[row[0] for row in rows if row[place]] for place in range(1, len(shapes) + 1)]
    return found


def fill(connection: Connection, table: sa.Table, records: Sequence[dict[str, Any]]) -> None:
    """Create the table anew and put the records in."""
    table.metadata.drop_all(connection)
    table.metadata.create_all(connection)
    connection.execute(table.insert(), list(records))
