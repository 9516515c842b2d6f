"""Values that occur more than once where they newly must not."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from loomwork.errors import N_
from loomwork.model.entity import Field
from loomwork.publishing.breaks.data import LiveData
from loomwork.publishing.breaks.seen import Seen
from loomwork.publishing.breaks.values import BLOCKS, UNIQUE
from loomwork.publishing.plan import SAMPLES, Break

REPEATED = N_("“{field}” becomes unique; values that occur more than once: {groups}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class UniqueRule:
    """A field whose values must differ from now on."""

    entity: str
    field: Field


def unique_rules(seen: Seen, before: Field | None, after: Field) -> Iterator[UniqueRule]:
    """Yield the rule of a field that becomes unique, or comes back so with what it kept."""
    if after.unique and after.name in seen.places and (before is None or not before.unique):
        yield UniqueRule(entity=seen.entity.name, field=after)


def repeated(data: LiveData, rule: UniqueRule) -> Break | None:
    """Return how often values are repeated; None where all are different."""
    rows = data.rows(rule.entity)
    value, id_ = rows.column(rule.field.name), rows.column("id")
    wanted = (rows.live, value.is_not(None))
    groups = (
        sa.select(value.label("value"), sa.func.count().label("size"))
        .where(*wanted)
        .group_by(value)
        .having(sa.func.count() > sa.literal_column("1"))
        .subquery("repeated")
    )
    number, count = _counted(data, groups)
    if not number:
        return None
    sampling = (
        sa.select(id_)
        .join_from(rows.source.joined, groups, value == groups.c.value)
        .where(*wanted)
        .order_by(value, id_)
        .limit(SAMPLES)
    )
    return Break(
        entity=rule.entity,
        subject=UNIQUE,
        name=rule.field.name,
        code=BLOCKS,
        text=REPEATED,
        context={"field": rule.field.label, "groups": number},
        count=count,
        groups=number,
        sample_ids=tuple(str(row[0]) for row in data.values(sampling)),
    )


def _counted(data: LiveData, groups: sa.Subquery) -> tuple[int, int]:
    """Return how many values are repeated, and by how many records in all."""
    total: Any = sa.func.coalesce(sa.func.sum(groups.c.size), sa.literal_column("0"))
    number, count = data.values(sa.select(sa.func.count(), total).select_from(groups))[0]
    return int(number), int(count)
