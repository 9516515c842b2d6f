"""Where a column that is out of use has its places, for those who drop it."""

from loomwork.store.history import SET, history_name
from loomwork.store.identifiers import short_name
from loomwork.store.schema.changes import Drop
from loomwork.store.schema.retirement import Retired


def drops_of_column(one: Retired) -> tuple[Drop, ...]:
    """Return what has to be dropped with a column: its table's and its history's."""
    history = history_name(one.entity)
    if one.many:
        own = Drop(kind="table", table=one.column, name=one.column)
        return own, Drop(kind="column", table=history, name=short_name(SET + one.field))
    own = Drop(kind="column", table=one.entity, name=one.column)
    return own, Drop(kind="column", table=history, name=one.column)


def drops_of_entity(entity: str, columns: list[Retired]) -> tuple[Drop, ...]:
    """Return what is dropped with an entity: the tables of its sets, its history, its own."""
    tables = [one.column for one in columns if one.many]
    tables += [history_name(entity), entity]
    return tuple(Drop(kind="table", table=name, name=name) for name in dict.fromkeys(tables))
