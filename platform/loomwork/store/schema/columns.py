"""Which column keeps which field: a map that only grows, so that data is never lost to a change."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from loomwork.model.entity import Entity, Field
from loomwork.model.field_type import FieldType
from loomwork.model.storage import Storage, StorageKind
from loomwork.model.types.encrypted import SealedType
from loomwork.store.history import history_name
from loomwork.store.identifiers import short_name
from loomwork.store.system import COLUMN
from loomwork.store.text.sort_key import LONGEST as LONGEST_KEY
from loomwork.store.types import SHORT

SORT = "+sort"
"""Added to a field's name for its shadow column with the key that its text sorts by."""
TAKEN = frozenset(("live", "ab_user_id", "ctid", "cmax", "cmin", "tableoid", "xmax", "xmin"))
"""Columns that are ours beside the fields', and those that PostgreSQL gives every table."""
NEWEST = 2**31
PREPARED = 0
"""The revision of a column whose installation has not come to its switch."""
PLAIN = "-"
"""The ending of a part's column that has just the field's name; the main value then has another."""
SET = "set:"
"""Before what a table of many values keeps."""
SEALED = "/sealed:"
"""In the fingerprint of columns that hold tokens, before the type of what they stand for."""
SHORT_TEXT, LONG_TEXT = "text:short", "text:long"


@dataclass(frozen=True, slots=True)
class Need:
    """A column that the Model asks for: the field (or shadow) and how it is kept.

    ``to`` is the entity that a link's ids belong to. ``field`` is the key of the column: a field,
    ``field.part``, or a shadow. ``many`` values have a table of their own, whose name stands for
    the column's. ``of`` is the type of a field with parts or tokens, whose columns serve no other
    type. ``wanted`` is what the column is called if that is free, ``earlier`` the key that the
    column of a renamed field had before. ``again`` counts the fields that had this key, one after
    the other.
    """

    entity: str
    field: str
    storage: Storage
    to: str = ""
    many: bool = False
    of: str = ""
    wanted: str = dataclasses.field(default="", compare=False)
    earlier: str = dataclasses.field(default="", compare=False)
    again: int = dataclasses.field(default=1, compare=False)

    @property
    def fingerprint(self) -> str:
        """Return what has to be the same for a column to serve again."""
        plain = f"{SET}{self._of_one}" if self.many else self._of_one
        return f"{plain}#{self.again}" if self.again > 1 else plain

    @property
    def _of_one(self) -> str:
        return f"{self._plain}/{self.of}" if self.of else self._plain

    @property
    def _plain(self) -> str:
        if self.storage.kind is StorageKind.DECIMAL:
            return f"decimal:{self.storage.places}"
        if self.storage.kind is StorageKind.TEXT:
            short = self.storage.length is not None and self.storage.length <= SHORT
            return SHORT_TEXT if short else LONG_TEXT
        return f"{self.storage.kind}:{self.to}" if self.to else str(self.storage.kind)


ColumnMap = Mapping[Need, str]


def sort_storage() -> Storage:
    """Return how sort keys are kept: short enough to be indexed whole on every engine."""
    return Storage(kind=StorageKind.TEXT, length=LONGEST_KEY)


def needs(entity: Entity) -> Iterable[Need]:
    """Yield the columns that an entity's fields need, in order."""
    for member in entity.fields.values():
        yield from field_needs(entity.name, member)


def field_needs(entity: str, member: Field) -> Iterable[Need]:
    """Yield the columns of one field: its own, its parts', and the key that it sorts by."""
    was = member.renamed_from
    for need in _needs_of(entity, member):
        key = was + need.field.removeprefix(member.name)
        yield replace(need, earlier=key) if was else need


def _needs_of(entity: str, member: Field) -> Iterable[Need]:
    type_ = member.type
    to = getattr(type_, "to", "")
    to = to if isinstance(to, str) else ""
    if type_.many:
        wanted = f"{entity}__{member.name}"
        yield Need(entity, member.name, type_.storage, to, many=True, wanted=wanted)
        return
    whole = _whole(type_)
    if type_.stored:
        ending = f"{member.name}_{type_.ending}" if type_.ending else ""
        yield Need(entity, member.name, type_.storage, to, of=whole, wanted=ending)
    for part in type_.parts:
        ending = part.column or part.name
        wanted = f"{member.name}_{ending}" if ending != PLAIN else member.name
        yield Need(entity, f"{member.name}.{part.name}", part.storage, of=whole, wanted=wanted)
    if type_.collated and type_.stored:
        yield Need(entity, member.name + SORT, sort_storage())


def _whole(type_: FieldType) -> str:
    """Return the type of fields whose columns serve no other type; else nothing."""
    if isinstance(type_, SealedType):
        return f"{SEALED[1:]}{type_.of.name if type_.name == 'encrypted' else type_.name}"
    return type_.name if type_.parts else ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A column in the map. ``used`` tells whether a revision with it ever came into force.

    ``since`` is that revision; ``retired`` that none uses it now.
    """

    name: str
    used: bool
    since: int = PREPARED
    retired: bool = False


Stored: TypeAlias = Mapping[tuple[str, str, str], Kept]
"""The stored map: (entity, field, fingerprint) to column."""


def read_columns(connection: Connection) -> Stored:
    """Return the stored map."""
    rows = connection.execute(
        sa.select(
            COLUMN.c.entity,
            COLUMN.c.field,
            COLUMN.c.storage,
            COLUMN.c.column,
            COLUMN.c.revision,
            COLUMN.c.retired,
        )
    )
    return {
        (row[0], row[1], row[2]): Kept(row[3], row[4] > PREPARED, row[4], row[5] is not None)
        for row in rows
    }


def known_tables(stored: Stored) -> frozenset[str]:
    """Return the names of the tables that are ours, by the stored map."""
    sets = {kept.name for (_, _, storage), kept in stored.items() if storage.startswith(SET)}
    entities = {entity for entity, _, _ in stored}
    return frozenset(entities | sets | {history_name(entity) for entity in entities})


def note_columns(connection: Connection, fresh: Sequence[tuple[Need, str]]) -> None:
    """Write new columns into the map before they exist: a kill leaves them for the next run."""
    rows = [
        {
            "entity": need.entity,
            "field": need.field,
            "storage": need.fingerprint,
            "column": column,
            "revision": PREPARED,
        }
        for need, column in fresh
    ]
    if rows:
        connection.execute(sa.insert(COLUMN), rows)


def use_columns(connection: Connection, columns: ColumnMap, revision: int) -> None:
    """Note that a revision with these columns is in force from now on."""
    wanted = {(need.entity, need.field, need.fingerprint) for need in columns}
    waiting = connection.execute(
        sa.select(COLUMN.c.entity, COLUMN.c.field, COLUMN.c.storage).where(
            COLUMN.c.revision == PREPARED
        )
    ).all()
    for entity, key, storage in waiting:
        if (entity, key, storage) in wanted:
            connection.execute(
                sa.update(COLUMN)
                .where(
                    COLUMN.c.entity == entity,
                    COLUMN.c.field == key,
                    COLUMN.c.storage == storage,
                )
                .values(revision=revision)
            )


def assign_columns(
    entities: Iterable[Entity], stored: Stored
) -> tuple[dict[Need, str], list[tuple[Need, str]]]:
    """Return the columns of all needs, and which of them are new to the map."""
    taken: dict[str, set[str]] = {}
    for (entity, _, _), kept in stored.items():
        taken.setdefault(entity, set(TAKEN)).add(kept.name)
    columns: dict[Need, str] = {}
    fresh: list[tuple[Need, str]] = []
    for entity_ in entities:
        used = taken.setdefault(entity_.name, set(TAKEN))
        for need, column in _places(entity_, stored):
            name = column or _free_name(need.wanted or need.field, used)
            used.add(name)
            if column is None or _stored_column(need, stored) is None:
                fresh.append((need, name))
            columns[need] = name
    return columns, fresh


def in_force(columns: ColumnMap, stored: Stored) -> dict[Need, str]:
    """Return the columns without the sort keys that no revision has had yet.

    Sites of the first days have none: they sort by the texts until a publish has made the keys.
    """
    used = {(entity, kept.name) for (entity, _, _), kept in stored.items() if kept.used}
    return {
        need: column
        for need, column in columns.items()
        if not need.field.endswith(SORT) or (need.entity, column) in used
    }


def _places(entity: Entity, stored: Stored) -> Iterable[tuple[Need, str | None]]:
    """Yield the needs of an entity with the column of the map that each has, if any.

    Of two fields that had the same name one after the other, the one that was renamed keeps the
    column; the other one gets a column of its own.
    """
    owner = _owners(entity, stored)
    for need in needs(entity):
        column = _kept_column(need, stored)
        if column is not None and owner[column] != need.field:
            column = None
            need = replace(need, again=len(_incarnations(need, stored)) + 1)
        yield need, column


def _owners(entity: Entity, stored: Stored) -> dict[str, str]:
    """Return the field that has a column: the last to whom it came, by being renamed."""
    owner: dict[str, tuple[int, str]] = {}
    for need in needs(entity):
        column = _kept_column(need, stored)
        if column is not None:
            found = _incarnations(need, stored)
            # A field that is only about to be renamed has no entry of its own yet.
            place = (max(kept.since for kept in found) if found else NEWEST, need.field)
            owner[column] = max(owner.get(column, place), place)
    return {column: field for column, (_, field) in owner.items()}


def _kept_column(need: Need, stored: Stored) -> str | None:
    """Return the column of the field, or the one that it had under its earlier name."""
    own = _stored_column(need, stored)
    if own is None and need.earlier:
        return _stored_column(replace(need, field=need.earlier), stored)
    return own


def _stored_column(need: Need, stored: Stored) -> str | None:
    same = _present(need, stored)
    if need.to and same is None and not need.many:
        # Sites of the first days did not note what a link's ids belong to.
        same = stored.get((need.entity, need.field, str(need.storage.kind)))
    if need.fingerprint.startswith(SHORT_TEXT):
        # A column that once held long texts goes on serving when the limit is lowered.
        longer = _present(replace(need, storage=replace(need.storage, length=None)), stored)
        same = longer if longer is not None and longer.used else same
    return None if same is None else same.name


def _present(need: Need, stored: Stored) -> Kept | None:
    """Return the column of the latest field of that name, of those that are in use if any is."""
    found = _incarnations(need, stored)
    in_use = [kept for kept in found if kept.used and not kept.retired]
    return next(reversed(in_use or found), None)


def _incarnations(need: Need, stored: Stored) -> list[Kept]:
    found: list[Kept] = []
    while True:
        key = replace(need, again=len(found) + 1).fingerprint
        kept = stored.get((need.entity, need.field, key))
        if kept is None:
            return found
        found.append(kept)


def _free_name(wanted: str, used: set[str]) -> str:
    plain = short_name(wanted.replace(SORT, "__sort"))
    name, number = plain, 1
    while name in used:
        number += 1
        name = short_name(f"{plain}__{number}")
    return name
