"""Shape to SQL: one statement per read, compiled once and run on the driver itself."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import ColumnElement, bindparam
from sqlalchemy.engine import Dialect

from loomwork.expressions.lift import CONTEXT
from loomwork.expressions.sql.binding import Compute
from loomwork.expressions.sql.element import ContextBind
from loomwork.expressions.sql.source import Readable, Source
from loomwork.expressions.sql.values import ValueType
from loomwork.expressions.to_sql import to_sql
from loomwork.expressions.tree import FALSE, TRUE, Node
from loomwork.store.schema import EntityTable
from loomwork.store.shape import Order, Shape
from loomwork.store.system import GENERATION
from loomwork.store.types import Codec, StoredType, decoder, encoder, engine_name, text

if TYPE_CHECKING:
    from sqlalchemy.sql.selectable import FromClause

Record: TypeAlias = dict[str, Any]
GENERATIONS = 2
"""The first columns of every row: the two generations."""
PRESET = "w"
"""The prefix of the parameters of a shape's ``preset``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A compiled statement.

    ``names`` lists the parameters in the driver's order (empty where it takes them by name);
    ``constants`` are the values fixed by the shape, ``encoders`` convert the others; ``computed``
    says how values are found out that depend on the context: who asks, and when.
    """

    sql: str
    names: tuple[str, ...]
    constants: Mapping[str, Any]
    encoders: Mapping[str, Codec]
    computed: tuple[tuple[str, Compute, Codec], ...]
    decode: Callable[[Sequence[Any]], Record]

    def arguments(self, values: Mapping[str, Any]) -> tuple[Any, ...] | dict[str, Any]:
        """Return the driver's arguments for the values that vary."""
        bound = dict(self.constants)
        for name, encode in self.encoders.items():
            value = values[name]
            bound[name] = value if encode is None or value is None else encode(value)
        for name, compute, encode in self.computed:
            value = compute(values[CONTEXT], values)
            bound[name] = value if encode is None or value is None else encode(value)
        return tuple(bound[name] for name in self.names) if self.names else bound


def compile_plan(tables: Mapping[str, EntityTable], shape: Shape, dialect: Dialect) -> Plan:
    """Return the plan that reads rows of ``shape``."""
    return _Compiler(tables, shape, dialect).plan()


def compile_count(tables: Mapping[str, EntityTable], shape: Shape, dialect: Dialect) -> Plan:
    """Return the plan that counts the rows of ``shape``; its record is ``{"count": n}``."""
    return _Compiler(tables, shape, dialect).count()


class _Compiler:
    def __init__(self, tables: Mapping[str, EntityTable], shape: Shape, dialect: Dialect) -> None:
        self.tables = tables
        self.shape = shape
        self.dialect = dialect
        self.engine = engine_name(dialect)
        self.base = tables[shape.entity]
        self.titles: dict[str, ColumnElement[Any]] = {}
        self.source: FromClause = self.base.table

    def plan(self) -> Plan:
        self._join_titles()
        conditions = [*self._conditions(), *self._after()]
        selected = [self.base.columns[name] for name in self.shape.fields]
        statement = sa.select(
            sa.select(GENERATION.c.metadata).where(GENERATION.c.id == 1).scalar_subquery(),
            sa.select(GENERATION.c.access).where(GENERATION.c.id == 1).scalar_subquery(),
            *selected,
            *self.titles.values(),
        ).select_from(self.source)
        statement = statement.where(*conditions)
        if not self.shape.single:
            statement = statement.order_by(*map(self._ordered, self.shape.order))
            # Written out, since a plan that does not know the limit may sort the whole table.
            statement = statement.limit(sa.literal_column(str(self.shape.limit)))
        if (self.shape.locked or self.shape.held) and self.engine != "sqlite":
            statement = statement.with_for_update(read=self.shape.held, of=self.base.table)
        return self._compiled(statement, self._decoder())

    def count(self) -> Plan:
        conditions = list(self._conditions())
        statement = sa.select(sa.func.count()).select_from(self.source).where(*conditions)
        return self._compiled(statement, lambda row: {"count": row[0]})

    def _join_titles(self) -> None:
        for number, (name, readable) in enumerate(self.shape.titles):
            target = self.tables[self.base.entity.links[name].to]
            alias = target.table.alias(f"t{number}")
            condition = alias.c.id == self.base.columns[name]
            reader = Source(alias.c.__getitem__, base=alias, tables=self.tables)
            if readable != TRUE:
                condition &= to_sql(readable, reader, dialect=self.engine)
            self.source = self.source.outerjoin(reader.joined, condition)
            title = alias.c[target.entity.title]
            self.titles[name] = title.label(f"title_{number}")

    def _conditions(self) -> Iterator[ColumnElement[bool]]:
        live = self.base.table.c.live
        yield live.is_(None) if self.shape.deleted else live == sa.literal_column("1")
        if self.shape.rows != TRUE:
            yield self._condition(self.shape.rows, None)
        if self.shape.preset != TRUE:
            yield self._condition(self.shape.preset, None, PRESET)
        if self.shape.where != TRUE:
            readable = dict(self.shape.readable)
            yield self._condition(self.shape.where, lambda entity: readable.get(entity, FALSE))
        if self.shape.single:
            yield self.base.columns["id"] == bindparam("id", type_=self.base.columns["id"].type)
        for number in range(self.shape.words):
            word = bindparam(f"word{number}", type_=text())
            yield sa.or_(
                sa.false(),
                *(shadow.like(word, escape="\\") for shadow in self.base.folded.values()),
            )

    def _condition(
        self, node: Node, readable: Readable | None, prefix: str = "p"
    ) -> ColumnElement[bool]:
        """Return a predicate; what it looks at further on is joined to what is read from."""
        source = Source(
            self.base.columns.__getitem__, base=self.source, tables=self.tables, readable=readable
        )
        predicate = to_sql(node, source, dialect=self.engine, prefix=prefix)
        self.source = source.joined
        return predicate

    def _key(self, order: Order) -> ColumnElement[Any]:
        """Return what a sort key compares: of a link, the title of its record."""
        title = self.titles.get(order.field)
        if title is not None and isinstance(title, sa.Label):
            return title.element
        return self.base.columns[order.field]

    def _ordered(self, order: Order) -> ColumnElement[Any]:
        key = self._key(order)
        if self.engine == "postgresql" and self._may_miss(order):
            return key.desc().nulls_last() if order.descending else key.asc().nulls_first()
        return key.desc() if order.descending else key.asc()

    def _may_miss(self, order: Order) -> bool:
        return order.field in self.titles or bool(self.base.columns[order.field].nullable)

    def _after(self) -> Iterator[ColumnElement[bool]]:
        """Yield the keyset predicate: the OR form, and the bound that keeps the index range."""
        if self.shape.after is None:
            return
        choices: list[ColumnElement[bool]] = []
        equal: list[ColumnElement[bool]] = []
        for number, (order, missing) in enumerate(
            zip(self.shape.order, self.shape.after, strict=True)
        ):
            key = self._key(order)
            value = bindparam(f"after{number}", type_=key.type)
            if number == 0 and not missing:
                yield self._bound(order, key, value)
            choices.append(sa.and_(*equal, self._beyond(order, key, value, missing=missing)))
            equal.append(key.is_(None) if missing else key == value)
        yield sa.or_(*choices)

    def _bound(
        self, order: Order, key: ColumnElement[Any], value: ColumnElement[Any]
    ) -> ColumnElement[bool]:
        if not order.descending:
            return key >= value
        return sa.or_(key <= value, key.is_(None)) if self._may_miss(order) else key <= value

    def _beyond(
        self,
        order: Order,
        key: ColumnElement[Any],
        value: ColumnElement[Any],
        *,
        missing: bool,
    ) -> ColumnElement[bool]:
        if missing:
            return sa.false() if order.descending else key.is_not(None)
        if not order.descending:
            return key > value
        return sa.or_(key < value, key.is_(None)) if self._may_miss(order) else key < value

    def _decoder(self) -> Callable[[Sequence[Any]], Record]:
        names = self.shape.fields
        decoders: list[tuple[str, Callable[[Any], Any]]] = []
        for name in names:
            column_type = self.base.columns[name].type
            if isinstance(column_type, StoredType):
                decode = decoder(column_type.storage, self.engine)
                if decode is not None:
                    decoders.append((name, decode))
        first = GENERATIONS + len(names)
        links = [(name, first + place) for place, (name, _) in enumerate(self.shape.titles)]
        return _row_decoder(names, decoders, links)

    def _compiled(
        self, statement: sa.Select[Any], decode: Callable[[Sequence[Any]], Record]
    ) -> Plan:
        compiled = statement.compile(dialect=self.dialect)
        constants: dict[str, Any] = {}
        encoders: dict[str, Codec] = {}
        computed: dict[str, tuple[Compute, Codec]] = {}
        for bind, name in compiled.bind_names.items():
            code = _encoder(bind.type, self.engine)
            if isinstance(bind, ContextBind):
                computed[name] = (bind.compute, code)
            elif bind.value is None:
                encoders[name] = code
            else:
                constants[name] = code(bind.value) if code else bind.value
        return Plan(
            sql=str(compiled),
            names=tuple(compiled.positiontup or ()),
            constants=constants,
            encoders=encoders,
            computed=tuple((name, *found) for name, found in computed.items()),
            decode=decode,
        )


def _encoder(type_: object, engine: str) -> Codec:
    if isinstance(type_, StoredType):
        return encoder(type_.storage, engine)
    return type_.encoder(engine) if isinstance(type_, ValueType) else None


def _row_decoder(
    names: tuple[str, ...],
    decoders: list[tuple[str, Callable[[Any], Any]]],
    links: list[tuple[str, int]],
) -> Callable[[Sequence[Any]], Record]:
    def decode(row: Sequence[Any]) -> Record:
        # The titles stand behind the named columns; zip leaves them out.
        record = dict(zip(names, row[GENERATIONS:], strict=False))
        for name, convert in decoders:
            value = record[name]
            if value is not None:
                record[name] = convert(value)
        for name, place in links:
            value = record[name]
            if value is not None:
                title = row[place]
                record[name] = {"id": value} if title is None else {"id": value, "title": title}
        return record

    return decode
