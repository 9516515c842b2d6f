"""The records of an entity as they were at a moment: read like its table, from it and its history.

The present version of a record stands in the entity's own table, with or without a history; what
it was before stands in the history alone. So nothing has to be copied when an entity begins to
keep one.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from sqlalchemy import ColumnElement, bindparam

from loomwork.model.storage import StorageKind
from loomwork.store.history import FROM, TO, read_set
from loomwork.store.schema.sets import set_element
from loomwork.store.types import POSTGRESQL, moment

if TYPE_CHECKING:
    from loomwork.model.storage import Storage
    from loomwork.store.schema.tables import EntityTable, SetTable

MOMENT = "as_of"
"""The parameter with the moment."""


def as_of(
    kept: "EntityTable", engine: str, only: ColumnElement[Any] | None = None
) -> "EntityTable":
    """Return what holds the versions of a moment, to be read like the entity's table.

    ``only`` is the id of the one record that is wanted: given inside, so that no engine looks at
    the versions of others. Many values come as JSON, see `loomwork.store.history`.
    """
    history = kept.history
    if history is None:
        raise TypeError(f"{kept.entity.name} keeps no history")
    when = bindparam(MOMENT, type_=moment())
    present = sa.select(
        *(column.label(key) for key, column in kept.columns.items()),
        *(_as_json(one, kept.columns["id"], engine).label(name) for name, one in kept.sets.items()),
        *(column.label(str(column.key)) for column in kept.sort_keys.values()),
    ).where(kept.columns["updated_at"] <= when)
    past = sa.select(
        *(history.column(key).label(key) for key in history.keys),
        *(history.table.c[key].label(key) for key in history.shadows),
    ).where(history.table.c[FROM] <= when, history.table.c[TO] > when)
    if only is not None:
        present = present.where(kept.columns["id"] == only)
        past = past.where(history.table.c.id == only)
    versions = sa.union_all(present, past).subquery("version")
    columns = {key: versions.c[key] for key in history.keys}
    sort_keys = {name: versions.c[str(column.key)] for name, column in kept.sort_keys.items()}
    return replace(
        kept,
        table=cast("sa.Table", versions),
        columns=cast("Mapping[str, sa.Column[object]]", columns),
        sort_keys=cast("Mapping[str, sa.Column[object]]", sort_keys),
        sets={},
        history=None,
    )


def was_live(kept: "EntityTable") -> ColumnElement[bool]:
    """Return the condition that a version was not in the recycle bin."""
    deleted = kept.columns.get("deleted_at")
    return sa.true() if deleted is None else deleted.is_(None)


def set_reader(storage: "Storage") -> Callable[[Any], Any]:
    """Return the function from what is read of many values to a tuple; None for no values.

    Of links it gives what a record shows of one that has no title.
    """
    if storage.kind is not StorageKind.UUID:
        return lambda kept: read_set(kept, storage)

    def linked(kept: str | None) -> tuple[dict[str, Any], ...] | None:
        ids = read_set(kept, storage)
        return None if ids is None else tuple({"id": id_} for id_ in ids)

    return linked


def _as_json(set_: "SetTable", id_: ColumnElement[Any], engine: str) -> ColumnElement[Any]:
    element = set_element(set_, id_, engine)
    return sa.cast(sa.func.array_to_json(element), sa.Text) if engine == POSTGRESQL else element
