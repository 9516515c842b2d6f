"""The tables of a site as its database has them, with what each of their columns keeps."""

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, MetaData, Table
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SAWarning
from sqlalchemy.sql.elements import quoted_name

from loomwork.store import numbers as numbers
from loomwork.store import outbox as outbox
from loomwork.store.backup.kinds import Kind, kind_of

# What declares tables beside `system`; a test holds that none is left out.
from loomwork.store.schema.columns import SET, SHORT_TEXT, known_tables, read_columns
from loomwork.store.system import SYSTEM
from loomwork.store.types import SHORT
from loomwork.store.upgrade import RESTORING, VERSION_TABLE

PLATFORM = ("lw_", "ab_")
DERIVED = ("lw_search",)
"""Beginnings of tables that are made again from the others, each engine in its own way."""

ON_MARIADB: Mapping[str, Any] = {
    f"{dialect}_{option}": value
    for dialect in ("mysql", "mariadb")
    for option, value in (
        ("engine", "InnoDB"),
        ("charset", "utf8mb4"),
        ("collate", "utf8mb4_nopad_bin"),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTable:
    """One table: its columns by name, and which of them are its key.

    ``order`` are columns that an engine has for itself, such as a count of the rows written: it
    gives them anew, in the order in which the rows come.
    """

    name: str
    columns: Mapping[str, Kind]
    key: tuple[str, ...]
    order: tuple[str, ...] = ()

    @property
    def platform(self) -> bool:
        """Tell whether it is one of the platform's own, which migrations make."""
        return self.name.startswith(PLATFORM)

    def table(self) -> Table:
        """Return the table for statements on the rows, and to create it with nothing but a key."""
        columns: list[Column[Any]] = [
            Column(
                quoted_name(name, quote=True),
                kind.type,
                primary_key=name in self.key,
                autoincrement=False,
            )
            for name, kind in self.columns.items()
        ]
        return Table(quoted_name(self.name, quote=True), MetaData(), *columns, **ON_MARIADB)


def site_tables(connection: Connection, declared: Iterable[Table]) -> list[SiteTable]:
    """Return every table of the site, by name.

    ``declared`` are the Model's tables: SQLite does not tell a date from a text. Columns of fields
    that are retired are known by the map of columns.
    """
    stored = read_columns(connection)
    known = known_tables(stored)
    typed = {
        (table.name, str(column.name)): kind_of(column.type)
        for table in (*SYSTEM.tables.values(), *declared)
        for column in table.columns
    }
    for (entity, _, fingerprint), kept in stored.items():
        kind = kind_of_fingerprint(fingerprint)
        if fingerprint.startswith(SET):
            typed.setdefault((kept.name, "value"), kind)
            typed.setdefault((kept.name, "record"), Kind(name="uuid"))
        else:
            typed.setdefault((entity, kept.name), kind)
    inspector = sa.inspect(connection)
    found = []
    for name in sorted(inspector.get_table_names()):
        if name.startswith((*DERIVED, VERSION_TABLE, RESTORING)):
            continue
        if name.startswith(PLATFORM) or name in known or name.partition("__")[0] in known:
            found.append(_described(inspector, name, typed))
    return found


def kind_of_fingerprint(fingerprint: str) -> Kind:
    """Return the kind of a column by what the map of columns says of it."""
    name, _, detail = fingerprint.removeprefix(SET).partition(":")
    if name == "decimal":
        return Kind(name=name, places=int(detail))
    if fingerprint.removeprefix(SET) == SHORT_TEXT:
        return Kind(name=name, length=SHORT)
    return Kind(name=name)


def _described(
    inspector: sa.Inspector, name: str, typed: Mapping[tuple[str, str], Kind]
) -> SiteTable:
    columns: dict[str, Kind] = {}
    order: list[str] = []
    with warnings.catch_warnings():
        # Types of an engine's own, which are known by their declaration.
        warnings.simplefilter("ignore", SAWarning)
        reflected = {str(one["name"]): one["type"] for one in inspector.get_columns(name)}
    # By name: a restored table has its retired columns elsewhere than they came to be.
    for own, type_ in sorted(reflected.items()):
        kind = typed.get((name, own)) or _kind_of_kin(name, own, typed)
        if kind is None and name in SYSTEM.tables:
            order.append(own)
        else:
            columns[own] = kind or kind_of(type_)
    key = inspector.get_pk_constraint(name)["constrained_columns"]
    return SiteTable(name=name, columns=columns, key=tuple(map(str, key)), order=tuple(order))


def _kind_of_kin(name: str, column: str, typed: Mapping[tuple[str, str], Kind]) -> Kind | None:
    """Return the kind of a column that tables of the same purpose have.

    The history of a retired entity has the columns of its records, and those of every history.
    """
    base, _, ending = name.partition("__")
    if not ending:
        return None
    others = (
        kind
        for (table, same), kind in typed.items()
        if same == column and table.endswith(f"__{ending}")
    )
    return typed.get((base, column)) or next(others, None)
