"""Working kept fields out again, for many records with few statements."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from loomwork.expressions.lift import parameters
from loomwork.records.deriving.finding import pages
from loomwork.store.reading.worked_out import KEPT, SIZES, named, size_for, working_out
from loomwork.store.transaction import stored
from loomwork.store.types import SQLITE

if TYPE_CHECKING:
    from loomwork.expressions.context import Context
    from loomwork.records.deriving.plan import Group, Kept
    from loomwork.records.runtime import Runtime
    from loomwork.store.reading.query import Plan
    from loomwork.store.transaction import Transaction

MOST = SIZES[-1]
Moved = Mapping[str, Mapping[UUID, Any]]
"""By field the new values of those records whose value was another."""


class Computing:
    """Works fields out within one transaction, under locks that make what it writes true.

    A record is locked before anything is read that its value follows from: whoever changes that
    either has committed by then, or waits and works the value out after us.
    """

    def __init__(self, runtime: "Runtime", transaction: "Transaction", context: "Context") -> None:
        self._runtime = runtime
        self._transaction = transaction
        self._values = parameters((), context)

    def renew(self, group: "Group", ids: Iterable[UUID]) -> Moved:
        """Bring the fields of ``group`` of the records ``ids`` up to date."""
        moved: dict[str, dict[UUID, Any]] = {one.field.name: {} for one in group}
        for page in pages(sorted(set(ids)), MOST):
            self._lock(group[0].entity.name, page)
            rows = self.read(group, page)
            changes = _differences(group, rows)
            for id_, values in changes.items():
                for name, value in values.items():
                    moved[name][id_] = value
            self._write(group, changes)
        return moved

    def read(self, group: "Group", ids: Sequence[UUID]) -> list[dict[str, Any]]:
        """Return of each record the values as they are kept and as they should be."""
        plan = self._plan(group, size_for(len(ids)))
        names = named(size_for(len(ids)))
        padded = [*ids, *[ids[-1]] * (len(names) - len(ids))]
        values = {**self._values, **dict(zip(names, padded, strict=True))}
        return [plan.decode(row) for row in self._transaction.fetch(plan, values)]

    def _plan(self, group: "Group", size: int) -> "Plan":
        runtime, entity = self._runtime, group[0].entity.name
        key = ("working out", entity, tuple(one.field.name for one in group), size)
        dialect = runtime.store.database.reader.dialect
        nodes = [one.node for one in group]
        return runtime.made.get(
            key, lambda: working_out(runtime.tables, entity, nodes, size, dialect)
        )

    def _lock(self, entity: str, ids: Sequence[UUID]) -> None:
        if self._transaction.engine == SQLITE:
            # SQLite has one writer at a time.
            return
        id_ = self._runtime.tables[entity].columns["id"]
        statement = sa.select(id_).where(id_.in_(ids)).order_by(id_)
        self._transaction.connection.execute(statement.with_for_update(key_share=True))

    def _write(self, group: "Group", changes: Mapping[UUID, Mapping[str, Any]]) -> None:
        table = self._runtime.tables[group[0].entity.name]
        by_names: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for id_, values in changes.items():
            row = {f"_{key}": value for key, value in stored(table, values).items()}
            by_names.setdefault(tuple(row), []).append({**row, "__id": id_})
        for keys, rows in by_names.items():
            places: dict[str, sa.BindParameter[Any]] = {key[1:]: sa.bindparam(key) for key in keys}
            wanted = table.columns["id"] == sa.bindparam("__id", type_=table.columns["id"].type)
            statement = sa.update(table.table).where(wanted)
            named_places = {table.table.c[key]: place for key, place in places.items()}
            self._transaction.connection.execute(statement.values(named_places), rows)


def _differences(group: "Group", rows: Iterable[Mapping[str, Any]]) -> dict[UUID, dict[str, Any]]:
    found: dict[UUID, dict[str, Any]] = {}
    for row in rows:
        changed = {one.field.name: row[one.field.name] for one in group if differs(one, row)}
        if changed:
            found[row["id"]] = changed
    return found


def differs(one: "Kept", row: Mapping[str, Any]) -> bool:
    """Tell whether what is kept of a field is not what it should be."""
    return bool(row[KEPT + one.field.name] != row[one.field.name])
