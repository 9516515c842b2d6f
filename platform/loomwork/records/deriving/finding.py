"""Which records depend on others: ways from a derived field to what it reads, walked backwards."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from loomwork.expressions.dependencies import Inverse, Way
from loomwork.expressions.tree import Step

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, CursorResult

    from loomwork.records.runtime import Runtime

PAGE = 500
"""Records that one statement looks for, and that are worked out at once."""

Rows = Mapping[UUID, Sequence[Mapping[str, object]]]
"""By id the rows of records as they were and as they are."""


def pages(ids: Iterable[UUID], size: int = PAGE) -> Iterator[list[UUID]]:
    """Yield ``ids``, at most ``size`` at a time."""
    waiting = iter(ids)
    while page := list(islice(waiting, size)):
        yield page


class Finder:
    """Finds the records that keep something which follows from given ones."""

    def __init__(self, runtime: "Runtime", connection: "Connection") -> None:
        self._runtime = runtime
        self._connection = connection

    def dependants(
        self, entity: str, way: Way, ids: Iterable[UUID], rows: Rows
    ) -> Iterator[list[UUID]]:
        """Yield, page by page, the records of ``entity`` whose ``way`` leads to any of ``ids``.

        Of those that have ``rows``, their links as they were and as they are are followed.
        """
        if not way:
            yield from pages(ids)
            return
        before, last = way[:-1], way[-1]
        if isinstance(last, Inverse):
            yield from self._over_link(entity, before, last, ids, rows)
            return
        near = before[-1].entity if before else entity
        for page in pages(ids):
            for found in self._linking(near, last, page):
                yield from self.dependants(entity, before, found, {})

    def _over_link(
        self, entity: str, before: Way, last: Inverse, ids: Iterable[UUID], rows: Rows
    ) -> Iterator[list[UUID]]:
        for page in pages(ids):
            known = [row[last.link] for id_ in page for row in rows.get(id_, ())]
            unknown = [id_ for id_ in page if id_ not in rows]
            targets = {target for target in known if isinstance(target, UUID)}
            if unknown:
                table = self._runtime.tables[last.entity]
                link = table.columns[last.link]
                statement = sa.select(link).distinct().where(table.columns["id"].in_(unknown))
                found = self._connection.execute(statement.where(link.is_not(None)))
                targets |= _ids(found)
            yield from self.dependants(entity, before, sorted(targets), {})

    def _linking(self, entity: str, step: Step, targets: Sequence[UUID]) -> Iterator[list[UUID]]:
        """Yield the records of ``entity`` whose link leads to any of ``targets``."""
        table = self._runtime.tables[entity]
        id_, link = table.columns["id"], table.columns[step.field]
        statement = sa.select(id_).where(link.in_(targets)).order_by(id_).limit(PAGE)
        page = sorted(_ids(self._connection.execute(statement)))
        while page:
            yield page
            if len(page) < PAGE:
                return
            page = sorted(_ids(self._connection.execute(statement.where(id_ > page[-1]))))


def _ids(found: "CursorResult[Any]") -> set[UUID]:
    return {id_ for (id_,) in found}
