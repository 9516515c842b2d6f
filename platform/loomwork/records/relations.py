"""The records around a record, read with the platform's own rights, as expressions see them."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from loomwork.expressions.context import Context, Record
from loomwork.expressions.lift import lift, parameters
from loomwork.expressions.tree import TRUE, Compare, Field, Node, Operator, Parameter
from loomwork.model.kinds import Kind
from loomwork.records.rules.expression import THIS, bound
from loomwork.store.reading.query import PRESET
from loomwork.store.reading.shape import Order, Shape
from loomwork.store.types import SQLITE

if TYPE_CHECKING:
    from loomwork.records.runtime import Runtime
    from loomwork.store.reading.fetching import Rows
    from loomwork.store.reading.query import Plan
    from loomwork.store.transaction import Transaction

EVERY = 2_000_000_000
"""A limit that no number of linking records reaches."""


class StoredRelations:
    """Live records over links, each read once; with a transaction, as that one sees them."""

    __slots__ = ("_beginning", "_linked", "_linking", "_runtime", "_standing", "_transaction")

    def __init__(self, runtime: "Runtime", transaction: "Transaction | None" = None) -> None:
        self._runtime = runtime
        self._transaction = transaction
        self._linked: dict[str, dict[UUID, Record | None]] = {}
        self._linking: dict[str, dict[tuple[str, UUID], tuple[Record, ...]]] = {}
        self._standing: tuple[str, Record] | None = None
        self._beginning: UUID | None = None

    @contextmanager
    def standing(self, entity: str, record: Record) -> Iterator[None]:
        """Let ``record`` stand in for what is stored of it."""
        self._standing = entity, record
        try:
            yield
        finally:
            self._standing = None

    @contextmanager
    def beginning(self, record: Record, before: Record | None) -> Iterator[None]:
        """Know that nothing links to ``record`` yet, if there is none ``before`` it."""
        self._beginning = record["id"] if before is None else None
        try:
            yield
        finally:
            self._beginning = None

    def forget(self, entity: str) -> None:
        """Read the records of ``entity`` again when they are next asked for: some have changed."""
        self._linked.pop(entity, None)
        self._linking.pop(entity, None)

    def forget_all(self) -> None:
        """Read everything again when it is next asked for."""
        self._linked.clear()
        self._linking.clear()

    def linked(self, entity: str, id_: UUID) -> Record | None:
        """Return the live record ``id_`` of ``entity``."""
        if self._standing is not None:
            own, record = self._standing
            if own == entity and record.get("id") == id_:
                return record
        known = self._linked.setdefault(entity, {})
        if id_ not in known:
            known[id_] = self._read(entity, id_)
        return known[id_]

    def linking(self, entity: str, link: str, id_: UUID) -> Iterable[Record]:
        """Return the live records of ``entity`` whose field ``link`` is ``id_``."""
        known = self._linking.setdefault(entity, {})
        found = () if id_ == self._beginning else known.get((link, id_))
        if found is None:
            found = known[link, id_] = self._read_linking(entity, link, id_)
        if self._standing is None or self._standing[0] != entity:
            return found
        standing = self._standing[1]
        others = tuple(one for one in found if one["id"] != standing.get("id"))
        return (*others, standing) if standing.get(link) == id_ else others

    def prefetch(self, entity: str, ids: Iterable[UUID]) -> None:
        """Read the records ``ids`` of ``entity`` in one statement, for those that ask later."""
        known = self._linked.setdefault(entity, {})
        missing = {id_ for id_ in ids if id_ not in known}
        if not missing or self._transaction is None:
            return
        table = self._runtime.tables[entity]
        if table.columns.keys() != set(self._keys(entity)):
            # What is not in the row itself is read with each record.
            return
        statement = sa.select(*table.columns.values()).where(
            table.columns["id"].in_(missing), table.table.c.live == 1
        )
        known |= dict.fromkeys(missing)
        for row in self._transaction.connection.execute(statement):
            record = dict(zip(table.columns, row, strict=True))
            known[record["id"]] = record

    def _keys(self, entity: str) -> tuple[str, ...]:
        """Return what is read of a record: expressions work out themselves what no row has."""
        definition = self._runtime.model.entities[entity]
        # The attributes of the acting user are asked for by name.
        return definition.keys if entity == "user" else definition.row_keys

    def hold(self, entity: str, ids: Iterable[UUID]) -> None:
        """Keep others from changing or holding the records ``ids`` until the transaction ends."""
        wanted = set(ids)
        if not wanted or self._transaction is None or self._transaction.engine == SQLITE:
            # SQLite has one writer at a time.
            return
        id_ = self._runtime.tables[entity].columns["id"]
        statement = sa.select(id_).where(id_.in_(wanted)).order_by(id_).with_for_update()
        self._transaction.connection.execute(statement)

    def share(self, entity: str, id_: UUID) -> None:
        """Keep others from changing the record ``id_`` until the transaction ends."""
        if self._transaction is None or self._transaction.engine == SQLITE:
            return
        column = self._runtime.tables[entity].columns["id"]
        statement = sa.select(column).where(column == id_).with_for_update(read=True)
        self._transaction.connection.execute(statement)
        self._linked.get(entity, {}).pop(id_, None)

    def fitting(self, entity: str, where: Node | None, context: Context) -> Iterable[Record]:
        """Return the live records of ``entity`` for which ``where`` may hold.

        The root ``this`` of ``context`` is the record that asks.
        """
        asked = TRUE if where is None else bound(where, context.root(THIS), context)
        shape, values = lift(asked)
        fields = self._keys(entity)
        order = (Order("id"),)
        wanted = Shape(entity=entity, fields=fields, preset=shape, order=order, limit=EVERY)
        plan = self._runtime.plan(wanted)
        rows = self._fetch(plan, parameters(values, context, PRESET))
        found = [plan.decode(row) for row in rows]
        if self._standing is None or self._standing[0] != entity:
            return found
        standing = self._standing[1]
        return [*(one for one in found if one["id"] != standing.get("id")), standing]

    def _read(self, entity: str, id_: UUID) -> Record | None:
        plan = self._runtime.plan(self._shape(entity, single=True))
        rows = self._fetch(plan, {"id": id_})
        return plan.decode(rows[0]) if rows else None

    def _read_linking(self, entity: str, link: str, id_: UUID) -> tuple[Record, ...]:
        plan = self._runtime.plan(self._shape(entity, link=link))
        return tuple(plan.decode(row) for row in self._fetch(plan, {"_p0": id_}))

    def _shape(self, entity: str, *, link: str = "", single: bool = False) -> Shape:
        def make() -> Shape:
            fields = self._keys(entity)
            if single:
                return Shape(entity=entity, fields=fields, single=True)
            where = Compare(Operator.EQUAL, Field(link, Kind.LINK), Parameter(0, Kind.LINK))
            order = (Order("id"),)
            return Shape(entity=entity, fields=fields, where=where, order=order, limit=EVERY)

        return self._runtime.made.get(("relation", entity, link, single), make)

    def _fetch(self, plan: "Plan", values: Mapping[str, Any]) -> "Rows":
        if self._transaction is not None:
            return self._transaction.fetch(plan, values)
        return self._runtime.store.fetch(plan, values)


def below(
    runtime: "Runtime", transaction: "Transaction | None", entity: str, link: str, top: UUID
) -> frozenset[UUID]:
    """Return the live records below ``top`` in the tree that ``link`` makes, without ``top``."""
    table = runtime.tables[entity]
    live = table.table.c.live == 1
    tree = (
        sa.select(table.columns["id"].label("id"))
        .where(table.columns[link] == top, live)
        .cte("below", recursive=True)
    )
    next_ = table.table.alias("next")
    # A union without duplicates also ends where the links make a circle.
    tree = tree.union(sa.select(next_.c.id).where(next_.c[link] == tree.c.id, next_.c.live == 1))
    statement = sa.select(tree.c.id)
    return frozenset(_ids(runtime, transaction, statement)) - {top}


def _ids(
    runtime: "Runtime", transaction: "Transaction | None", statement: sa.Select[Any]
) -> list[UUID]:
    if transaction is not None:
        return list(transaction.connection.execute(statement).scalars())
    with runtime.store.database.reader.connect() as connection:
        return list(connection.execute(statement).scalars())
