"""Schema changes: what a Model's tables need that the database lacks, and what they do not use.

Additions are invisible to the running Model, so that readers go on and a kill between two steps
leaves nothing but harmless extras. `alterations` carries the steps out.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKeyConstraint, Index, Table
from sqlalchemy.engine import Connection

from loomwork.errors import N_, ConflictError
from loomwork.store.engine import Database, translated
from loomwork.store.identifiers import short_name
from loomwork.store.schema.columns import TAKEN, Stored
from loomwork.store.schema.tables import EntityTable
from loomwork.store.types import POSTGRESQL, SQLITE

Part: TypeAlias = Table | Column[object] | ForeignKeyConstraint | Index


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One addition: a ``table``, ``column``, ``foreign_key`` or ``index`` by its name.

    ``fresh`` marks parts of a table that nobody uses yet.
    """

    kind: str
    table: str
    name: str
    fresh: bool = False
    part: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """One removal: of a ``foreign_key``, ``index``, ``column`` or ``table`` by its name."""

    kind: str
    table: str
    name: str


NAMED = 49
"""Bytes of a long name that are kept in front of its hash."""
ORDER = ("table", "column", "foreign_key", "index", "unique")
DROPPED = ("foreign_key", "index", "column", "table")


def plan_changes(
    database: Database, tables: Mapping[str, EntityTable], known: Iterable[str]
) -> list[Step]:
    """Return what is missing in the database; ``known`` are the tables that are ours.

    Raises ConflictError for a table of that name that another program made.
    """
    with translated(), database.reader.connect() as connection:
        inspector = sa.inspect(connection)
        present = set(inspector.get_table_names()) | set(inspector.get_view_names())
        own = {table.name for kept in tables.values() for table in kept.tables}
        foreign = sorted((present & own) - set(known))
        if foreign:
            raise ConflictError(
                N_("The database already has a table “{table}” that is not of this site."),
                table=foreign[0],
            )
        broken = _broken_parts(connection, database.name)
        steps: list[Step] = []
        for table in (table for kept in tables.values() for table in kept.tables):
            if table.name in present:
                steps += _missing_parts(inspector, table, database.name, broken)
            else:
                steps += _whole_table(table, database.name)
    return sorted(steps, key=_place)


def require_own_columns(
    database: Database, tables: Mapping[str, EntityTable], stored: Stored
) -> None:
    """Raise ConflictError where a wanted column is there already and is not ours by the map."""
    own: dict[str, set[str]] = {}
    for (entity, _, _), kept in stored.items():
        own.setdefault(entity, set(TAKEN)).add(kept.name)
    with translated(), database.reader.connect() as connection:
        inspector = sa.inspect(connection)
        present = set(inspector.get_table_names())
        for entity, found in tables.items():
            wanted = {column.name for column in found.table.columns} - own.get(entity, set())
            history = () if found.history is None else (found.history.table,)
            for table in (found.table, *history):
                if wanted and entity in own and table.name in present:
                    _refuse_foreign(inspector, table.name, wanted)


def _refuse_foreign(inspector: sa.Inspector, table: str, wanted: Collection[str]) -> None:
    keys = {str(key["name"]) for key in inspector.get_foreign_keys(table)}
    for column in inspector.get_columns(table):
        name = str(column["name"])
        # A purge cannot drop what SQLite's tables of earlier days name in a key; it empties it.
        if name in wanted and short_name(f"{table}__{name}__fk") not in keys:
            raise ConflictError(
                N_(
                    "The table “{table}” has a column “{column}” that is not of this site: rename"
                    " it there, or give the field another name."
                ),
                table=table,
                column=name,
            )


def _place(step: Step) -> int:
    """Return when a step comes: uniques last, since they are the ones that running writers feel."""
    unique = isinstance(step.part, Index) and step.part.unique
    return ORDER.index("unique" if unique else step.kind)


def _broken_parts(connection: Connection, engine: str) -> frozenset[str]:
    """Return what was cut off on PostgreSQL: indexes that serve no reader, unchecked keys."""
    if engine != POSTGRESQL:
        return frozenset()
    invalid = "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid"
    found = connection.exec_driver_sql(invalid).scalars()
    indexes = frozenset(name.rpartition(".")[2].strip('"') for name in found)
    unchecked = "SELECT conname FROM pg_constraint WHERE contype = 'f' AND NOT convalidated"
    return indexes | frozenset(connection.exec_driver_sql(unchecked).scalars())


def _whole_table(table: Table, engine: str) -> Iterator[Step]:
    yield Step(kind="table", table=table.name, name=table.name, fresh=True, part=table)
    for step in _loose_parts(table, engine):
        yield replace(step, fresh=True)


def _loose_parts(table: Table, engine: str) -> Iterator[Step]:
    """Yield what is added after the table: indexes, and foreign keys, which may form circles.

    SQLite knows foreign keys only inside the table or column, but lets them name later tables.
    """
    if engine != SQLITE:
        for key in sorted(table.foreign_key_constraints, key=lambda one: str(one.name)):
            yield Step(kind="foreign_key", table=table.name, name=str(key.name), part=key)
    for index in sorted(table.indexes, key=lambda one: str(one.name)):
        yield Step(kind="index", table=table.name, name=str(index.name), part=index)


def _missing_parts(
    inspector: sa.Inspector, table: Table, engine: str, broken: frozenset[str]
) -> Iterator[Step]:
    columns = {column["name"] for column in inspector.get_columns(table.name)}
    for column in table.columns:
        if column.name not in columns:
            yield Step(kind="column", table=table.name, name=column.name, part=column)
    present = {str(index["name"]) for index in inspector.get_indexes(table.name)}
    present |= {str(key["name"]) for key in inspector.get_foreign_keys(table.name)}
    present -= broken
    for step in _loose_parts(table, engine):
        if step.name not in present:
            yield step


def plan_drops(
    old: Mapping[str, EntityTable], new: Mapping[str, EntityTable], engine: str
) -> list[Drop]:
    """Return the indexes and foreign keys of ``old`` that ``new`` has no use for.

    Tables of entities that have gone keep their indexes, but must not hold others' records back.
    """
    kept = {table.name: table for one in new.values() for table in one.tables}
    drops: list[Drop] = []
    for table in (table for one in old.values() for table in one.tables):
        wanted = (
            {step.name for step in _loose_parts(kept[table.name], engine)}
            if (table.name in kept)
            else None
        )
        for step in _loose_parts(table, engine):
            gone = step.kind == "foreign_key" if wanted is None else step.name not in wanted
            if gone:
                drops.append(Drop(kind=step.kind, table=table.name, name=step.name))
    return sorted(drops, key=lambda drop: DROPPED.index(drop.kind))


def plan_revived_drops(
    database: Database, old: Mapping[str, EntityTable], new: Mapping[str, EntityTable]
) -> list[Drop]:
    """Return the indexes of tables that come back into use and want other ones than they have.

    Only those with names like ours: an index that somebody has added by hand stays.
    """
    in_use = {table.name for kept in old.values() for table in kept.tables}
    drops: list[Drop] = []
    with translated(), database.reader.connect() as connection:
        inspector = sa.inspect(connection)
        for table in (table for kept in new.values() for table in kept.tables):
            if table.name in in_use or not inspector.has_table(table.name):
                continue
            wanted = {str(index.name) for index in table.indexes}
            wanted |= {str(key.name) for key in table.foreign_key_constraints}
            drops += [
                Drop(kind="index", table=table.name, name=str(index["name"]))
                for index in inspector.get_indexes(table.name)
                if index["name"] not in wanted
                and str(index["name"]).startswith(f"{table.name}__"[:NAMED])
            ]
    return drops


def parts_of_column(connection: Connection, table: str, column: str) -> list[Drop]:
    """Return the foreign keys and indexes that name a column, as the database has them."""
    inspector = sa.inspect(connection)
    drops = [
        Drop(kind="foreign_key", table=table, name=str(key["name"]))
        for key in inspector.get_foreign_keys(table)
        if column in key["constrained_columns"] and connection.dialect.name != SQLITE
    ]
    return drops + [
        Drop(kind="index", table=table, name=str(index["name"]))
        for index in inspector.get_indexes(table)
        if column in index["column_names"]
    ]


def has_column(connection: Connection, table: str, column: str) -> bool:
    """Tell whether the database has the column."""
    inspector = sa.inspect(connection)
    if not inspector.has_table(table):
        return False
    return column in {one["name"] for one in inspector.get_columns(table)}
