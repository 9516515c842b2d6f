"""Reading: one record by id, or a page of them by filter, search, sort and cursor."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from loomwork.access.policy import Rights
from loomwork.errors import N_, InvalidError, Problem
from loomwork.expressions.context import Context
from loomwork.expressions.lift import lift, parameters
from loomwork.expressions.tree import TRUE, Aggregate, Field, Node, Under, walk
from loomwork.model.actor import Actor
from loomwork.model.entity import Entity
from loomwork.records.context import context_of
from loomwork.records.cursor import read_cursor, write_cursor
from loomwork.records.runtime import Runtime
from loomwork.store.folding import fold, pattern
from loomwork.store.query import PRESET, Plan, Record
from loomwork.store.shape import Order, Shape

LARGEST_PAGE = 500
LONGEST_SEARCH = 500
MOST_WORDS = 8
MOST_KEYS = 5
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """What a caller asks of a list.

    ``sort`` holds field names, with ``-`` before those that begin with the largest; ``fields`` None
    means all; ``search`` is looked for, folded, in the searchable fields; ``count`` asks for the
    number of all matching records. ``where`` is a condition of the metadata, which holds beside
    the caller's ``filter``: it sees every record, while that one sees what the caller may read.
    """

    filter: str = ""
    sort: tuple[str, ...] = ()
    fields: tuple[str, ...] | None = None
    limit: int = 50
    cursor: str | None = None
    count: bool = False
    search: str = ""
    where: Node | None = None


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


def single_plan(runtime: Runtime, entity: Entity, rights: Rights) -> Plan:
    """Return the statement that reads one live record with all its fields."""
    return runtime.made.get(
        ("read", entity.name, rights.signature),
        lambda: runtime.plan(single_shape(runtime, entity, rights, deleted=False)),
    )


def single_shape(runtime: Runtime, entity: Entity, rights: Rights, *, deleted: bool) -> Shape:
    """Return the shape that reads one record with all its fields."""
    fields = tuple(entity.fields)
    return Shape(
        entity=entity.name,
        fields=fields,
        rows=rights.rule(entity.name, "read").node,
        titles=_titles(runtime, entity, fields, rights),
        single=True,
        deleted=deleted,
    )


def single_values(context: Context, id_: UUID) -> dict[str, Any]:
    """Return the values that `single_shape` varies in."""
    return {"id": id_, **parameters((), context)}


def prepare(
    runtime: Runtime, entity: Entity, actor: Actor, rights: Rights, query: ListQuery, key: bytes
) -> Prepared:
    """Return ``query`` made ready; InvalidError names every parameter that does not fit."""
    if not 1 <= query.limit <= LARGEST_PAGE:
        text = N_("The limit is a whole number from 1 to {limit}.")
        raise _refused("/limit", "bad_limit", text, limit=LARGEST_PAGE)
    where, literals = runtime.filter(entity, query.filter) if query.filter else (TRUE, ())
    preset, fixed = (TRUE, ()) if query.where is None else lift(query.where)
    words = _words(query.search) if query.search else []
    chosen = (query.sort, query.fields, query.limit, len(words))
    outlined = ("list", entity.name, rights.signature, where, preset, *chosen)
    outline = runtime.made.get(
        outlined,
        lambda: _outline(runtime, entity, rights, query, (where, preset), len(words)),
    )
    shape, plan = outline.shape, outline.plan
    seen = context_of(runtime, actor)
    values = {**parameters(fixed, seen, PRESET), **parameters(literals, seen)}
    values |= {f"word{number}": pattern(word) for number, word in enumerate(words)}
    asked = query.filter if query.where is None else (query.filter, repr(query.where))
    context = (outline.mark, str(actor.user), asked, words)
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
    words: int,
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
        order=order,
        words=words,
        # One more than the page shows, to know whether another one follows.
        limit=query.limit + 1,
    )
    mark = repr((runtime.model.hash, sorted(rights.signature), entity.name, query.sort))
    return Outline(shape=shape, plan=runtime.plan(shape), keys=keys, mark=mark)


def _words(search: str) -> list[str]:
    """Return the folded words to look for, without signs that no stored text has."""
    if len(search) > LONGEST_SEARCH:
        raise _refused(
            "/search",
            "too_long",
            N_("At most {limit} characters are possible; these are {length}."),
            limit=LONGEST_SEARCH,
            length=len(search),
        )
    return fold(UNSTORABLE.sub(" ", search)).split()[:MOST_WORDS]


def page(
    prepared: Prepared, records: list[Record], limit: int, key: bytes, count: int | None
) -> Page:
    """Return the page of the records read, of which there is one more if there is a next page."""
    cursor = None
    if len(records) > limit:
        records.pop()
        last = records[-1]
        keys = [_sort_value(last[order.field]) for order in prepared.shape.order]
        cursor = write_cursor(keys, prepared.context, key)
    for name in prepared.hidden:
        for record in records:
            del record[name]
    return Page(items=records, next=cursor, count=count)


def _sort_value(value: object) -> object:
    return value.get("title") if isinstance(value, Mapping) else value


def _order(entity: Entity, sort: tuple[str, ...]) -> tuple[Order, ...]:
    """Return the sort keys, ended by the id, so that no two records are equal."""
    if len(sort) > MOST_KEYS:
        text = N_("At most {limit} sort keys are possible.")
        raise _refused("/sort", "too_many_keys", text, limit=MOST_KEYS)
    keys: list[Order] = []
    for name in sort:
        field = name.removeprefix("-")
        if field not in entity.fields:
            raise _refused("/sort", "unknown_field", N_("There is no field “{name}”."), name=field)
        if not entity.fields[field].type.sortable:
            text = N_("The field “{name}” cannot be sorted by.")
            raise _refused("/sort", "not_sortable", text, name=field)
        if field in (key.field for key in keys):
            text = N_("“{value}” stands here twice.")
            raise _refused("/sort", "key_twice", text, value=field)
        keys.append(Order(field, name.startswith("-")))
    if "id" not in (key.field for key in keys):
        keys.append(Order("id", keys[-1].descending if keys else True))
    return tuple(keys)


def _fields(entity: Entity, wanted: tuple[str, ...] | None) -> tuple[str, ...]:
    if wanted is None:
        return tuple(entity.fields)
    for name in wanted:
        if name not in entity.fields:
            text = N_("There is no field “{name}”.")
            raise _refused("/fields", "unknown_field", text, name=name)
    return tuple(dict.fromkeys(("id", *wanted)))


def _titles(
    runtime: Runtime, entity: Entity, fields: tuple[str, ...], rights: Rights
) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (name, rights.rule(link.to, "read").node)
        for name, link in entity.links.items()
        if name in fields and link.to in runtime.tables
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
