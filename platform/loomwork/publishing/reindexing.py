"""The search index after a publish that changes what is searched."""

from collections.abc import Collection, Iterator, Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from loomwork.publishing.plan import CLEAN_UP, PlannedStep, Side
from loomwork.store.schema.tables import EntityTable
from loomwork.store.search.index import INDEXES, classes, searched_keys

KIND = "reindex"


def reindexed(old: Side, new: Side, present: Collection[str]) -> Iterator[PlannedStep]:
    """Yield the step for each entity whose words are looked for elsewhere from now on.

    It comes after the switch: until then the index belongs to the Model in force. ``present`` are
    the tables that the database has already.
    """
    for name, after in new.tables.items():
        before = old.tables.get(name)
        was = None if before is None else _searched(before)
        if name in present and was != _searched(after):
            yield PlannedStep(
                id=f"{KIND}:{name}", kind=KIND, phase=CLEAN_UP, entity=name, table=name, name=name
            )


def _searched(table: EntityTable) -> Mapping[str, tuple[str, bool]]:
    """Return the columns whose words are found, each with its type and whether it is the title."""
    if not classes(table.entity):
        return {}
    return {
        str(table.table.c[key].name): (
            table.entity.fields[key.partition(".")[0]].type.name,
            key == table.entity.title,
        )
        for key in searched_keys(table.entity)
        if key in table.table.c
    }


def forget_index(connection: Connection, engine: str, entity: str) -> None:
    """Take the records of an entity that is gone out of the index."""
    kept = INDEXES[engine].place()
    connection.execute(sa.delete(kept).where(kept.c.entity == entity))
