"""A chunk of rows within one transaction: read, matched, checked, written."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias
from uuid import UUID

from loomwork.errors import N_, InvalidError, LoomworkError, Problem
from loomwork.model.entity import Entity, Field
from loomwork.model.types.link import LinkType
from loomwork.model.types.links import LinksType
from loomwork.model.types.several import SEPARATORS
from loomwork.records.drafts.normalising import normalised
from loomwork.records.importing.earlier import Earlier
from loomwork.records.importing.links import Links, naming_fields
from loomwork.records.importing.lookup import Lookup
from loomwork.records.importing.parts import read_parts
from loomwork.records.writing import Writer

Row: TypeAlias = tuple[int, list[str]]
"""The number of a row's last line in the file, and its cells."""
Values: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """A row that was not imported: its last line in the file, its cells, and why."""

    line: int
    cells: Sequence[str]
    problems: Sequence[Problem]


@dataclass(slots=True, kw_only=True)
class Chunk:
    """Rows to write, how to read them, and what became of them."""

    rows: Sequence[Row]
    columns: Mapping[int, Field]
    width: int
    match: str
    defaults: Mapping[str, Any]
    rehearsal: bool
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejects: list[Reject] = field(default_factory=list)

    def begin(self) -> None:
        """Forget what became of the rows: their transaction begins anew."""
        self.created = self.updated = self.unchanged = 0
        self.rejects = []

    def cell(self, row: Row, position: int) -> str:
        """Return a cell's text, empty where the row is too short for it: such rows are rejected."""
        cells = row[1]
        return cells[position].strip() if position < len(cells) else ""


class ChunkWriter:
    """Writes a chunk with one Writer. New rows go in together, in their order."""

    def __init__(self, chunk: Chunk, writer: Writer, earlier: Earlier) -> None:
        self.chunk = chunk
        self.writer = writer
        self.earlier = earlier
        self.entity: Entity = writer.entity
        self.links = Links(
            writer.runtime, writer.transaction, writer.actor, self.entity.name, earlier
        )
        self.linked = {
            position: column.type.to
            for position, column in chunk.columns.items()
            if isinstance(column.type, LinkType | LinksType)
        }
        self.parted = {
            column.name.partition(".")[0] for column in chunk.columns.values() if "." in column.name
        }
        self.names = naming_fields(self.entity)
        self.new: list[tuple[Row, Values]] = []

    def write(self) -> None:
        """Write every row, or note why it is rejected."""
        for position, to in self.linked.items():
            cells = (self.chunk.cell(row, position) for row in self.chunk.rows)
            self.links.prepare(to, (name for cell in cells for name in self._named(position, cell)))
            if to in self.writer.rules.sees:
                self.writer.unit.relations.prefetch(to, self.links.targets(to))
        present = self._present()
        numbering = self.writer.numbering
        for place, row in enumerate(self.chunk.rows):
            numbering.expected = len(self.chunk.rows) - place
            values = self._values(row)
            if values is None:
                continue
            key = values.get(self.chunk.match) if self.chunk.match else None
            found = present.get(key, ()) if key is not None else ()
            if found:
                self._update(row, values, found)
            else:
                self._add(row, values)
        self._insert()
        numbering.end(kept=not self.chunk.rehearsal)

    def _present(self) -> dict[Any, list[UUID]]:
        """Return the ids of the readable records that have the matched values already."""
        if not self.chunk.match:
            return {}
        position = next(
            place for place, one in self.chunk.columns.items() if one.name == self.chunk.match
        )
        keys = set()
        for row in self.chunk.rows:
            try:
                keys.add(self._value(position, self.chunk.cell(row, position)))
            except InvalidError:
                # The row is rejected for it when its turn comes.
                continue
        keys.discard(None)
        lookup = Lookup(
            self.writer.runtime, self.writer.transaction, self.writer.actor, self.entity.name
        )
        found: dict[Any, list[UUID]] = {}
        for value, id_ in lookup.by(self.chunk.match, keys) if keys else ():
            found.setdefault(value, []).append(id_)
        return found

    def _values(self, row: Row) -> Values | None:
        """Return a row's values by field, or None after noting why it does not fit."""
        misfit = _misfit(len(row[1]), self.chunk.width)
        if misfit:
            # Which cell belongs to which column is anybody's guess, so none of them is read.
            self._reject(row, InvalidError(problems=[misfit]))
            return None
        problems: list[Problem] = []
        values: Values = {}
        parts: dict[str, dict[str, str]] = {name: {} for name in self.parted}
        for position, column in self.chunk.columns.items():
            name, _, part = column.name.partition(".")
            if name in parts:
                parts[name][part] = self.chunk.cell(row, position)
                continue
            try:
                value = self._value(position, self.chunk.cell(row, position))
                values |= column.spread(value)
            except InvalidError as error:
                problems += [problem.at(f"/{column.name}") for problem in error.problems]
        for name, texts in parts.items():
            try:
                values |= self.entity.fields[name].spread(
                    read_parts(self.entity.fields[name], texts)
                )
            except InvalidError as error:
                problems += [problem.at(f"/{name}") for problem in error.problems]
        problems += self._repeated(values, row[0])
        if problems:
            self._reject(row, InvalidError(problems=problems))
            return None
        return values

    def _value(self, position: int, text: str) -> object:
        if not text:
            return None
        column = self.chunk.columns[position]
        if position in self.linked:
            to, names = self.linked[position], self._named(position, text)
            found = tuple(dict.fromkeys(self.links.resolve(to, name) for name in names))
            return (found or None) if column.type.many else found[0]
        text = str(normalised(column, text))
        return column.type.parse_text(text) if text else None

    def _named(self, position: int, cell: str) -> list[str]:
        """Return the records that a cell names, between semicolons if there can be several."""
        if not self.chunk.columns[position].type.many:
            return [cell] if cell else []
        for sign in SEPARATORS:
            cell = cell.replace(sign, "\n")
        return [name.strip() for name in cell.split("\n") if name.strip()]

    def _repeated(self, values: Values, line: int) -> Iterator[Problem]:
        """Yield a problem for each unique value that an earlier line of the file has already."""
        keys = {name for name, one in self.entity.own_fields.items() if one.unique}
        keys |= {self.chunk.match} - {""}
        for name in sorted(keys & values.keys()):
            if values[name] is None:
                continue
            first = self.earlier.first_line(name, values[name], line)
            if first != line:
                text = N_("Line {line} has the same value already.")
                yield Problem(
                    code="repeated", text=text, context={"line": first}, pointer=f"/{name}"
                )

    def _add(self, row: Row, values: Values) -> None:
        if self.entity.name in self.writer.rules.sees:
            # What the rules say of this row depends on those before it.
            self._insert()
        given = {name: value for name, value in values.items() if value is not None}
        try:
            record = self.writer.prepare_new({**self.chunk.defaults, **given})
        except LoomworkError as error:
            self._reject(row, error)
            return
        readable = self.writer.rights.rule(self.entity.name, "read")
        if readable.holds(record, self.writer.context):
            self.earlier.name(record, self.names)
        self._leave_out_imagined(record)
        self.new.append((row, record))

    def _update(self, row: Row, values: Values, found: Sequence[UUID]) -> None:
        if len(found) > 1:
            text = N_("{count} records have this value: it does not tell which one is meant.")
            problem = Problem(
                code="ambiguous",
                text=text,
                context={"count": len(found)},
                pointer=f"/{self.chunk.match}",
            )
            self._reject(row, InvalidError(problems=(problem,)))
            return
        if self.entity.name in self.linked.values():
            # What this row links to may be among the new rows.
            self._insert()
        imagined = self._leave_out_imagined(values)

        def change() -> None:
            moved = self.writer.change(found[0], values)
            # A row stands for itself: it has to be right by itself at its own end.
            self.writer.unit.settle()
            if moved or imagined:
                self.chunk.updated += 1
            else:
                self.chunk.unchanged += 1

        self._guarded(row, change)

    def _leave_out_imagined(self, values: Values) -> bool:
        """Remove links to records that a rehearsal did not keep; tell whether there were any."""
        if not self.chunk.rehearsal:
            return False
        imagined = [
            name
            for position, to in self.linked.items()
            if to == self.entity.name
            and any(
                map(self.earlier.kept, _each(values[name := self.chunk.columns[position].name]))
            )
        ]
        for name in imagined:
            values[name] = None
        return bool(imagined)

    def _insert(self) -> None:
        """Insert the new rows at once; one by one where the database refuses one of them."""
        new, self.new = self.new, []
        if not new:
            return
        transaction, table = self.writer.transaction, self.writer.table
        try:
            with transaction.connection.begin_nested():
                # Numbers that are taken here are nobody's where this comes to nothing.
                rows = [dict(values) for _, values in new]
                self.writer.complete(rows)
                transaction.insert_many(table, rows)
                for values in rows:
                    self.writer.written(values)
                self.writer.unit.settle()
        except LoomworkError:
            self.writer.unit.relations.forget_all()
            self._insert_each(new)
        else:
            self.chunk.created += len(new)

    def _insert_each(self, new: Sequence[tuple[Row, Values]]) -> None:
        for row, values in new:
            if self._guarded(row, partial(self._insert_one, values)):
                self.chunk.created += 1
            else:
                self.earlier.unname(values["id"])

    def _insert_one(self, values: Values) -> None:
        self.writer.complete([values])
        self.writer.transaction.insert(self.writer.table, values)
        self.writer.written(values)
        self.writer.unit.settle()

    def _guarded(self, row: Row, work: Callable[[], object]) -> bool:
        """Do ``work`` for a row inside a savepoint; note why it was refused and go on."""
        try:
            with self.writer.transaction.connection.begin_nested():
                work()
        except LoomworkError as error:
            # What was read inside the savepoint has never been.
            self.writer.unit.relations.forget_all()
            self._reject(row, error)
            return False
        return True

    def _reject(self, row: Row, error: LoomworkError) -> None:
        problems = error.problems or (
            Problem(code=error.code, text=error.template, context=error.context),
        )
        self.chunk.rejects.append(Reject(line=row[0], cells=row[1], problems=problems))


def _each(value: Any) -> tuple[Any, ...]:
    """Return the records that a field with one link or with several of them leads to."""
    return value if isinstance(value, tuple) else (value,)


def _misfit(count: int, columns: int) -> Problem | None:
    """Return what is wrong with a row of so many cells under so many headers."""
    context = {"count": count, "columns": columns}
    if count > columns:
        text = N_("The row has {count} cells, the header only {columns}.")
        return Problem(code="too_many_cells", text=text, context=context)
    if count < columns:
        text = N_("The row has only {count} of {columns} cells: it seems to be cut off.")
        return Problem(code="too_few_cells", text=text, context=context)
    return None
