"""Tables of a Model: one per entity, with plain names, real constraints and indexes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKeyConstraint, Index, MetaData, Table
from sqlalchemy.sql.elements import quoted_name

from loomwork.model.entity import Entity, Field
from loomwork.model.types.link import LinkType
from loomwork.model.whole import Model
from loomwork.store.columns import FOLDED, ColumnMap, field_needs
from loomwork.store.identifiers import short_name
from loomwork.store.types import MARIADB, POSTGRESQL, SHORT, StoredType

LONGEST_INDEXED = 500
"""Characters of a long text that an index covers on MariaDB."""
UNIQUE_END = "_u"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityTable:
    """An entity's table. Columns carry the field's name as their key: ``table.c.amount``.

    ``folded`` holds the shadow columns of searched fields, ``uniques`` the fields by index name.
    """

    entity: Entity
    table: Table
    columns: Mapping[str, Column[object]]
    folded: Mapping[str, Column[object]]
    uniques: Mapping[str, Field]


def build_tables(model: Model, columns: ColumnMap, engine: str) -> dict[str, EntityTable]:
    """Return the tables of ``model`` by entity name, for one engine."""
    metadata = MetaData()
    Table("ab_user", metadata, Column("id", sa.Integer, primary_key=True))
    return {
        entity.name: _entity_table(metadata, entity, model, columns, engine)
        for entity in model.entities.values()
    }


def _entity_table(
    metadata: MetaData, entity: Entity, model: Model, names: ColumnMap, engine: str
) -> EntityTable:
    columns: dict[str, Column[object]] = {}
    folded: dict[str, Column[object]] = {}
    for field in entity.fields.values():
        for need in field_needs(entity.name, field):
            shadow = need.field.endswith(FOLDED)
            column: Column[object] = Column(
                _quoted(names[need]),
                StoredType(need.storage),
                key=need.field,
                primary_key=need.field == "id",
                nullable=need.field not in ("id", "version", "created_at", "updated_at"),
            )
            (folded if shadow else columns)[field.name] = column
    table = Table(_quoted(entity.name), metadata, *columns.values(), *folded.values())
    table.append_column(Column("live", sa.SmallInteger))
    if entity.name == "user":
        table.append_column(Column("ab_user_id", sa.Integer))
        table.append_constraint(_foreign_key(table, "ab_user_id", "ab_user"))
        Index("user__ab_user_id", table.c.ab_user_id, unique=True)
    for field in entity.fields.values():
        if isinstance(field.type, LinkType) and field.type.to in model.entities:
            table.append_constraint(_foreign_key(table, field.name, field.type.to))
    uniques = dict(_indexes(entity, table, columns, engine))
    return EntityTable(entity=entity, table=table, columns=columns, folded=folded, uniques=uniques)


def _quoted(name: str) -> quoted_name:
    """Return ``name`` so that it is always quoted: the engines' reserved words grow."""
    return quoted_name(name, quote=True)


def _foreign_key(table: Table, key: str, target: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        [key],
        [f"{target}.id"],
        name=short_name(f"{table.name}__{table.c[key].name}__fk"),
        link_to_name=True,
    )


def _indexes(
    entity: Entity, table: Table, columns: Mapping[str, Column[object]], engine: str
) -> Iterator[tuple[str, Field]]:
    """Add the entity's indexes to ``table``; yield the unique ones with their fields."""
    for field in entity.fields.values():
        if field.name == "id":
            continue
        column = columns[field.name]
        if field.unique:
            name = short_name(f"{entity.name}__{column.name}") + UNIQUE_END
            lengths = _lengths((field,), columns, engine)
            Index(
                name,
                column,
                table.c.live,
                unique=True,
                mysql_length=lengths,
                mariadb_length=lengths,
            )
            yield name, field
        elif field.indexed or (isinstance(field.type, LinkType) and not field.system):
            _index(entity, (field,), columns, engine)
    for names in entity.indexes.values():
        _index(entity, tuple(entity.fields[name] for name in names), columns, engine)


def _index(
    entity: Entity,
    fields: tuple[Field, ...],
    columns: Mapping[str, Column[object]],
    engine: str,
) -> None:
    # The id at the end lets a page by cursor continue inside equal values.
    parts = [columns[field.name] for field in fields]
    name = short_name("__".join((entity.name, *(str(part.name) for part in parts))))
    expressions: list[sa.ColumnElement[object]] = list(parts)
    if engine == POSTGRESQL:
        expressions = [part.asc().nulls_first() for part in parts]
    lengths = _lengths(fields, columns, engine)
    Index(name, *expressions, columns["id"], mysql_length=lengths, mariadb_length=lengths)


def _lengths(
    fields: tuple[Field, ...], columns: Mapping[str, Column[object]], engine: str
) -> dict[str, int]:
    """Return how much of its texts an index covers; only MariaDB wants to be told.

    A short text may be kept in a column for long ones, whose index needs a length in any case.
    """
    if engine != MARIADB:
        return {}
    return {
        str(columns[field.name].name): LONGEST_INDEXED if length > SHORT else SHORT
        for field in fields
        if (length := field.type.storage.length) is not None
    }
