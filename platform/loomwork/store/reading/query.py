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
from loomwork.expressions.sql.source import Readable, Row, Source
from loomwork.expressions.sql.values import ValueType
from loomwork.expressions.to_sql import to_sql, value_sql
from loomwork.expressions.tree import FALSE, TRUE, Node
from loomwork.model.entity import Field
from loomwork.store.reading.as_of import as_of, set_reader, was_live
from loomwork.store.reading.derived_values import value_decoder
from loomwork.store.reading.shape import Order, Shape
from loomwork.store.reading.titles import Add, Title, Titles
from loomwork.store.schema.columns import SORT
from loomwork.store.schema.sets import set_decoder, set_element
from loomwork.store.schema.tables import EntityTable
from loomwork.store.search.index import INDEXES
from loomwork.store.system import GENERATION
from loomwork.store.types import Codec, StoredType, decoder, encoder, engine_name

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
        self.kept = tables[shape.entity]
        self.base = self._versions() if shape.as_of else self.kept
        self.titles: list[Title] = []
        self.source: FromClause = self.base.table
        self.values: dict[str, ColumnElement[Any]] = {}
        if shape.as_of:
            same = self.kept.columns["id"] == self.base.columns["id"]
            self.source = self.source.join(self.kept.table, same)

    def _versions(self) -> EntityTable:
        id_ = bindparam("id", type_=self.kept.columns["id"].type) if self.shape.single else None
        return as_of(self.kept, self.engine, id_)

    def plan(self) -> Plan:
        self._join_titles()
        conditions = [*self._conditions(), *self._after()]
        selected = [self._selected(name) for name in self.shape.fields]
        statement = sa.select(
            sa.select(GENERATION.c.metadata).where(GENERATION.c.id == 1).scalar_subquery(),
            sa.select(GENERATION.c.access).where(GENERATION.c.id == 1).scalar_subquery(),
            *selected,
            *(title.column for title in self.titles),
            *(key.label(f"key_{name}") for name, key in self._hidden_keys()),
        ).select_from(self.source)
        statement = statement.where(*conditions)
        if not self.shape.single:
            statement = statement.order_by(*map(self._ordered, self.shape.order))
            # Written out, since a plan that does not know the limit may sort the whole table.
            statement = statement.limit(sa.literal_column(str(self.shape.limit)))
        if (self.shape.locked or self.shape.held) and self.engine != "sqlite":
            statement = statement.with_for_update(read=self.shape.held, of=self.base.table)
        return compiled_plan(statement, self._decoder(), self.dialect)

    def _selected(self, name: str) -> ColumnElement[Any]:
        """Return what is read under a key: its column, or the values of a field that has many."""
        if name in self.base.sets:
            return set_element(self.base.sets[name], self.base.columns["id"], self.engine)
        return self._own(name)

    def _own(self, name: str) -> ColumnElement[Any]:
        """Return the column of a field, or how its value is worked out."""
        node = self.base.worked_out.get(name)
        if node is None:
            return self.base.columns[name]
        if name not in self.values:
            row = Row(self.base, self.base.table)
            source = Source(row, base=self.source, tables=self.tables)
            self.values[name] = value_sql(node, source, dialect=self.engine)
            self.source = source.joined
        return self.values[name]

    def count(self) -> Plan:
        conditions = list(self._conditions())
        statement = sa.select(sa.func.count()).select_from(self.source).where(*conditions)
        return compiled_plan(statement, lambda row: {"count": row[0]}, self.dialect)

    def _join_titles(self) -> None:
        joining = Titles(self.tables, self.base, self.engine)
        wanted = self.shape.titles
        if self.shape.as_of:
            # Of many links, the past shows ids.
            wanted = tuple(one for one in wanted if one[0] not in self.kept.sets)
        self.source, self.titles = joining.join(self.source, wanted)

    def _conditions(self) -> Iterator[ColumnElement[bool]]:
        live = self.kept.table.c.live
        yield live.is_(None) if self.shape.deleted else live == sa.literal_column("1")
        if self.shape.as_of:
            yield was_live(self.base)
        if self.shape.rows != TRUE:
            yield self._condition(self.shape.rows, None, of=self.kept)
        if self.shape.preset != TRUE:
            yield self._condition(self.shape.preset, None, PRESET)
        if self.shape.where != TRUE:
            readable = dict(self.shape.readable)
            yield self._condition(self.shape.where, lambda entity: readable.get(entity, FALSE))
        if self.shape.single:
            yield self.base.columns["id"] == bindparam("id", type_=self.base.columns["id"].type)
        if self.shape.search and not self.shape.classes:
            yield sa.false()
        elif self.shape.search:
            place = (self.shape.entity, self.shape.classes)
            hits = INDEXES[self.engine].found((place,), self.shape.search).subquery("found")
            yield self.base.columns["id"].in_(sa.select(hits.c.record))

    def _condition(
        self,
        node: Node,
        readable: Readable | None,
        prefix: str = "p",
        of: EntityTable | None = None,
    ) -> ColumnElement[bool]:
        """Return a predicate; what it looks at further on is joined to what is read from."""
        row = of or self.base
        source = Source(
            Row(row, row.table), base=self.source, tables=self.tables, readable=readable
        )
        predicate = to_sql(node, source, dialect=self.engine, prefix=prefix)
        self.source = source.joined
        return predicate

    def _key(self, order: Order) -> ColumnElement[Any]:
        """Return what a sort key compares: of a link, the title of its record."""
        for title in self.titles:
            if title.field == order.field and title.key is not None:
                return title.key
        if order.collated and order.field in self.base.sort_keys:
            return self.base.sort_keys[order.field]
        return self._own(order.field)

    def _hidden_keys(self) -> list[tuple[str, ColumnElement[Any]]]:
        """Return what is sorted by without being a field's value: a cursor needs it."""
        keys = [(order.field, self._key(order)) for order in self.shape.order if order.collated]
        return [(name, key) for name, key in keys if key is not self.base.columns.get(name)]

    def _ordered(self, order: Order) -> ColumnElement[Any]:
        key = self._key(order)
        if self.engine == "postgresql" and self._may_miss(order):
            return key.desc().nulls_last() if order.descending else key.asc().nulls_first()
        return key.desc() if order.descending else key.asc()

    def _may_miss(self, order: Order) -> bool:
        linked = any(title.field == order.field for title in self.titles)
        worked_out = order.field in self.base.worked_out
        return linked or worked_out or bool(self.kept.columns[order.field].nullable)

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
            if name in self.kept.sets:
                storage = self.kept.sets[name].storage
                read = set_reader(storage) if self.shape.as_of else None
                decoders.append((name, read or set_decoder(storage, self.engine)))
                continue
            if name in self.base.worked_out:
                type_ = self.base.entity.fields[name].type
                decoders.append((name, value_decoder(type_, self.engine)))
                continue
            column_type = self.base.columns[name].type
            if isinstance(column_type, StoredType):
                decode = decoder(column_type.storage, self.engine)
                if decode is not None:
                    decoders.append((name, decode))
        first = GENERATIONS + len(names)
        adding = [title.add for title in self.titles]
        adding += [_noting(name + SORT) for name, _ in self._hidden_keys()]
        titles = [(add, first + place) for place, add in enumerate(adding)]
        gathered = tuple(self.base.entity.fields[name] for name in self.shape.gathered)
        return _row_decoder(names, decoders, gathered, titles)


def compiled_plan(
    statement: sa.Select[Any], decode: Callable[[Sequence[Any]], Record], dialect: Dialect
) -> Plan:
    """Return a statement as the plan that runs it; ``decode`` makes a record of a row."""
    engine = engine_name(dialect)
    made = statement.compile(dialect=dialect)
    constants: dict[str, Any] = {}
    encoders: dict[str, Codec] = {}
    computed: dict[str, tuple[Compute, Codec]] = {}
    for bind, name in made.bind_names.items():
        code = _encoder(bind.type, engine)
        if isinstance(bind, ContextBind):
            computed[name] = (bind.compute, code)
        elif bind.value is None:
            encoders[name] = code
        else:
            constants[name] = code(bind.value) if code else bind.value
    return Plan(
        sql=str(made),
        names=tuple(made.positiontup or ()),
        constants=constants,
        encoders=encoders,
        computed=tuple((name, *found) for name, found in computed.items()),
        decode=decode,
    )


def _encoder(type_: object, engine: str) -> Codec:
    if isinstance(type_, StoredType):
        return encoder(type_.storage, engine)
    return type_.encoder(engine) if isinstance(type_, ValueType) else None


def _noting(key: str) -> Add:
    def add(record: Record, value: Any) -> None:
        record[key] = value

    return add


def _row_decoder(
    names: tuple[str, ...],
    decoders: list[tuple[str, Callable[[Any], Any]]],
    gathered: tuple[Field, ...],
    titles: list[tuple[Add, int]],
) -> Callable[[Sequence[Any]], Record]:
    def decode(row: Sequence[Any]) -> Record:
        # The titles stand behind the named columns; zip leaves them out.
        record = dict(zip(names, row[GENERATIONS:], strict=False))
        for name, convert in decoders:
            value = record[name]
            if value is not None:
                record[name] = convert(value)
        for member in gathered:
            record[member.name] = member.gather(record)
            for key in member.keys[1:]:
                record.pop(key, None)
        for add, place in titles:
            add(record, row[place])
        return record

    return decode
