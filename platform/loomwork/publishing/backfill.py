"""Filling new columns beside running readers and writers: in chunks, and the rest at the switch."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from loomwork.errors import N_, ConflictError
from loomwork.model.storage import Storage
from loomwork.model.types.decimal import DIGITS
from loomwork.publishing.conversion import NUMBERS, Conversion
from loomwork.store.engine import Database
from loomwork.store.schema.alterations import patiently
from loomwork.store.schema.columns import SORT
from loomwork.store.schema.tables import EntityTable
from loomwork.store.text.sort_key import sort_key
from loomwork.store.types import SQLITE

FIRST, MOST = 500, 20_000
"""Rows of the first chunk and of the largest."""
SLOW, QUICK = 0.12, 0.04
"""Seconds: a chunk that took longer is halved, one that took less is doubled."""
CLOCKS: Final = timedelta(minutes=10)
"""By how much the clocks of two workers may differ."""
Guard = Callable[[Connection], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill(ABC):
    """Values of one column, made from others of the same row."""

    id: str
    table: EntityTable

    @abstractmethod
    def require_fitting(self, connection: Connection) -> None:
        """Raise ConflictError where values exist that the column cannot take."""

    @abstractmethod
    def chunk(self, connection: Connection, rows: sa.ColumnElement[bool]) -> None:
        """Fill the column in the ``rows`` of one chunk."""

    @abstractmethod
    def catch_up(self, connection: Connection, since: datetime) -> None:
        """Fill what was written after its chunk, which began ``since``; writers are kept out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy(Fill):
    """A field's values in another column, converted by the engine itself."""

    conversion: Conversion
    engine: str

    def require_fitting(self, connection: Connection) -> None:
        """Raise ConflictError where values exist that the column cannot take."""
        conversion = self.conversion
        if conversion.after.kind not in NUMBERS or conversion.lossy:
            return
        statement = (
            sa.select(sa.func.count())
            .select_from(self.table.table)
            .where(sa.not_(self._in_range()))
        )
        if count := connection.execute(statement).scalar_one():
            raise ConflictError(
                N_(
                    "“{field}” of “{entity}” cannot be widened: {count} records have too large"
                    " values."
                ),
                field=conversion.field,
                entity=conversion.entity,
                count=count,
            )

    def chunk(self, connection: Connection, rows: sa.ColumnElement[bool]) -> None:
        """Fill the column in the ``rows`` of one chunk."""
        self._copy(connection, rows)

    def catch_up(self, connection: Connection, since: datetime) -> None:
        """Fill every row whose value differs from what it has to be."""
        del since
        self.require_fitting(connection)
        self._copy(connection, sa.true())

    def lost(self) -> sa.ColumnElement[bool]:
        """Return the condition on rows whose value does not fit the column."""
        return sa.and_(self._source.is_not(None), self._converted().is_(None))

    def _copy(self, connection: Connection, rows: sa.ColumnElement[bool]) -> None:
        target = self.table.columns[self.conversion.field]
        value = self._converted()
        differs = sa.and_(target.is_distinct_from(value), self._newer(target.name))
        try:
            connection.execute(
                sa.update(self.table.table).where(rows, differs).values({target: value})
            )
        except IntegrityError as error:
            raise ConflictError(
                N_("“{index}” cannot be made: some records have equal values there."),
                index=f"{self.conversion.entity}.{self.conversion.field}",
            ) from error

    @property
    def _source(self) -> sa.ColumnClause[Any]:
        kind = sa.Numeric() if self.conversion.before.kind in NUMBERS else None
        return sa.column(str(self.conversion.source), kind)

    def _converted(self) -> sa.ColumnElement[Any]:
        return _convert(
            self._source, self.conversion.before, self.conversion.after, engine=self.engine
        )

    def _newer(self, target: str) -> sa.ColumnElement[bool]:
        """Return where the source says something else than the target already did.

        A column that comes back may have values that did not fit the one that served meanwhile:
        what is missing there, since it could not be carried over, is no reason to lose them.
        """
        before, after = self.conversion.before, self.conversion.after
        if before.kind not in NUMBERS or after.places <= before.places:
            return sa.true()
        earlier = _convert(sa.column(target, sa.Numeric()), after, before, engine=self.engine)
        return earlier.is_distinct_from(self._source)

    def _in_range(self) -> sa.ColumnElement[bool]:
        before, after = self.conversion.before, self.conversion.after
        scaled = before.places if self.engine == SQLITE else 0
        bound = _whole(10 ** (DIGITS - after.places + scaled))
        source = self._source
        return sa.or_(source.is_(None), sa.and_(source < bound, source > -bound))


def _convert(
    value: sa.ColumnClause[Any], before: Storage, after: Storage, *, engine: str
) -> sa.ColumnElement[Any]:
    """Return the value of a column as another one keeps it, NULL where that would lose digits."""
    if before.kind not in NUMBERS:
        return value
    steps = after.places - before.places
    if steps < 0:
        return sa.case(
            (_exact(value, -steps, after, engine), _narrow(value, -steps, after, engine))
        )
    if engine != SQLITE:
        return value
    return value * _whole(10**steps) if steps else value


def _exact(
    value: sa.ColumnClause[Any], places: int, after: Storage, engine: str
) -> sa.ColumnElement[bool]:
    """Return whether nothing is lost when the last ``places`` of the fraction go."""
    if engine == SQLITE:
        # Decimals are integers scaled by their places there.
        return value % _whole(10**places) == _whole(0)
    return sa.func.round(value, _whole(after.places)) == value


def _narrow(
    value: sa.ColumnClause[Any], places: int, after: Storage, engine: str
) -> sa.ColumnElement[Any]:
    if engine == SQLITE:
        return value.op("/")(_whole(10**places))
    return sa.cast(value, sa.Numeric(DIGITS, after.places))


def _whole(number: int) -> sa.ColumnElement[Any]:
    return sa.literal_column(str(number))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadow(Fill):
    """The keys that the texts of a field sort by; they are made here, not by the engine."""

    field: str

    def require_fitting(self, connection: Connection) -> None:
        """Every text has a key."""

    def chunk(self, connection: Connection, rows: sa.ColumnElement[bool]) -> None:
        """Fill the column in the ``rows`` of one chunk."""
        id_, text = self.table.columns["id"], self.table.columns[self.field]
        shadow = self.table.sort_keys[self.field]
        found = connection.execute(sa.select(id_, text, shadow).where(rows)).all()
        sort_text = self.table.entity.fields[self.field].type.sort_text
        wanted = [
            (key, None if value is None else sort_key(sort_text(value)), old)
            for key, value, old in found
        ]
        moved = [{"_id": key, "_key": new} for key, new, old in wanted if new != old]
        if moved:
            connection.execute(
                sa.update(self.table.table)
                .where(id_ == sa.bindparam("_id", type_=id_.type))
                .values({shadow: sa.bindparam("_key", type_=shadow.type)}),
                moved,
            )

    def catch_up(self, connection: Connection, since: datetime) -> None:
        """Fill what has been written since, told by its time of change, and what is empty."""
        text, shadow = self.table.columns[self.field], self.table.sort_keys[self.field]
        changed = self.table.columns["updated_at"] >= since - CLOCKS
        missing = sa.and_(text.is_not(None), shadow.is_(None))
        self.chunk(connection, sa.or_(changed, missing))


def fills(
    tables: Mapping[str, EntityTable], conversions: tuple[Conversion, ...], engine: str
) -> list[Fill]:
    """Return the work for each conversion; copies first, since shadows are made from them."""
    made: list[Fill] = []
    for one in sorted(conversions, key=lambda each: each.field.endswith(SORT)):
        table = tables[one.entity]
        if one.field.endswith(SORT):
            made.append(Shadow(id=one.id, table=table, field=one.field.removesuffix(SORT)))
        else:
            made.append(Copy(id=one.id, table=table, conversion=one, engine=engine))
    return made


def fill_in_chunks(
    database: Database, fill: Fill, guard: Guard, reached: Callable[[str], None]
) -> None:
    """Fill the column row by row of the table's id, in transactions of a fraction of a second."""
    id_ = fill.table.columns["id"]
    size, last = FIRST, None
    while True:
        began = time.monotonic()
        after = sa.true() if last is None else id_ > last
        last = _one_chunk(database, fill, guard, after, size)
        reached(f"chunk:{fill.id}")
        if last is None:
            return
        took = time.monotonic() - began
        size = max(1, size // 2) if took > SLOW else size
        size = min(MOST, size * 2) if took < QUICK else size


def _one_chunk(
    database: Database, fill: Fill, guard: Guard, after: sa.ColumnElement[bool], size: int
) -> Any:
    """Return the last id of the chunk, None when there was no full one any more."""
    id_ = fill.table.columns["id"]
    bound = sa.select(id_).where(after).order_by(id_).limit(1).offset(size - 1)

    def work() -> Any:
        with database.transaction() as connection:
            guard(connection)
            last = connection.execute(bound).scalar()
            fill.chunk(connection, after if last is None else sa.and_(after, id_ <= last))
        return last

    return patiently(work)
