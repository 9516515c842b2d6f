"""Fields with many values: their rows read as one value of the record, and written with it."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.dialects import postgresql

from loomwork.model.storage import Storage, StorageKind
from loomwork.store.types import MARIADB, POSTGRESQL, SQLITE, decoder

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.sql.selectable import FromClause

    from loomwork.store.schema.tables import EntityTable, SetTable

Values = tuple[Any, ...]


def set_element(set_: "SetTable", record: ColumnElement[Any], engine: str) -> ColumnElement[Any]:
    """Return what selects the values of ``record``, in their order, in one column."""
    kept = set_.table.alias()
    value: ColumnElement[Any] = kept.c.value
    if engine == SQLITE and set_.storage.kind is StorageKind.UUID:
        value = sa.func.hex(value)
    return array_of(
        value,
        rows=kept,
        position=kept.c.position,
        condition=kept.c.record == record,
        engine=engine,
    )


def array_of(
    value: ColumnElement[Any],
    *,
    rows: "FromClause",
    position: ColumnElement[Any],
    condition: ColumnElement[bool],
    engine: str,
) -> ColumnElement[Any]:
    """Return the ``value`` of each of the ``rows`` that fit, by ``position``, in one column."""
    inside = sa.sql.util.find_tables(rows, include_aliases=True)
    if engine == SQLITE:
        each = (
            sa.select(sa.type_coerce(value, sa.types.NullType()).label("v"))
            .select_from(rows)
            .where(condition)
            .order_by(position)
            .correlate_except(*inside)
            .subquery()
        )
        return sa.select(sa.func.json_group_array(each.c.v)).scalar_subquery()
    if engine == POSTGRESQL:
        ordered = postgresql.aggregate_order_by(value, position)
        array: ColumnElement[Any] = sa.func.array_agg(ordered, type_=sa.types.NullType())
    else:
        # What SQLAlchemy cannot say of MariaDB's function is the order inside the brackets.
        array = sa.func.JSON_ARRAYAGG(value.op("ORDER BY")(position), type_=sa.types.NullType())
    chosen = sa.select(array).select_from(rows).where(condition)
    return chosen.correlate_except(*inside).scalar_subquery()


def set_decoder(storage: Storage, engine: str) -> Callable[[Any], Values | None]:
    """Return the function from what the driver gives for `set_element` to a tuple; None if empty.

    The two engines without arrays send JSON.
    """
    convert = _from_json(storage, engine) if engine != POSTGRESQL else decoder(storage, engine)

    def decode(value: Any) -> Values | None:
        found = json.loads(value, parse_float=Decimal) if isinstance(value, str | bytes) else value
        if not found:
            return None
        if convert is None:
            return tuple(found)
        return tuple(None if one is None else convert(one) for one in found)

    return decode


def _from_json(storage: Storage, engine: str) -> Callable[[Any], Any] | None:
    if storage.kind is StorageKind.UUID:
        return UUID
    if engine == MARIADB and storage.kind is StorageKind.DECIMAL:
        return Decimal
    if engine == MARIADB and storage.kind in (StorageKind.DATE, StorageKind.DATETIME):
        return decoder(storage, SQLITE)
    return decoder(storage, engine)


def write_sets(
    connection: "Connection",
    table: "EntityTable",
    rows: Sequence[tuple[UUID, Mapping[str, Any]]],
    *,
    fresh: bool,
) -> None:
    """Keep the many values among ``rows``, by record; records that are ``fresh`` have none yet."""
    for name, set_ in table.sets.items():
        given = [(id_, values[name] or ()) for id_, values in rows if name in values]
        if given and not fresh:
            ids = [id_ for id_, _ in given]
            connection.execute(sa.delete(set_.table).where(set_.table.c.record.in_(ids)))
        added = list(_rows(given))
        if added:
            connection.execute(sa.insert(set_.table), added)


def _rows(given: Iterable[tuple[UUID, Sequence[Any]]]) -> Iterable[dict[str, Any]]:
    for id_, values in given:
        for position, value in enumerate(values):
            yield {"record": id_, "position": position, "value": value}


def remove_value(connection: "Connection", set_: "SetTable", value: Any) -> None:
    """Remove a value wherever it is among the many of a record."""
    connection.execute(sa.delete(set_.table).where(set_.table.c.value == value))


def remove_sets(connection: "Connection", table: "EntityTable", ids: Sequence[UUID]) -> None:
    """Remove all the many values of records that are about to be removed for good."""
    for set_ in table.sets.values():
        connection.execute(sa.delete(set_.table).where(set_.table.c.record.in_(list(ids))))
