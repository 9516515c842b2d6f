"""Whole rows of records that a condition chooses, read and locked inside a transaction."""

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from loomwork.store.schema.sets import set_decoder, set_element
from loomwork.store.types import SQLITE

if TYPE_CHECKING:
    from loomwork.store.schema.tables import EntityTable
    from loomwork.store.transaction import Transaction


def lock_rows(
    transaction: "Transaction", table: "EntityTable", condition: sa.ColumnElement[bool]
) -> list[dict[str, Any]]:
    """Return the rows that fit, deleted ones too, by key; nobody else changes them from now on.

    They are locked in the order of their ids, as everybody locks several records.
    """
    engine, id_ = transaction.engine, table.columns["id"]
    sets = [set_element(one, id_, engine) for one in table.sets.values()]
    statement = sa.select(*table.columns.values(), *sets).where(condition).order_by(id_)
    if engine != SQLITE:
        statement = statement.with_for_update(of=table.table)
    decoders = {name: set_decoder(one.storage, engine) for name, one in table.sets.items()}
    keys = (*table.columns, *table.sets)
    found = []
    for row in transaction.connection.execute(statement):
        record = dict(zip(keys, row, strict=True))
        record |= {name: decode(record[name]) for name, decode in decoders.items()}
        found.append(record)
    return found
