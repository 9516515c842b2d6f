"""Links that come back into use and whose records have gone meanwhile: what a plan says of them."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.engine import Connection

from loomwork.errors import N_
from loomwork.publishing.plan import Note, Side
from loomwork.store.schema.changes import Step, has_column

LINKS_LOST = N_(
    "“{field}” comes back; {count} of its links are emptied, since their records have gone."
)


def lost_links(connection: Connection, new: Side, additions: Sequence[Step]) -> Iterator[Note]:
    """Yield what is said of each foreign key that is made for values which are there already."""
    for step in additions:
        key = step.part
        if step.fresh or not isinstance(key, ForeignKeyConstraint):
            continue
        column, target = next(iter(key.columns)), key.elements[0].column.table
        inspected = (step.table, column.name), (target.name, "id")
        if not all(has_column(connection, *place) for place in inspected):
            continue
        found = target.alias("target")
        gone = ~sa.exists().where(found.c.id == column)
        statement = sa.select(sa.func.count()).select_from(column.table)
        count = connection.execute(statement.where(column.is_not(None), gone)).scalar_one()
        if count:
            yield _note(new, step.table, str(column.key), count)


def _note(new: Side, table: str, key: str, count: int) -> Note:
    for name, kept in new.tables.items():
        fields = new.model.entities[name].fields
        for many in kept.sets.values():
            if many.table.name == table:
                return _told(name, many.name, str(fields[many.name].label), count)
        if kept.table.name == table and key in fields:
            return _told(name, key, str(fields[key].label), count)
    return _told(table, key, key, count)


def _told(entity: str, field: str, label: str, count: int) -> Note:
    context = {"field": label, "count": count}
    return Note(code="links_lost", entity=entity, name=field, text=LINKS_LOST, context=context)
