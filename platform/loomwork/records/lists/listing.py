"""Reading: one record by id, or a page of them by filter, search, sort and cursor."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from loomwork.access.policy import Rights
from loomwork.errors import N_, InvalidError, Problem
from loomwork.expressions.context import Context
from loomwork.expressions.lift import lift, parameters
from loomwork.expressions.tree import FALSE, TRUE, Aggregate, Field, Node, Under, walk
from loomwork.model.actor import Actor
from loomwork.model.derived import result_of
from loomwork.model.entity import Entity
from loomwork.model.entity import Field as EntityField
from loomwork.model.field_type import Gathered
from loomwork.records.context import context_of
from loomwork.records.lists.cursor import read_cursor, write_cursor
from loomwork.records.lists.looking_back import require_single_values, require_versions
from loomwork.records.lists.searching import readable_classes, search_terms
from loomwork.records.runtime import Runtime
from loomwork.store.reading.as_of import MOMENT
from loomwork.store.reading.query import PRESET, Plan, Record
from loomwork.store.reading.shape import Order, Shape
from loomwork.store.schema.columns import SORT
from loomwork.store.search.index import INDEXES, shape_of
from loomwork.store.text.terms import Term

LARGEST_PAGE = 500
MOST_KEYS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """What a caller asks of a list.

    ``sort`` holds field names, with ``-`` before those that begin with the largest; ``fields`` None
    means all; ``search`` is looked for in the searchable fields; ``count`` asks for the
    number of all matching records. ``where`` is a condition of the metadata, which holds beside
    the caller's ``filter``: it sees every record, while that one sees what the caller may read.
    ``as_of`` asks for the records as they were at that moment.
    """

    filter: str = ""
    sort: tuple[str, ...] = ()
    fields: tuple[str, ...] | None = None
    limit: int = 50
    cursor: str | None = None
    count: bool = False
    search: str = ""
    where: Node | None = None
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page: the records, the cursor of the next page or None, the count if asked for."""

    items: list[Record]
    next: str | None
    count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What queries that differ only in their values share, made once per revision and rights.

    ``keys`` are the fields read only to sort by; ``mark`` stands for the model, the rights and the
    order in what cursors are bound to.
    """

    shape: Shape
    plan: Plan
    keys: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A list query made ready: its statement and values, and how its cursors are bound."""

    shape: Shape
    plan: Plan
    values: dict[str, Any]
    context: tuple[object, ...]
    hidden: tuple[str, ...]


def single_plan(runtime: Runtime, entity: Entity, rights: Rights, *, as_of: bool = False) -> Plan:
    """Return the statement that reads one live record with all its fields."""

    def make() -> Plan:
        shape = single_shape(runtime, entity, rights, deleted=False)
        return runtime.plan(replace(shape, as_of=as_of))

    return runtime.made.get(("read", entity.name, rights.signature, as_of), make)


def single_shape(runtime: Runtime, entity: Entity, rights: Rights, *, deleted: bool) -> Shape:
    """Return the shape that reads one record with all its fields."""
    return Shape(
        entity=entity.name,
        fields=entity.keys,
        rows=rights.rule(entity.name, "read").node,
        titles=_titles(runtime, entity, entity.keys, rights),
        gathered=_gathered(entity, entity.keys),
        single=True,
        deleted=deleted,
    )


def single_values(context: Context, id_: UUID, as_of: datetime | None = None) -> dict[str, Any]:
    """Return the values that `single_shape` varies in."""
    return {"id": id_, MOMENT: as_of, **parameters((), context)}


def prepare(
    runtime: Runtime, entity: Entity, actor: Actor, rights: Rights, query: ListQuery, key: bytes
) -> Prepared:
    """Return ``query`` made ready; InvalidError names every parameter that does not fit."""
    if not 1 <= query.limit <= LARGEST_PAGE:
        text = N_("The limit is a whole number from 1 to {limit}.")
        raise _refused("/limit", "bad_limit", text, limit=LARGEST_PAGE)
    if query.as_of is not None:
        require_versions(entity, query.search)
    where, literals = runtime.filter(entity, query.filter) if query.filter else (TRUE, ())
    preset, fixed = (TRUE, ()) if query.where is None else lift(query.where)
    if query.as_of is not None:
        require_single_values(entity, where)
    sought = search_terms(query.search, "/search") if query.search else ()
    if query.search.strip() and not sought:
        # Nothing is found by signs alone, while no text at all looks for nothing.
        where, literals = FALSE, ()
    chosen = (query.sort, query.fields, query.limit, shape_of(sought), query.as_of is not None)
    outlined = ("list", entity.name, rights.signature, where, preset, *chosen)
    outline = runtime.made.get(
        outlined,
        lambda: _outline(runtime, entity, rights, query, (where, preset), sought),
    )
    shape, plan = outline.shape, outline.plan
    seen = context_of(runtime, actor)
    values = {**parameters(fixed, seen, PRESET), **parameters(literals, seen)}
    if shape.search and shape.classes:
        place = (entity.name, shape.classes)
        values |= INDEXES[runtime.store.database.name].values(sought, (place,))
    values[MOMENT] = query.as_of
    asked = query.filter if query.where is None else (query.filter, repr(query.where))
    context = (outline.mark, str(actor.user), asked, sought, query.as_of)
    if query.cursor:
        after = read_cursor(query.cursor, context, key)
        shape = replace(shape, after=tuple(value is None for value in after))
        plan = runtime.plan(shape)
        values |= {f"after{number}": value for number, value in enumerate(after)}
    return Prepared(shape=shape, plan=plan, values=values, context=context, hidden=outline.keys)


def _outline(
    runtime: Runtime,
    entity: Entity,
    rights: Rights,
    query: ListQuery,
    conditions: tuple[Node, Node],
    sought: tuple[Term, ...],
) -> Outline:
    where, preset = conditions
    order = _order(entity, query.sort)
    shown = _fields(entity, query.fields)
    keys = tuple(one.field for one in order if one.field not in shown)
    fields = shown + keys
    shape = Shape(
        entity=entity.name,
        fields=fields,
        rows=rights.rule(entity.name, "read").node,
        where=where,
        preset=preset,
        readable=_readable(rights, where),
        titles=_titles(runtime, entity, fields, rights),
        gathered=_gathered(entity, fields),
        order=order,
        search=shape_of(sought),
        classes=readable_classes(rights, entity) if sought else (),
        as_of=query.as_of is not None,
        # One more than the page shows, to know whether another one follows.
        limit=query.limit + 1,
    )
    mark = repr((runtime.model.hash, sorted(rights.signature), entity.name, query.sort))
    return Outline(shape=shape, plan=runtime.plan(shape), keys=keys, mark=mark)


def page(
    prepared: Prepared, records: list[Record], limit: int, key: bytes, count: int | None
) -> Page:
    """Return the page of the records read, of which there is one more if there is a next page."""
    cursor = None
    if len(records) > limit:
        records.pop()
        last = records[-1]
        keys = [_sort_value(last, order.field) for order in prepared.shape.order]
        cursor = write_cursor(keys, prepared.context, key)
    for name in prepared.hidden:
        for record in records:
            del record[name]
    for order in prepared.shape.order:
        if order.collated:
            for record in records:
                record.pop(order.field + SORT, None)
    return Page(items=records, next=cursor, count=count)


def _sort_value(record: Record, key: str) -> object:
    if key + SORT in record:
        return record[key + SORT]
    value = record.get(key, record.get(key.partition(".")[0]))
    if isinstance(value, Gathered):
        return value.kept[key]
    return value.get("title") if isinstance(value, Mapping) else value


def _order(entity: Entity, sort: tuple[str, ...]) -> tuple[Order, ...]:
    """Return the sort keys, ended by the id, so that no two records are equal."""
    if len(sort) > MOST_KEYS:
        text = N_("At most {limit} sort keys are possible.")
        raise _refused("/sort", "too_many_keys", text, limit=MOST_KEYS)
    keys: list[Order] = []
    for name in sort:
        field = name.removeprefix("-")
        _require_sortable(entity, field)
        if field in (key.field for key in keys):
            text = N_("“{value}” stands here twice.")
            raise _refused("/sort", "key_twice", text, value=field)
        collated = _is_collated(entity.fields[field])
        keys.append(Order(field, name.startswith("-"), collated))
    if "id" not in (key.field for key in keys):
        keys.append(Order("id", keys[-1].descending if keys else True))
    return tuple(keys)


def _require_sortable(entity: Entity, name: str) -> None:
    whole = name.partition(".")[0]
    if whole not in entity.fields:
        raise _refused("/sort", "unknown_field", N_("There is no field “{name}”."), name=name)
    if not entity.fields[whole].type.sortable:
        text = N_("The field “{name}” cannot be sorted by.")
        raise _refused("/sort", "not_sortable", text, name=name)
    if whole != name:
        text = N_("“{name}” cannot be sorted by: name the field “{field}” itself.")
        raise _refused("/sort", "not_sortable", text, name=name, field=whole)


def _is_collated(field: EntityField) -> bool:
    """Tell whether the order is that of a text, its own or the title of the record linked."""
    return field.type.collated or bool(field.type.targets)


def _fields(entity: Entity, wanted: tuple[str, ...] | None) -> tuple[str, ...]:
    if wanted is None:
        return entity.keys
    for name in wanted:
        if name in entity.fields:
            continue
        whole = name.partition(".")[0]
        if whole in entity.fields and name in entity.fields[whole].keys:
            text = N_("“{name}” comes with its field only: name the field “{field}” itself.")
            raise _refused("/fields", "not_a_field", text, name=name, field=whole)
        text = N_("There is no field “{name}”.")
        raise _refused("/fields", "unknown_field", text, name=name)
    keys = (key for name in wanted for key in entity.fields[name].keys)
    return tuple(dict.fromkeys(("id", *keys)))


def _gathered(entity: Entity, keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return the fields with parts of which all are among ``keys``."""
    return tuple(
        name
        for name, field in entity.fields.items()
        if field.type.parts and set(field.keys) <= set(keys)
    )


def _titles(
    runtime: Runtime, entity: Entity, fields: tuple[str, ...], rights: Rights
) -> tuple[tuple[str, str, Node], ...]:
    return tuple(
        (name, to, rights.rule(to, "read").node)
        for name in entity.fields
        if name in fields
        for to in result_of(entity.fields[name].type).targets
        if to in runtime.tables
    )


def _readable(rights: Rights, where: Node) -> tuple[tuple[str, Node], ...]:
    """Return the caller's right to read each entity that his filter looks at beside its own."""
    seen: set[str] = set()
    for part in walk(where):
        if isinstance(part, Field | Aggregate):
            seen |= {step.entity for step in part.path}
        if isinstance(part, Aggregate | Under):
            seen.add(part.entity)
    return tuple((name, rights.rule(name, "read").node) for name in sorted(seen))


def _refused(pointer: str, code: str, text: str, **context: object) -> InvalidError:
    return InvalidError(problems=(Problem(code=code, text=text, pointer=pointer, context=context),))
