"""How many records a step of a publish touches, and about how long it takes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.sql.elements import quoted_name

from loomwork.publishing.breaks.data import LiveData
from loomwork.publishing.plan import PlannedStep
from loomwork.store.types import MARIADB, POSTGRESQL, SQLITE

EXACT: Final = 100_000
"""Rows up to which tables are counted; beyond it the engine's own estimate is taken."""


class Work(StrEnum):
    """What a step does with the rows of its table."""

    NOTHING = "nothing"
    COUNT = "count"
    INDEX = "index"
    COPY = "copy"
    COMPUTE = "compute"
    REWRITE = "rewrite"
    DROP = "drop"


KINDS: Mapping[str, Work] = {
    "add_index": Work.INDEX,
    "add_foreign_key": Work.INDEX,
    "convert": Work.COPY,
    "sort_key": Work.COMPUTE,
    "retire_field": Work.COUNT,
    "retire_entity": Work.COUNT,
    "replace_values": Work.COUNT,
    "drop_column": Work.REWRITE,
    "drop_table": Work.DROP,
}
"""What kinds of steps do; all others, such as a new column, do not look at the rows at all."""

FIXED: Mapping[str, float] = {SQLITE: 0.01, POSTGRESQL: 0.03, MARIADB: 0.05}
"""Seconds that any step takes."""
FREE: Mapping[str, float] = {SQLITE: 0.0, POSTGRESQL: 0.0, MARIADB: 0.0}
PER_MILLION: Mapping[Work, Mapping[str, float]] = {
    Work.NOTHING: FREE,
    Work.COUNT: FREE,
    Work.INDEX: {SQLITE: 1.5, POSTGRESQL: 3.0, MARIADB: 2.5},
    Work.COPY: {SQLITE: 4.0, POSTGRESQL: 35.0, MARIADB: 45.0},
    Work.COMPUTE: {SQLITE: 20.0, POSTGRESQL: 40.0, MARIADB: 60.0},
    Work.REWRITE: {SQLITE: 2.5, POSTGRESQL: 0.0, MARIADB: 0.0},
    Work.DROP: {SQLITE: 2.5, POSTGRESQL: 0.4, MARIADB: 0.2},
}
"""Seconds for a million rows; measured, see docs/reference/plan.md."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many rows a table has; ``exact`` where they were counted."""

    rows: int
    exact: bool


def seconds(engine: str, kind: str, rows: int) -> float:
    """Return about how long a step takes, within a factor of three on a machine like ours."""
    per_million = PER_MILLION[KINDS.get(kind, Work.NOTHING)][engine]
    return round(FIXED[engine] + rows * per_million / 1_000_000, 3)


def table_size(connection: Connection, engine: str, table: str) -> Size:
    """Return how many rows a table has: counted up to `EXACT`, estimated beyond."""
    named = sa.table(quoted_name(table, quote=True))
    some = sa.select(sa.literal_column("1")).select_from(named).limit(EXACT + 1).subquery()
    counted = int(connection.execute(sa.select(sa.func.count()).select_from(some)).scalar_one())
    if counted <= EXACT:
        return Size(counted, exact=True)
    guess = connection.execute(_statistics(engine, named), {"name": table}).scalar()
    # Statistics may be old, or may never have been taken.
    return Size(max(int(guess or 0), counted), exact=False)


def _statistics(engine: str, table: sa.TableClause) -> sa.Executable:
    """Return the statement for what an engine knows of a table without reading it."""
    if engine == SQLITE:
        return sa.select(sa.literal_column("max(rowid)")).select_from(table)
    return sa.text(STATISTICS[engine])


STATISTICS: Mapping[str, str] = {
    POSTGRESQL: "SELECT reltuples FROM pg_class WHERE oid = to_regclass(quote_ident(:name))",
    MARIADB: "SELECT table_rows FROM information_schema.tables"
    " WHERE table_schema = database() AND table_name = :name",
}


class Estimates:
    """Sizes of tables, each found out once, and what follows from them for steps."""

    def __init__(self, data: LiveData) -> None:
        self._data = data
        self._present = set(sa.inspect(data.connection).get_table_names())
        self._sizes: dict[str, Size] = {}

    def of(self, steps: Iterable[PlannedStep]) -> tuple[PlannedStep, ...]:
        """Return the steps with their rows and seconds, where nobody has said them yet."""
        return tuple(self._filled(step) for step in steps)

    def _filled(self, step: PlannedStep) -> PlannedStep:
        rows = self._rows(step) if step.rows is None else step.rows
        takes = step.seconds
        if takes is None:
            takes = seconds(self._data.engine, step.kind, rows)
        return replace(step, rows=rows, seconds=takes)

    def _rows(self, step: PlannedStep) -> int:
        """Return how many rows a step looks at, or keeps although their field goes."""
        if KINDS.get(step.kind, Work.NOTHING) is Work.NOTHING:
            return 0
        if step.kind == "retire_field":
            return self._values(step)
        return self.size(step.table or step.entity).rows

    def _values(self, step: PlannedStep) -> int:
        """Return how many live records have a value in a field that goes."""
        before = self._data.before
        kept = None if before is None else before.tables.get(step.entity)
        if kept is None or kept.table.name not in self._present:
            return 0
        many = kept.sets.get(step.name)
        if many is not None:
            return self._counted(sa.select(many.table.c["record"]).distinct())
        column = kept.columns.get(step.name)
        if column is None:
            return 0
        live = kept.table.c["live"] == sa.literal_column("1")
        return self._counted(sa.select(column).where(column.is_not(None), live))

    def _counted(self, found: sa.Select[Any]) -> int:
        counting = sa.select(sa.func.count()).select_from(found.subquery())
        return int(self._data.connection.execute(counting).scalar_one())

    def size(self, table: str) -> Size:
        """Return how many rows a table has; one that is not there yet has none."""
        if table not in self._present:
            return Size(0, exact=True)
        if table not in self._sizes:
            self._sizes[table] = table_size(self._data.connection, self._data.engine, table)
        return self._sizes[table]
