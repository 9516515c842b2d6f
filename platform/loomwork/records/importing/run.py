"""The import itself: rows to records, a chunk and a transaction at a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from loomwork.errors import N_, ActorMovedError, ForbiddenError, InvalidError
from loomwork.model.actor import Actor
from loomwork.model.entity import Field
from loomwork.records.importing.chunk import Chunk, ChunkWriter, Reject, Row
from loomwork.records.importing.earlier import Earlier
from loomwork.records.importing.source import Source, read_rows
from loomwork.records.service import Records
from loomwork.records.writing import MANAGED, Writer

CHUNK = 400
"""Rows of one transaction: well under the quarter of a second for which others may wait."""
TRIES = 4


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

    ``actor`` is asked for before each transaction, so that rights which change meanwhile count.
    ``match`` names the field by which present records are updated; ``defaults`` are values of new
    records for fields that no column fills; ``accepted`` names the warnings that reject no row; a
    ``rehearsal`` writes nothing.
    """

    records: Records
    actor: Callable[[], Actor]
    entity: str
    source: Source
    columns: Mapping[int, Field]
    match: str = ""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    accepted: frozenset[str] = frozenset()
    rehearsal: bool = False

    def run(self, outcome: Outcome, progress: Callable[[int], object]) -> None:
        """Import every row; ``outcome`` and ``progress`` (rows done) are kept up to date.

        Rows that do not fit are rejected one by one. Whatever else goes wrong, in ``progress`` too,
        ends the import with everything kept that was done before.
        """
        if self.entity in MANAGED:
            raise ForbiddenError(N_("Users are added and disabled with their accounts."))
        self._check_match()
        earlier = Earlier()
        rows = read_rows(self.source)
        while chunk := list(islice(rows, CHUNK)):
            done = self._write(chunk, earlier)
            earlier.keep()
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
        if any(one.name == self.match and one.type.sealed for one in self.columns.values()):
            raise InvalidError(
                N_("The field “{name}” is encrypted: no record is found by it."), name=self.match
            )

    def _write(self, rows: Sequence[Row], earlier: Earlier) -> Chunk:
        chunk = Chunk(
            rows=rows,
            columns=self.columns,
            width=len(self.source.columns),
            match=self.match,
            defaults=self.defaults,
            rehearsal=self.rehearsal,
        )

        def work(writer: Callable[[str], Writer]) -> None:
            # A repeated transaction begins with what was known before the first try.
            chunk.begin()
            earlier.begin()
            ChunkWriter(chunk, writer(self.entity), earlier).write()
            if self.rehearsal:
                raise _Rehearsed

        for attempt in range(TRIES):
            try:
                self.records.write(self.actor(), work, accepted=self.accepted)
            except _Rehearsed:
                break
            except ActorMovedError:
                if attempt == TRIES - 1:
                    raise
            else:
                break
        return chunk


class _Rehearsed(Exception):  # noqa: N818 -- a signal, not an error
    """Undoes the transaction of a rehearsal."""
