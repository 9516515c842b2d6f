"""Tables of a Model: one per entity, with plain names, real constraints and indexes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKeyConstraint, Index, MetaData, Table
from sqlalchemy.sql.elements import quoted_name

from loomwork.expressions.tree import Field as FieldNode
from loomwork.model.entity import Entity, Field
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.types.link import LinkType
from loomwork.model.whole import Model
from loomwork.store.history import HistoryTable, history_table
from loomwork.store.identifiers import short_name
from loomwork.store.reading.derived_values import worked_out_fields
from loomwork.store.schema.columns import SORT, ColumnMap, Need, needs
from loomwork.store.types import MARIADB, POSTGRESQL, SHORT, StoredType, uuid

LONGEST_INDEXED = 500
"""Characters of a long text that an index covers on MariaDB."""
UNIQUE_END = "_u"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTable:
    """The table of a field with many values: the ``record`` that has them, ``position``, ``value``.

    ``name`` is the field's.
    """

    name: str
    table: Table
    storage: Storage


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityTable:
    """An entity's table. Columns carry the key of a row as their key: ``table.c.amount``.

    ``sort_keys`` holds the shadow columns of sorted texts, ``uniques`` the fields by index name,
    ``sets`` the tables of fields with many values by field, ``worked_out`` what gives the values of
    those that no row has. ``history`` is the table of the records' versions, where they are kept.
    """

    entity: Entity
    table: Table
    columns: Mapping[str, Column[object]]
    sort_keys: Mapping[str, Column[object]]
    uniques: Mapping[str, Field]
    sets: Mapping[str, SetTable] = field(default_factory=dict)
    history: HistoryTable | None = None
    worked_out: Mapping[str, FieldNode] = field(default_factory=dict)

    @property
    def tables(self) -> tuple[Table, ...]:
        """Return every table that keeps something of the entity's records."""
        past = () if self.history is None else (self.history.table,)
        return (self.table, *(one.table for one in self.sets.values()), *past)


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
    sort_keys: dict[str, Column[object]] = {}
    sets: dict[str, SetTable] = {}
    for need in needs(entity):
        if need.field.endswith(SORT) and need not in names:
            # A site of earlier days, whose texts have no keys yet, sorts by the texts.
            continue
        if need.many:
            sets[need.field] = _set_table(metadata, need, names[need], model)
            continue
        column: Column[object] = Column(
            _quoted(names[need]),
            StoredType(need.storage),
            key=need.field,
            primary_key=need.field == "id",
            nullable=need.field not in ("id", "version", "created_at", "updated_at"),
        )
        if need.field.endswith(SORT):
            sort_keys[need.field.removesuffix(SORT)] = column
        else:
            columns[need.field] = column
    table = Table(_quoted(entity.name), metadata, *columns.values(), *sort_keys.values())
    table.append_column(Column("live", sa.SmallInteger))
    if entity.name == "user":
        table.append_column(Column("ab_user_id", sa.Integer))
        table.append_constraint(_foreign_key(table, "ab_user_id", "ab_user"))
        Index("user__ab_user_id", table.c.ab_user_id, unique=True)
    for name, link in entity.links.items():
        if link.to in model.entities:
            table.append_constraint(_foreign_key(table, name, link.to))
    uniques = dict(_indexes(entity, table, columns, engine))
    _sort_indexes(entity, table, engine)
    made = EntityTable(
        entity=entity,
        table=table,
        columns=columns,
        sort_keys=sort_keys,
        uniques=uniques,
        sets=sets,
        worked_out=worked_out_fields(model, entity),
    )
    return replace(made, history=history_table(made)) if entity.history else made


def _set_table(metadata: MetaData, need: Need, name: str, model: Model) -> SetTable:
    """Return the table of a field's many values; both ways through it have an index."""
    table = Table(
        _quoted(name),
        metadata,
        Column("record", uuid(), primary_key=True),
        Column("position", sa.Integer, primary_key=True, autoincrement=False),
        Column("value", StoredType(need.storage), nullable=False),
    )
    table.append_constraint(_foreign_key(table, "record", need.entity))
    if need.to in model.entities:
        table.append_constraint(_foreign_key(table, "value", need.to))
    length = need.storage.length
    if need.storage.kind is not StorageKind.TEXT or (length is not None and length <= SHORT):
        Index(short_name(f"{name}__value"), table.c.value, table.c.record)
    return SetTable(name=need.field, table=table, storage=need.storage)


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
    for member in entity.fields.values():
        column = columns.get(member.name)
        if member.name == "id" or column is None:
            continue
        if member.unique:
            name = short_name(f"{entity.name}__{column.name}") + UNIQUE_END
            lengths = _lengths((member,), columns, engine)
            Index(
                name,
                column,
                table.c.live,
                unique=True,
                mysql_length=lengths,
                mariadb_length=lengths,
            )
            yield name, member
        elif member.indexed or (isinstance(member.type, LinkType) and not member.system):
            _index(entity, (member,), columns, engine)
    for names in entity.indexes.values():
        _index(entity, tuple(entity.fields[name] for name in names), columns, engine)


def _sort_indexes(entity: Entity, table: Table, engine: str) -> None:
    """Add, for each index that ends with a text, one that lists sorted by it go along."""
    single = ((member.name,) for member in entity.fields.values() if member.indexed)
    for names in dict.fromkeys((*single, *entity.indexes.values())):
        key = table.c.get(names[-1] + SORT)
        if key is None:
            continue
        fields = tuple(entity.fields[name] for name in names[:-1])
        _index(entity, fields, {**dict(table.c.items())}, engine, key)


def _index(
    entity: Entity,
    fields: tuple[Field, ...],
    columns: Mapping[str, Column[object]],
    engine: str,
    *last: Column[object],
) -> None:
    # The id at the end lets a page by cursor continue inside equal values.
    parts = [*(columns[field.name] for field in fields), *last]
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
