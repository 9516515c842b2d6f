"""What a plan says beyond its steps: what breaks, who notices, how much and how long."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from typing import Any

from sqlalchemy.engine import Connection

from loomwork.errors import N_, ConflictError, Problem
from loomwork.expressions.context import Context
from loomwork.model.whole import Model
from loomwork.publishing.breaks.data import LiveData
from loomwork.publishing.breaks.finding import find_blocking, find_breaks
from loomwork.publishing.estimate import Estimates
from loomwork.publishing.notices import notices
from loomwork.publishing.plan import Plan, Side
from loomwork.publishing.settings import read_settings, setting_values
from loomwork.store.engine import Database, translated
from loomwork.store.schema.columns import read_columns


def analysed(
    database: Database, plan: Plan, before: Side | None, after: Side, *, zone: tzinfo = UTC
) -> Plan:
    """Return the plan with its breaks, its notes, and the rows and seconds of its steps.

    Only reads; ``before`` is what is in force, None before the first revision. ``zone`` is the
    site's, in which days begin.
    """
    with translated(), database.reader.connect() as connection:
        data = live_data(connection, database.name, before, after, zone=zone)
        found = find_breaks(data)
        steps = Estimates(data).of(plan.steps)
        told = notices(None if before is None else before.model, after.model, data)
    return replace(plan, steps=steps, breaks=found.breaks, notes=(*plan.notes, *told, *found.notes))


def require_unblocked(database: Database, before: Side | None, after: Side) -> None:
    """Raise ConflictError with every finding where stored records keep ``after`` from force."""
    if before is None:
        return
    with translated(), database.reader.connect() as connection:
        found = find_blocking(live_data(connection, database.name, before, after))
    problems = [
        Problem(
            code="blocks",
            text=N_("{entity}: {finding} Records: {count}, such as {ids}."),
            context={
                "entity": after.model.entities[one.entity].plural,
                "finding": Problem(code=one.code, text=one.text, context=one.context),
                "count": one.count,
                "ids": ", ".join(one.sample_ids),
            },
        )
        for one in found
    ]
    if problems:
        raise ConflictError(
            N_("Stored records have to be mended before this can be published."), problems=problems
        )


def live_data(
    connection: Connection,
    engine: str,
    before: Side | None,
    after: Side,
    *,
    zone: tzinfo = UTC,
    moment: datetime | None = None,
) -> LiveData:
    """Return the stored records as the new Model sees them at ``moment``, by default now."""
    given = _given(connection, after.model, zone, moment or datetime.now(UTC))
    return LiveData(
        connection, engine, before, after, read_columns(connection), Context(given=given, zone=zone)
    )


def _given(
    connection: Connection, model: Model, zone: tzinfo, moment: datetime
) -> Mapping[str, Any]:
    """Return what expressions find beside the records: the moment, and the packs' settings."""
    values = setting_values(model, read_settings(connection))
    settings = {
        f"settings.{key}": values.get(key, setting.default)
        for key, setting in model.settings.items()
    }
    return {"now": moment, "today": moment.astimezone(zone).date(), **settings}
