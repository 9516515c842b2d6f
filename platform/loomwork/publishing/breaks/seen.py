"""What is stored of each entity of a new Model: its names, over the columns that are there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.sql.elements import quoted_name
from sqlalchemy.sql.selectable import FromClause

from loomwork.model.entity import Entity
from loomwork.model.storage import Storage, StorageKind
from loomwork.publishing.plan import Side
from loomwork.publishing.renames import names_by_column, whole_field
from loomwork.store.schema.columns import SORT, Need, Stored, needs
from loomwork.store.schema.tables import SetTable
from loomwork.store.system import GENERATION
from loomwork.store.types import POSTGRESQL, SQLITE, StoredType, uuid

LIVE = "live"
WAS = "!was"
"""Added to a key for the value in force, where the new Model keeps it in another way."""
NUMBERS = frozenset((StorageKind.INTEGER, StorageKind.DECIMAL))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a value comes from: a column that is there, and how it keeps the value.

    ``carried`` tells that it is the field in force whose values go on, not what it once kept.
    """

    column: str
    storage: Storage
    carried: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The stored records of one entity of the new Model.

    ``table`` has the new Model's keys and ``live``; ``places`` says which keys have values from
    before, ``sets`` has the fields with many values. Nothing is ``there`` of a new entity.
    """

    entity: Entity
    table: FromClause
    places: Mapping[str, Place]
    sets: Mapping[str, SetTable]
    there: bool


class Sight:
    """How the new Model sees what is stored under the one in force."""

    def __init__(self, engine: str, before: Side | None, after: Side, stored: Stored) -> None:
        self.engine = engine
        self.before = before
        self.after = after
        self._used = {(entity, kept.name) for (entity, _, _), kept in stored.items() if kept.used}
        self._there = {
            entity for (entity, key, _), kept in stored.items() if kept.used and key == "id"
        }
        # A newer version of the platform may want columns that no publish has made yet.
        self._columns = {
            need: column
            for need, column in ({} if before is None else before.columns).items()
            if (need.entity, column) in self._used
        }
        self._kept = {(need.entity, need.field): need for need in self._columns}
        self._names = names_by_column(self._columns, after.columns)

    def earlier(self, need: Need) -> tuple[Need, str] | None:
        """Return the need and the column in force from which a new need gets its values."""
        name = whole_field(need.field)
        was = self.earlier_name(need.entity, name) + need.field.removeprefix(name)
        found = self._kept.get((need.entity, was))
        return None if found is None else (found, self._columns[found])

    def earlier_name(self, entity: str, field: str) -> str:
        """Return the name in force of a field of the new Model, be it its own."""
        before = None if self.before is None else self.before.model.entities.get(entity)
        if before is None or field in before.fields:
            return field
        now = self.after.model.entities[entity].fields
        renamed = now[field].renamed_from
        by_column = self._names.get((entity, field), "")
        # A rollback to the former name has no `renamed_from`, but the same column.
        if renamed not in before.fields and by_column in before.fields and by_column not in now:
            return by_column
        return renamed or field

    def seen(self, entity: Entity) -> Seen:
        """Return what is stored of an entity, as the new Model sees it."""
        if entity.name not in self._there:
            return Seen(
                entity=entity,
                table=self._nothing(entity),
                places={},
                sets=dict(self._sets(entity, there=False)),
                there=False,
            )
        places = dict(self._places(entity))
        return Seen(
            entity=entity,
            table=self._over(entity, places),
            places=places,
            sets=dict(self._sets(entity, there=True)),
            there=True,
        )

    def _places(self, entity: Entity) -> Iterator[tuple[str, Place]]:
        for need in needs(entity):
            place = None if need.many else self._place(need)
            if place is not None:
                yield need.field, place

    def _place(self, need: Need) -> Place | None:
        found = self.earlier(need)
        if found is not None:
            before, column = found
            if column == self.after.columns[need] or _converts(before, need):
                return Place(column=column, storage=before.storage)
        return self._revived(need)

    def _revived(self, need: Need) -> Place | None:
        """Return the column of a field that was retired and comes back with what it kept."""
        column = self.after.columns[need]
        used = (need.entity, column) in self._used
        return Place(column=column, storage=need.storage, carried=False) if used else None

    def _over(self, entity: Entity, places: Mapping[str, Place]) -> FromClause:
        in_force = dict(self._in_force(entity, places))
        names = {place.column for place in (*places.values(), *in_force.values())}
        columns: dict[str, sa.ColumnClause[Any]] = {
            name: sa.column(_quoted(name)) for name in names
        }
        live = sa.column(LIVE, sa.SmallInteger)
        table = sa.table(_quoted(entity.name), *columns.values(), live)
        selected: list[ColumnElement[Any]] = [live]
        for need in needs(entity):
            place = places.get(need.field)
            if place is not None:
                value = self._as_new(columns[place.column], place.storage, need.storage)
                selected.append(value.label(_quoted(need.field)))
            elif not need.many:
                selected.append(self._missing(need.storage).label(_quoted(need.field)))
        for key, place in in_force.items():
            kept = sa.type_coerce(columns[place.column], StoredType(place.storage))
            selected.append(kept.label(_quoted(key + WAS)))
        return sa.select(*selected).select_from(table).subquery(f"seen_{entity.name}")

    def _in_force(self, entity: Entity, places: Mapping[str, Place]) -> Iterator[tuple[str, Place]]:
        """Yield where the values in force are of fields that are kept in another way."""
        for need in needs(entity):
            found = self.earlier(need)
            if found is None or need.many or found[0].many:
                continue
            before, column = found
            place = places.get(need.field)
            if place is None or place.column != column or _differs(before.storage, need.storage):
                yield need.field, Place(column=column, storage=before.storage)

    def _nothing(self, entity: Entity) -> FromClause:
        selected = [
            self._missing(need.storage).label(_quoted(need.field))
            for need in needs(entity)
            if not need.many
        ]
        live = sa.literal_column("0", sa.SmallInteger).label(LIVE)
        none = sa.select(live, *selected).select_from(GENERATION).where(sa.false())
        return none.subquery(f"seen_{entity.name}")

    def _sets(self, entity: Entity, *, there: bool) -> Iterator[tuple[str, SetTable]]:
        """Yield the tables of many values; one that is not there yet is read as an empty one."""
        for name, one in self.after.tables[entity.name].sets.items():
            if there and (entity.name, one.table.name) in self._used:
                yield name, one
                continue
            key = StoredType(uuid().storage)
            empty = (
                sa.select(
                    self._missing(key.storage).label("record"),
                    sa.literal_column("0", sa.Integer).label("position"),
                    self._missing(one.storage).label("value"),
                )
                .select_from(GENERATION)
                .where(sa.false())
                .subquery(f"none_{name}")
            )
            yield name, SetTable(name=name, table=cast("sa.Table", empty), storage=one.storage)

    def _missing(self, storage: Storage) -> ColumnElement[Any]:
        """Return a missing value; PostgreSQL has to be told of which type."""
        type_ = StoredType(storage)
        if self.engine == POSTGRESQL:
            return sa.cast(sa.null(), type_)
        return sa.literal_column("NULL", type_)

    def _as_new(
        self, column: ColumnElement[Any], before: Storage, after: Storage
    ) -> ColumnElement[Any]:
        """Return the value as the new storage keeps it; what does not fit is missing there."""
        if not _differs(before, after):
            return sa.type_coerce(column, StoredType(after))
        fits, kept = _fitting(self.engine, column, before, after)
        return sa.type_coerce(sa.case((fits, kept), else_=None), StoredType(after))


def _fitting(
    engine: str, column: ColumnElement[Any], before: Storage, after: Storage
) -> tuple[ColumnElement[bool], ColumnElement[Any]]:
    """Return whether a number has no digits beyond its new places, and what it is kept as then."""
    if engine != SQLITE:
        number = sa.type_coerce(column, sa.Numeric())
        return sa.func.round(number, after.places) == number, number
    # Decimals are whole numbers there, scaled by their places.
    whole = sa.type_coerce(column, sa.BigInteger)
    steps = after.places - before.places
    factor: ColumnElement[int] = sa.literal_column(str(10 ** abs(steps)))
    if steps >= 0:
        return sa.true(), whole * factor
    return whole.op("%")(factor) == sa.literal_column("0"), whole.op("/")(factor)


def _quoted(name: str) -> quoted_name:
    """Return ``name`` so that it is always quoted: the engines' reserved words grow."""
    return quoted_name(name, quote=True)


def _differs(before: Storage, after: Storage) -> bool:
    """Tell whether a number has other places than it had."""
    kinds = {before.kind, after.kind}
    return kinds <= NUMBERS and (before.kind, before.places) != (after.kind, after.places)


def _converts(before: Need, after: Need) -> bool:
    """Tell whether values are carried over into another column."""
    if {before.storage.kind, after.storage.kind} <= NUMBERS:
        return True
    same = before.storage.kind is after.storage.kind and before.many is after.many
    return same and before.to == after.to and not after.field.endswith(SORT)
