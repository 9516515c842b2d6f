"""Titles of linked records, read in the statement that reads the links."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from loomwork.expressions.sql.source import Row, Source
from loomwork.expressions.to_sql import to_sql, value_sql
from loomwork.expressions.tree import TRUE, Node
from loomwork.store.schema.columns import SORT
from loomwork.store.schema.sets import array_of, set_decoder
from loomwork.store.types import text

if TYPE_CHECKING:
    from sqlalchemy.sql.selectable import FromClause

    from loomwork.store.schema.tables import EntityTable, SetTable

INLINE = 100
"""Of many links, how many a record shows."""
Add = Callable[[dict[str, Any], Any], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A selected title: the field that it is for, its column, and how a record gets it.

    Of a single link, ``key`` is what one sorts by.
    """

    field: str
    column: ColumnElement[Any]
    add: Add
    key: ColumnElement[Any] | None = None


class Titles:
    """Adds what the titles of links need to what a statement reads from."""

    def __init__(
        self, tables: Mapping[str, "EntityTable"], base: "EntityTable", engine: str
    ) -> None:
        self._tables = tables
        self._base = base
        self._engine = engine

    def join(
        self, source: "FromClause", wanted: Sequence[tuple[str, str, Node]]
    ) -> tuple["FromClause", list[Title]]:
        """Return ``source`` with the linked records joined, and the titles.

        ``wanted`` has for each the field, the entity it leads to, and the caller's right to read
        that; a title that he may not read is not there.
        """
        found: list[Title] = []
        for number, (name, entity, readable) in enumerate(wanted):
            target = self._tables[entity]
            if name in self._base.sets:
                found.append(self._many(self._base.sets[name], target, readable, number))
                continue
            alias = target.table.alias(f"t{number}")
            source, link = self._link(source, name)
            condition = alias.c.id == link
            several = f"{name}.entity" in self._base.columns
            if several:
                condition &= self._base.columns[f"{name}.entity"] == sa.bindparam(
                    f"title{number}", entity, type_=text()
                )
            joined, visible = self._readable(alias, target, readable)
            source = source.outerjoin(joined, condition if visible is None else condition & visible)
            title = alias.c[target.entity.title]
            collated = alias.c.get(target.entity.title + SORT, title)
            found.append(
                Title(
                    field=name,
                    column=title.label(f"title_{number}"),
                    add=_named(name) if several else _linked(name),
                    key=None if several else collated,
                )
            )
        return source, found

    def _link(self, source: "FromClause", name: str) -> tuple["FromClause", ColumnElement[Any]]:
        """Return the column of a link, or how it is worked out from what is joined for that."""
        node = self._base.worked_out.get(name)
        if node is None:
            return source, self._base.columns[name]
        reader = Source(Row(self._base, self._base.table), base=source, tables=self._tables)
        link = value_sql(node, reader, dialect=self._engine)
        return reader.joined, link

    def _readable(
        self, alias: "FromClause", target: "EntityTable", readable: Node
    ) -> tuple["FromClause", ColumnElement[bool] | None]:
        if readable == TRUE:
            return alias, None
        reader = Source(Row(target, alias), base=alias, tables=self._tables)
        visible = to_sql(readable, reader, dialect=self._engine)
        return reader.joined, visible

    def _many(self, set_: "SetTable", target: "EntityTable", readable: Node, number: int) -> Title:
        """Return the titles of many links in their order.

        One that cannot be read is empty, one of a deleted record missing.
        """
        kept, alias = set_.table.alias(), target.table.alias()
        joined, visible = self._readable(alias, target, readable)
        title: ColumnElement[Any] = sa.func.coalesce(alias.c[target.entity.title], "")
        if visible is not None:
            title = sa.case((visible, title), else_="")
        column = array_of(
            sa.case((alias.c.live == sa.literal_column("1"), sa.type_coerce(title, text()))),
            rows=kept.outerjoin(joined, alias.c.id == kept.c.value),
            position=kept.c.position,
            condition=kept.c.record == self._base.columns["id"],
            engine=self._engine,
        )
        decode = set_decoder(text().storage, self._engine)
        return Title(
            field=set_.name,
            column=column.label(f"title_{number}"),
            add=_many_linked(set_.name, decode),
        )


def _linked(name: str) -> Add:
    def add(record: dict[str, Any], title: Any) -> None:
        value = record[name]
        if value is not None:
            record[name] = {"id": value} if title is None else {"id": value, "title": title}

    return add


def _named(name: str) -> Add:
    """Return what adds the title to a reference, which has its entity beside the id already."""

    def add(record: dict[str, Any], title: Any) -> None:
        if record[name] is not None and title is not None:
            record[name]["title"] = title

    return add


def _many_linked(name: str, decode: Callable[[Any], Any]) -> Add:
    def add(record: dict[str, Any], titles: Any) -> None:
        ids = record[name]
        if ids is None:
            return
        shown = tuple(
            {"id": id_, "title": title} if title else {"id": id_}
            for id_, title in zip(ids, decode(titles), strict=True)
            if title is not None
        )
        record[name] = shown[:INLINE] or None

    return add
