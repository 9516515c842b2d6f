"""What a new Model would not accept of the data that is there, with numbers and some ids.

Every rule is one statement over all live records, and one more for the ids of the first of those
that break it. A rule that did not become stricter costs nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from loomwork.errors import N_, ExpressionError
from loomwork.model.derived import DerivedType
from loomwork.model.entity import Entity, Field
from loomwork.publishing.breaks.data import LiveData
from loomwork.publishing.breaks.rules import depends_on_user, rule_expressions
from loomwork.publishing.breaks.seen import WAS, Seen
from loomwork.publishing.breaks.types import not_accepted, type_rules
from loomwork.publishing.breaks.unique import repeated, unique_rules
from loomwork.publishing.breaks.values import BLOCKS, FIELD, LINK, Rule, value_rules
from loomwork.publishing.plan import SAMPLES, Break, Note

NOT_JUDGED = N_("Whether records fit “{rule}” depends on who saves them: they are not counted.")
NOT_COUNTED = N_("Records that do not fit “{rule}” cannot be counted beforehand: {reason}")
RETARGETED = N_(
    "“{field}” leads to {target} from now on: its links to {earlier} are not carried over."
)
LEFT = N_("“{field}” is kept in another way from now on: its values are not carried over.")


@dataclass(frozen=True, slots=True)
class Found:
    """What breaks, and what could not be looked for."""

    breaks: tuple[Break, ...]
    notes: tuple[Note, ...]


def find_breaks(data: LiveData) -> Found:
    """Return everything that is stored and that the new Model would not accept."""
    breaks: list[Break] = []
    notes: list[Note] = []
    for entity in data.after.model.entities.values():
        seen = data.tables[entity.name]
        if not seen.there:
            continue
        before = None if data.before is None else data.before.model.entities.get(entity.name)
        for found in _of_entity(data, seen, before):
            if isinstance(found, Break):
                breaks.append(found)
            else:
                notes.append(found)
    return Found(tuple(breaks), tuple(notes))


def find_blocking(data: LiveData) -> list[Break]:
    """Return only what keeps a publish from going on."""
    found: list[Break | Note | None] = []
    for entity in data.after.model.entities.values():
        seen = data.tables[entity.name]
        before = None if data.before is None else data.before.model.entities.get(entity.name)
        if not seen.there:
            continue
        was, known = earlier_names(data, entity), {} if before is None else before.fields
        for field in _given_fields(entity):
            earlier = known.get(was.get(field.name, ""))
            for rule in value_rules(seen, earlier, field):
                found += _judged(data, rule) if rule.code == BLOCKS else ()
            found += [repeated(data, rule) for rule in unique_rules(seen, earlier, field)]
    return [one for one in found if isinstance(one, Break)]


def _of_entity(data: LiveData, seen: Seen, before: Entity | None) -> Iterator[Break | Note]:
    was = earlier_names(data, seen.entity)
    known = {} if before is None else before.fields
    for field in _given_fields(seen.entity):
        earlier = known.get(was.get(field.name, ""))
        for rule in (*value_rules(seen, earlier, field), *_left_behind(seen, earlier, field)):
            yield from _judged(data, rule)
        for retyped in type_rules(seen, earlier, field):
            yield from not_accepted(data, retyped)
        for unique in unique_rules(seen, earlier, field):
            found = repeated(data, unique)
            if found is not None:
                yield found
    earlier_entity = None if before is None else _under_new_names(before, was)
    judged = data.model.entities[seen.entity.name]
    for rule in rule_expressions(data.model, earlier_entity, judged):
        yield from _judged(data, rule)


def _given_fields(entity: Entity) -> Iterator[Field]:
    """Yield the fields whose values somebody gives; what is worked out follows from them."""
    for field in entity.own_fields.values():
        if not isinstance(field.type, DerivedType):
            yield field


def earlier_names(data: LiveData, entity: Entity) -> dict[str, str]:
    """Return, by the new name of each field, the one under which it would be in force."""
    return {name: data.sight.earlier_name(entity.name, name) for name in entity.own_fields}


def _under_new_names(entity: Entity, was: dict[str, str]) -> Entity:
    """Return the entity in force with its fields under the names that they get."""
    renamed = {
        new: replace(entity.fields[old], name=new)
        for new, old in was.items()
        if old in entity.fields
    }
    return replace(entity, fields={**entity.fields, **renamed})


def _left_behind(seen: Seen, before: Field | None, after: Field) -> Iterator[Rule]:
    """Yield the rule of a field whose values cannot be carried over into its new column."""
    key = after.name + WAS
    place = seen.places.get(after.name)
    if before is None or key not in seen.table.c or (place is not None and place.carried):
        return
    context: dict[str, Any] = {"field": after.label}
    was, now = (getattr(one.type, "to", "") for one in (before, after))
    linked = bool(was and now and isinstance(now, str))
    yield Rule(
        entity=seen.entity.name,
        subject=LINK if linked else FIELD,
        name=after.name,
        text=RETARGETED if linked else LEFT,
        context={**context, "target": now, "earlier": was} if linked else context,
        broken=lambda rows: rows.column(key).is_not(None),
    )


def _judged(data: LiveData, rule: Rule) -> Iterator[Break | Note]:
    """Yield what was found of a rule, if anything."""
    if depends_on_user(rule):
        yield Note(
            code="not_judged",
            entity=rule.entity,
            name=rule.name,
            text=NOT_JUDGED,
            context={"rule": rule.name},
        )
        return
    rows = data.rows(rule.entity)
    try:
        broken = rule.broken(rows)
    except ExpressionError as error:
        context = {"rule": rule.name, "reason": error.problems[0]}
        yield Note(
            code="not_counted",
            entity=rule.entity,
            name=rule.name,
            text=NOT_COUNTED,
            context=context,
        )
        return
    count, samples = data.found(rows, broken)
    if not count:
        return
    told = {"values": _told(data, rule)} if rule.told else {}
    yield Break(
        entity=rule.entity,
        subject=rule.subject,
        name=rule.name,
        code=rule.code,
        text=rule.text,
        context={**rule.context, **told},
        count=count,
        sample_ids=samples,
    )


def _told(data: LiveData, rule: Rule) -> str:
    """Return the commonest of the broken values, each with the number of its records."""
    rows = data.rows(rule.entity)
    many = rows.seen.sets.get(rule.told)
    read = rows.source.joined
    broken: ColumnElement[bool] = rule.broken(rows)
    value = rows.column(rule.told) if many is None else many.table.c["value"]
    if many is not None:
        read = read.join(many.table, many.table.c["record"] == rows.column("id"))
        offered = tuple(getattr(rows.seen.entity.fields[rule.told].type, "options", ()))
        broken = value.not_in(offered)
    statement = (
        sa.select(value, sa.func.count())
        .select_from(read)
        .where(rows.live, broken)
        .group_by(value)
        .order_by(sa.func.count().desc(), value)
        .limit(SAMPLES)
    )
    return ", ".join(f"{row[0]} ({row[1]})" for row in data.values(statement))
