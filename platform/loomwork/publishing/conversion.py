"""Carrying data over where a field keeps its name but gets another column."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from loomwork.catalog.documents import Document
from loomwork.errors import N_, DocumentError, Problem
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.whole import Model
from loomwork.store.columns import FOLDED, ColumnMap, Need, field_needs
from loomwork.store.folding import fold
from loomwork.store.schema import EntityTable
from loomwork.store.types import SQLITE

CHUNK = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """Values to bring from a column that was, to the field's column that is.

    ``source`` is None for the shadow of a field that becomes searched: it is computed.
    """

    entity: str
    field: str
    source: str | None
    before: Storage
    after: Storage


def plan_conversions(
    old: Model,
    old_columns: ColumnMap,
    new: Model,
    new_columns: ColumnMap,
    documents: Sequence[Document],
) -> list[Conversion]:
    """Return what has to be carried over between two Models.

    Raises DocumentError for every field whose values cannot become the new type's.
    """
    files = {
        document.name: f"{document.pack}/{document.file}"
        for document in documents
        if document.kind == "entity"
    }
    conversions: list[Conversion] = []
    problems: list[Problem] = []
    for entity, before, after in _kept_needs(old, new):
        source, target = old_columns.get(before), new_columns[after]
        if source == target:
            continue
        field = after.field.removesuffix(FOLDED)
        if _fits(before.storage, after.storage):
            conversions.append(
                Conversion(
                    entity=entity,
                    field=after.field,
                    source=source,
                    before=before.storage,
                    after=after.storage,
                )
            )
        else:
            problems.append(_refusal(files[entity], field, before.storage, after.storage))
    if problems:
        raise DocumentError(problems=problems)
    return conversions


def _kept_needs(old: Model, new: Model) -> Iterator[tuple[str, Need, Need]]:
    """Yield the needs of fields that stay: the entity, the need before, the need now."""
    for name, entity in new.entities.items():
        if name not in old.entities:
            continue
        before = old.entities[name].fields
        for field in entity.fields.values():
            if field.name in before:
                earlier = {n.field: n for n in field_needs(name, before[field.name])}
                for need in field_needs(name, field):
                    yield name, earlier.get(need.field, need), need


def _fits(before: Storage, after: Storage) -> bool:
    if before.kind is after.kind:
        return before.places <= after.places
    return before.kind is StorageKind.INTEGER and after.kind is StorageKind.DECIMAL


def _refusal(file: str, field: str, before: Storage, after: Storage) -> Problem:
    return Problem(
        code="type_changed",
        text=N_(
            "The values of this field are kept as {before} and cannot become {after}:"
            " give the new field another name."
        ),
        context={"before": str(before.kind), "after": str(after.kind)},
        file=file,
        pointer=f"/fields/{field}/type",
    )


def carry_over(
    connection: Connection,
    engine: str,
    tables: Mapping[str, EntityTable],
    conversions: Sequence[Conversion],
) -> None:
    """Fill the new columns; the caller keeps writers out meanwhile."""
    for conversion in conversions:
        table = tables[conversion.entity]
        if conversion.field.endswith(FOLDED):
            _fold_all(connection, table, conversion.field.removesuffix(FOLDED))
            continue
        source: sa.ColumnElement[Any] = sa.column(str(conversion.source))
        steps = conversion.after.places - conversion.before.places
        if engine == SQLITE and conversion.after.kind is StorageKind.DECIMAL:
            # There, decimals are integers scaled by their places.
            source = source * sa.literal_column(str(10**steps))
        target = table.columns[conversion.field]
        quote = connection.dialect.identifier_preparer.quote
        expression = source.compile(dialect=connection.dialect)
        connection.exec_driver_sql(
            f"UPDATE {quote(table.table.name)} SET {quote(str(target.name))} = {expression}"
        )


def _fold_all(connection: Connection, table: EntityTable, field: str) -> None:
    """Compute the shadow of a searched field for every row, in chunks by id."""
    id_, text, shadow = table.columns["id"], table.columns[field], table.folded[field]
    last = None
    while True:
        statement = sa.select(id_, text).where(text.is_not(None)).order_by(id_).limit(CHUNK)
        if last is not None:
            statement = statement.where(id_ > last)
        rows = connection.execute(statement).all()
        if not rows:
            return
        last = rows[-1][0]
        update = (
            sa.update(table.table)
            .where(id_ == sa.bindparam("row_id", type_=id_.type))
            .values({shadow: sa.bindparam("folded", type_=shadow.type)})
        )
        connection.execute(
            update, [{"row_id": key, "folded": fold(str(value))} for key, value in rows]
        )
