"""The import itself: rows to records, a chunk and a transaction at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from loomwork.errors import N_, ForbiddenError, InvalidError, LoomworkError, Problem
from loomwork.model.actor import Actor
from loomwork.model.entity import Entity, Field
from loomwork.model.types.link import LinkType
from loomwork.records.importing.links import Links
from loomwork.records.importing.source import Source, read_rows
from loomwork.records.service import Records
from loomwork.records.writing import MANAGED, Writer

if TYPE_CHECKING:
    from loomwork.records.runtime import Runtime

CHUNK = 400
"""Rows of one transaction: well under the quarter of a second for which others may wait."""

Row = tuple[int, list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """A row that was not imported: its last line in the file, its cells, and why."""

    line: int
    cells: Sequence[str]
    problems: Sequence[Problem]


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What an import did so far; ``line`` is the last one that is done with."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    line: int = 0
    rejects: list[Reject] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """An import made ready.

    ``match`` names the field by which present records are updated; ``defaults`` are values for
    fields that no column fills; a ``rehearsal`` writes nothing.
    """

    records: Records
    actor: Actor
    entity: str
    source: Source
    columns: Mapping[int, Field]
    match: str = ""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    rehearsal: bool = False

    def run(self, outcome: Outcome, progress: Callable[[int], object]) -> None:
        """Import every row; ``outcome`` and ``progress`` (rows done) are kept up to date.

        Rows that do not fit are rejected one by one. Whatever else goes wrong ends the import with
        everything kept that was done before.
        """
        if self.entity in MANAGED:
            raise ForbiddenError(N_("Users are added and disabled with their accounts."))
        self._check_match()
        seen: dict[str, dict[Any, int]] = {}
        rows = read_rows(self.source)
        while chunk := list(islice(rows, CHUNK)):
            done = self._chunk(chunk, seen)
            outcome.created += done.created
            outcome.updated += done.updated
            outcome.unchanged += done.unchanged
            outcome.rejects += done.rejects
            outcome.line = chunk[-1][0]
            progress(len(chunk))

    def _check_match(self) -> None:
        if self.match and self.match not in (one.name for one in self.columns.values()):
            raise InvalidError(
                N_("No column of the file fills the field “{name}” to match by."), name=self.match
            )

    def _chunk(self, chunk: list[Row], seen: dict[str, dict[Any, int]]) -> Outcome:
        done = Outcome()
        before = {name: dict(values) for name, values in seen.items()}

        def work(writer: Callable[[str], Writer]) -> None:
            # A repeated transaction begins with what was known before the first try.
            done.created = done.updated = done.unchanged = 0
            done.rejects.clear()
            seen.clear()
            seen.update({name: dict(values) for name, values in before.items()})
            _ChunkWriter(self, writer(self.entity), done, seen).write(chunk)
            if self.rehearsal:
                raise _Rehearsed

        try:
            self.records.write(self.actor, work)
        except _Rehearsed:
            return done
        return done


class _Rehearsed(Exception):  # noqa: N818 -- a signal, not an error
    """Undoes the transaction of a rehearsal."""


class _ChunkWriter:
    def __init__(
        self, plan: Import, writer: Writer, done: Outcome, seen: dict[str, dict[Any, int]]
    ) -> None:
        self.plan = plan
        self.writer = writer
        self.done = done
        self.seen = seen
        self.runtime: Runtime = writer.runtime
        self.entity: Entity = writer.entity
        self.links = Links(writer.runtime, writer.transaction, writer.actor)

    def write(self, chunk: list[Row]) -> None:
        self._prepare_links(chunk)
        read = [(row, values) for row in chunk if (values := self._values(row)) is not None]
        present = self._present([values for _, values in read])
        new: list[tuple[Row, dict[str, Any]]] = []
        for row, values in read:
            key = values.get(self.plan.match) if self.plan.match else None
            if key is not None and key in present:
                self._guarded(row, partial(self._update, present[key], values))
            else:
                self._add(row, values, new)
        self._insert(new)

    def _prepare_links(self, chunk: list[Row]) -> None:
        for position, column in self.plan.columns.items():
            if isinstance(column.type, LinkType):
                cells = (cells[position].strip() for _, cells in chunk if position < len(cells))
                self.links.prepare(column.type.to, (cell for cell in cells if cell))

    def _values(self, row: Row) -> dict[str, Any] | None:
        """Return a row's values by field, or None after noting why it does not fit."""
        line, cells = row
        problems: list[Problem] = []
        values: dict[str, Any] = dict(self.plan.defaults)
        if len(cells) > len(self.plan.source.columns):
            text = N_("The row has {count} cells, the header only {columns}.")
            context = {"count": len(cells), "columns": len(self.plan.source.columns)}
            problems.append(Problem(code="too_many_cells", text=text, context=context))
        for position, column in self.plan.columns.items():
            text = cells[position].strip() if position < len(cells) else ""
            try:
                values[column.name] = self._value(column, text)
            except InvalidError as error:
                problems += [problem.at(f"/{column.name}") for problem in error.problems]
        problems += self._repeated(values, line)
        if problems:
            self.done.rejects.append(Reject(line=line, cells=cells, problems=problems))
            return None
        return values

    def _value(self, column: Field, text: str) -> object:
        if not text:
            return None
        if isinstance(column.type, LinkType):
            return self.links.resolve(column.type.to, text)
        return column.type.parse_text(text)

    def _repeated(self, values: Mapping[str, Any], line: int) -> Iterator[Problem]:
        """Yield a problem for each unique value that an earlier line of the file has already."""
        keys = {name for name, one in self.entity.own_fields.items() if one.unique}
        if self.plan.match:
            keys.add(self.plan.match)
        for name in sorted(keys & values.keys()):
            value = values[name]
            if value is None:
                continue
            first = self.seen.setdefault(name, {}).setdefault(value, line)
            if first != line:
                text = N_("Line {line} has the same value already.")
                yield Problem(
                    code="repeated", text=text, context={"line": first}, pointer=f"/{name}"
                )

    def _present(self, rows: Sequence[Mapping[str, Any]]) -> dict[Any, Any]:
        """Return the ids of the records that have the matched values already."""
        if not self.plan.match:
            return {}
        table = self.writer.table
        column = table.columns[self.plan.match]
        keys = [row[self.plan.match] for row in rows if row.get(self.plan.match) is not None]
        if not keys:
            return {}
        statement = sa.select(column, table.columns["id"]).where(
            column.in_(keys), table.table.c.live == 1
        )
        found = self.writer.transaction.connection.execute(statement)
        return {row[0]: row[1] for row in found}

    def _add(
        self, row: Row, values: Mapping[str, Any], new: list[tuple[Row, dict[str, Any]]]
    ) -> None:
        given = {name: value for name, value in values.items() if value is not None}
        try:
            new.append((row, self.writer.prepare_new(given)))
        except LoomworkError as error:
            self._reject(row, error)

    def _reject(self, row: Row, error: LoomworkError) -> None:
        problems = error.problems or (
            Problem(code=error.code, text=error.template, context=error.context),
        )
        self.done.rejects.append(Reject(line=row[0], cells=row[1], problems=problems))

    def _update(self, id_: Any, values: Mapping[str, Any]) -> None:
        if self.writer.change(id_, values):
            self.done.updated += 1
        else:
            self.done.unchanged += 1

    def _guarded(self, row: Row, work: Callable[[], object]) -> bool:
        """Do ``work`` for a row inside a savepoint; note why it was refused and go on."""
        try:
            with self.writer.transaction.connection.begin_nested():
                work()
        except LoomworkError as error:
            self._reject(row, error)
            return False
        return True

    def _insert(self, new: list[tuple[Row, dict[str, Any]]]) -> None:
        """Insert all rows at once; one by one where one of them is refused by the database."""
        if not new:
            return
        transaction, table = self.writer.transaction, self.writer.table
        try:
            with transaction.connection.begin_nested():
                transaction.insert_many(table, [values for _, values in new])
        except LoomworkError:
            for row, values in new:
                if self._guarded(row, partial(transaction.insert, table, values)):
                    self.done.created += 1
        else:
            self.done.created += len(new)
