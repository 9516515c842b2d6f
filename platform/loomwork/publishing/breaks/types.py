"""Values that a field's new type does not accept, where only the type itself can say so."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from loomwork.errors import N_, InvalidError
from loomwork.model.entity import Field
from loomwork.model.field_type import FieldType
from loomwork.model.kinds import Kind
from loomwork.model.storage import StorageKind
from loomwork.publishing.breaks.data import LiveData
from loomwork.publishing.breaks.seen import Seen
from loomwork.publishing.breaks.values import BREAKS, FIELD
from loomwork.publishing.plan import SAMPLES, Break, Note

MOST: Final = 100_000
"""Values that are looked at, one by one."""
CHUNK: Final = 5_000
IN_SQL: Final = {
    "too_long": "max_length",
    "too_small": "min",
    "too_large": "max",
    "not_an_option": "options",
}
"""What `breaks_values` counts in the database, by the setting of the type that it looks at."""
COUNTED: Final = frozenset(("text", "long_text", "select"))
"""Types of which nothing else can become stricter."""

NOT_ACCEPTED = N_("“{field}” has a value that the type {type} does not accept: {reason}")
FIRST_ONLY = N_("Of “{field}”, only the first {most} values were looked at.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeRule:
    """A field whose texts have to be what another type accepts."""

    entity: str
    field: Field


def type_rules(seen: Seen, before: Field | None, after: Field) -> Iterator[TypeRule]:
    """Yield the rule of a field of texts that gets another type, or another form of its type."""
    place, type_ = seen.places.get(after.name), after.type
    if place is None or place.storage.kind is not StorageKind.TEXT or type_.kind is not Kind.TEXT:
        return
    if before is None or _stricter(before.type, type_):
        yield TypeRule(entity=seen.entity.name, field=after)


def _stricter(before: FieldType, after: FieldType) -> bool:
    if before.name == after.name:
        return after.name not in COUNTED and before != after
    return True


def not_accepted(data: LiveData, rule: TypeRule) -> Iterator[Break | Note]:
    """Yield what the type refuses, and a note where there were too many values to look at all."""
    count, looked = 0, 0
    samples: list[str] = []
    reason: Any = ""
    for id_, value in _values(data, rule):
        looked += 1
        refused = _refusal(rule.field.type, value)
        if refused is None:
            continue
        count += 1
        reason = reason or refused
        if len(samples) < SAMPLES:
            samples.append(str(id_))
    if count:
        yield Break(
            entity=rule.entity,
            subject=FIELD,
            name=rule.field.name,
            code=BREAKS,
            text=NOT_ACCEPTED,
            context={
                "field": rule.field.label,
                "type": rule.field.type.name,
                "reason": reason,
            },
            count=count,
            sample_ids=tuple(samples),
        )
    if looked >= MOST:
        yield Note(
            code="not_counted",
            entity=rule.entity,
            name=rule.field.name,
            text=FIRST_ONLY,
            context={"field": rule.field.label, "most": MOST},
        )


def _refusal(type_: FieldType, value: Any) -> Any:
    """Return why a type does not accept a stored value, as a part of a sentence."""
    try:
        type_.parse(value)
    except InvalidError as error:
        found = [problem for problem in error.problems if not _in_sql(type_, problem.code)]
        return found[0] if found else None
    return None


def _in_sql(type_: FieldType, code: str) -> bool:
    return getattr(type_, IN_SQL.get(code, ""), None) is not None


def _values(data: LiveData, rule: TypeRule) -> Iterator[tuple[Any, Any]]:
    """Yield the ids and values of live records, in chunks by id."""
    rows = data.rows(rule.entity)
    id_, value = rows.column("id"), rows.column(rule.field.name)
    statement = (
        sa.select(id_, value)
        .select_from(rows.source.joined)
        .where(rows.live, value.is_not(None))
        .order_by(id_)
        .limit(CHUNK)
    )
    last = None
    for _ in range(MOST // CHUNK):
        chunk = data.values(statement if last is None else statement.where(id_ > last))
        yield from ((row[0], row[1]) for row in chunk)
        if len(chunk) < CHUNK:
            return
        last = chunk[-1][0]
