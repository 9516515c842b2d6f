"""Carrying data over where a field keeps its name but gets another column."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from loomwork.catalog.folding import FoldedDocument
from loomwork.errors import N_, ConflictError, DocumentError, Problem
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.types.decimal import DIGITS
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
    documents: Mapping[str, FoldedDocument],
) -> list[Conversion]:
    """Return what has to be carried over between two Models; ``documents`` are the entities'.

    Raises DocumentError for every field whose values cannot become the new type's.
    """
    conversions: list[Conversion] = []
    problems: list[Problem] = []
    for entity, before, after in _kept_needs(old, new):
        source, target = old_columns.get(before), new_columns[after]
        if source == target:
            continue
        field = after.field.removesuffix(FOLDED)
        if _fits(before, after):
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
            problems.append(_refusal(documents[entity], field, before, after))
    if problems:
        raise DocumentError(problems=problems)
    return conversions


def _kept_needs(old: Model, new: Model) -> Iterator[tuple[str, Need, Need]]:
    """Yield the needs of fields that stay: the entity, the need before, the need now.

    The shadow of a field that comes back is among them: its texts may come from another column.
    """
    for name, entity in new.entities.items():
        before = old.entities[name].fields if name in old.entities else {}
        for field in entity.fields.values():
            stays = field.name in before
            earlier = {n.field: n for n in field_needs(name, before[field.name])} if stays else {}
            for need in field_needs(name, field):
                if stays or need.field.endswith(FOLDED):
                    yield name, earlier.get(need.field, need), need


def _fits(before: Need, after: Need) -> bool:
    if before.storage.kind is after.storage.kind:
        return before.storage.places <= after.storage.places and before.to == after.to
    kinds = (before.storage.kind, after.storage.kind)
    return kinds == (StorageKind.INTEGER, StorageKind.DECIMAL)


def _refusal(document: FoldedDocument, field: str, before: Need, after: Need) -> Problem:
    origin = document.origin(("fields", field, "type"))
    return Problem(
        code="type_changed",
        text=N_(
            "The values of this field are kept as {before} and cannot become {after}:"
            " give the new field another name."
        ),
        context={"before": _described(before), "after": _described(after)},
        file=origin.file,
        pointer=origin.pointer,
    )


def _described(need: Need) -> str:
    if need.to:
        return f"link to {need.to}"
    if need.storage.kind is StorageKind.DECIMAL:
        return f"decimal ({need.storage.places})"
    return str(need.storage.kind)


def carry_over(
    connection: Connection,
    engine: str,
    tables: Mapping[str, EntityTable],
    conversions: Sequence[Conversion],
) -> None:
    """Fill the new columns; the caller keeps writers out meanwhile.

    Raises ConflictError where values do not fit the new column, which then stays unused.
    """
    for conversion in conversions:
        table = tables[conversion.entity]
        if conversion.field.endswith(FOLDED):
            _fold_all(connection, table, conversion.field.removesuffix(FOLDED))
        else:
            _copy(connection, engine, table, conversion)


def _copy(connection: Connection, engine: str, table: EntityTable, conversion: Conversion) -> None:
    source: sa.ColumnElement[Any] = sa.column(str(conversion.source), sa.Numeric())
    target = table.columns[conversion.field]
    if conversion.after.kind is StorageKind.DECIMAL:
        # On SQLite, decimals are integers scaled by their places.
        scaled = conversion.before.places if engine == SQLITE else 0
        _require_fitting(connection, table, conversion, source, scaled)
        if engine == SQLITE:
            steps = conversion.after.places - conversion.before.places
            source = source * sa.literal_column(str(10**steps))
    try:
        connection.execute(sa.update(table.table).values({target: source}))
    except IntegrityError as error:
        raise ConflictError(
            N_("“{index}” cannot be made: some records have equal values there."),
            index=f"{conversion.entity}.{conversion.field}",
        ) from error


def _require_fitting(
    connection: Connection,
    table: EntityTable,
    conversion: Conversion,
    source: sa.ColumnElement[Any],
    scaled: int,
) -> None:
    bound: sa.ColumnElement[Any] = sa.literal_column(
        str(10 ** (DIGITS - conversion.after.places + scaled))
    )
    statement = (
        sa.select(sa.func.count())
        .select_from(table.table)
        .where(sa.or_(source >= bound, source <= -bound))
    )
    if count := connection.execute(statement).scalar_one():
        raise ConflictError(
            N_("“{field}” of “{entity}” cannot be widened: {count} records have too large values."),
            field=conversion.field,
            entity=conversion.entity,
            count=count,
        )


def _fold_all(connection: Connection, table: EntityTable, field: str) -> None:
    """Compute the shadow of a searched field for every row, in chunks by id."""
    id_, text, shadow = table.columns["id"], table.columns[field], table.folded[field]
    connection.execute(
        sa.update(table.table).where(text.is_(None), shadow.is_not(None)).values({shadow: None})
    )
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
            .where(id_ == sa.bindparam("_id", type_=id_.type))
            .values({shadow: sa.bindparam("_folded", type_=shadow.type)})
        )
        connection.execute(
            update, [{"_id": key, "_folded": fold(str(value))} for key, value in rows]
        )
