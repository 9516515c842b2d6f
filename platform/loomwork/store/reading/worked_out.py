"""Statements that work derived fields out, for records that are named one by one."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from loomwork.expressions.sql.source import Row, Source
from loomwork.expressions.to_sql import value_sql
from loomwork.expressions.tree import Field
from loomwork.store.reading.derived_values import value_decoder
from loomwork.store.reading.query import Plan, compiled_plan
from loomwork.store.schema.tables import EntityTable
from loomwork.store.types import StoredType, decoder, engine_name

SIZES = (1, 8, 64, 500)
"""For how many records there are statements: few texts, so that engines know them."""
KEPT = "kept:"
"""Before a field's name in what `working_out` reads: the value that its column has."""


def size_for(count: int) -> int:
    """Return the smallest size that is enough for ``count`` records."""
    return next(size for size in SIZES if size >= count)


def named(size: int) -> tuple[str, ...]:
    """Return the names of the parameters for that many ids."""
    return tuple(f"id{number}" for number in range(size))


def working_out(
    tables: Mapping[str, EntityTable],
    entity: str,
    fields: Sequence[Field],
    size: int,
    dialect: Dialect,
) -> Plan:
    """Return the plan that reads what is kept of ``fields`` and what they are by now.

    Its parameters are ids, see `named`; the same one may be given several times. Deleted records
    are worked out, too: they may come back.
    """
    engine, base = engine_name(dialect), tables[entity]
    source = Source(Row(base, base.table), base=base.table, tables=tables)
    values = [value_sql(field, source, dialect=engine) for field in fields]
    id_ = base.columns["id"]
    columns = [base.columns[field.name] for field in fields]
    binds = [sa.bindparam(name, type_=id_.type) for name in named(size)]
    selected: list[sa.ColumnElement[Any]] = [id_, *columns, *values]
    statement = sa.select(*selected).select_from(source.joined)
    statement = statement.where(id_.in_(binds)).order_by(id_)
    return compiled_plan(statement, _decoder(fields, base, engine), dialect)


def _decoder(
    fields: Sequence[Field], base: EntityTable, engine: str
) -> Callable[[Sequence[Any]], dict[str, Any]]:
    names: list[str] = ["id"]
    decoders: list[Callable[[Any], Any] | None] = [_column_decoder(base.columns["id"], engine)]
    for field in fields:
        names.append(KEPT + field.name)
        decoders.append(_column_decoder(base.columns[field.name], engine))
    for field in fields:
        names.append(field.name)
        decoders.append(value_decoder(base.entity.fields[field.name].type, engine))

    def decode(row: Sequence[Any]) -> dict[str, Any]:
        return {
            name: value if value is None or convert is None else convert(value)
            for name, convert, value in zip(names, decoders, row, strict=True)
        }

    return decode


def _column_decoder(column: sa.Column[object], engine: str) -> Callable[[Any], Any] | None:
    type_ = column.type
    return decoder(type_.storage, engine) if isinstance(type_, StoredType) else None
