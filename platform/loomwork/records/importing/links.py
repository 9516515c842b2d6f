"""What cells say of linked records, resolved for many rows at once."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from loomwork.errors import N_
from loomwork.expressions.lift import parameters
from loomwork.expressions.to_sql import to_sql
from loomwork.model.actor import Actor
from loomwork.model.field_type import refuse
from loomwork.records.runtime import Runtime
from loomwork.store.transaction import Transaction

AT_ONCE = 500


class Links:
    """Finds the records that texts name: by id, by title, or by a unique text field."""

    def __init__(self, runtime: Runtime, transaction: Transaction, actor: Actor) -> None:
        self._runtime = runtime
        self._transaction = transaction
        self._actor = actor
        self._found: dict[str, dict[str, set[UUID]]] = {}

    def prepare(self, entity: str, texts: Iterable[str]) -> None:
        """Look the texts up that are not known yet, all in a few statements."""
        known = self._found.setdefault(entity, {})
        missing = sorted({text for text in texts if text not in known})
        known |= {text: set() for text in missing}
        for start in range(0, len(missing), AT_ONCE):
            for text, id_ in self._look_up(entity, missing[start : start + AT_ONCE]):
                known[text].add(id_)

    def resolve(self, entity: str, text: str) -> UUID:
        """Return the record that ``text`` names; InvalidError where it is none or several."""
        found = self._found[entity][text]
        if not found:
            raise refuse("no_such_record", N_("There is no record “{name}”."), name=text[:120])
        if len(found) > 1:
            raise refuse("ambiguous", N_("Several records are called “{name}”."), name=text[:120])
        return next(iter(found))

    def _look_up(self, entity: str, texts: Collection[str]) -> Iterator[tuple[str, UUID]]:
        definition, table = self._runtime.model.entities[entity], self._runtime.tables[entity]
        readable = self._runtime.policy.rights(self._actor).rule(entity, "read").node
        engine = self._transaction.engine
        condition = to_sql(readable, lambda name: table.columns[name], dialect=engine)
        keys = {definition.title} | {
            name
            for name, field in definition.own_fields.items()
            if field.unique and field.type.name == "text"
        }
        values = parameters((), self._actor.user)
        for key in sorted(keys):
            column = table.columns[key]
            statement = sa.select(column, table.columns["id"]).where(
                column.in_(list(texts)), table.table.c.live == 1, condition
            )
            bound = {name: values[name] for name in values if name in statement.compile().params}
            yield from self._rows(statement, bound)
        for text in texts:
            id_ = _as_id(text)
            if id_ is not None and self._exists(table, id_, condition, values):
                yield text, id_

    def _rows(
        self, statement: "sa.Select[Any, Any]", values: dict[str, object]
    ) -> Iterator[tuple[str, UUID]]:
        for row in self._transaction.connection.execute(statement, values):
            yield row[0], row[1]

    def _exists(
        self, table: Any, id_: UUID, condition: sa.ColumnElement[bool], values: Any
    ) -> bool:
        statement = sa.select(table.columns["id"]).where(
            table.columns["id"] == id_, table.table.c.live == 1, condition
        )
        bound = {name: values[name] for name in values if name in statement.compile().params}
        return self._transaction.connection.execute(statement, bound).first() is not None


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) in (32, 36) else None
    except ValueError:
        return None
