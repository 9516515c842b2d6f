"""Plans in words for people, and as data for programs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from loomwork.cli.columns import ROOM, aligned, wrapped
from loomwork.cli.output import locale, translate
from loomwork.errors import N_, worded
from loomwork.publishing.estimate import EXACT
from loomwork.publishing.plan import Break, Note, Plan, PlannedStep

ADDED, CHANGED, GONE, DANGER, UNKNOWN = "+", "~", "-", "!", "?"
SHOWN: Final = 3
"""Ids of records that people are shown."""
LOOSE = frozenset(("add_column", "add_index", "add_foreign_key", "sort_key"))
"""Steps that are not worth a line of their own where their table is new."""

STEPS: Mapping[str, tuple[str, str]] = {
    "add_table": (ADDED, N_("table {name}")),
    "add_column": (ADDED, N_("column {name}")),
    "add_index": (ADDED, N_("index {name}")),
    "add_foreign_key": (ADDED, N_("foreign key {name}")),
    "convert": (CHANGED, N_("values of {name}, copied into a new column")),
    "sort_key": (CHANGED, N_("sort keys of {name}")),
    "replace_values": (CHANGED, N_("values of {name}, replaced by those that it had")),
    "retire_field": (GONE, N_("field {name}; its values are kept")),
    "retire_entity": (GONE, N_("entity {name}; its records are kept")),
    "drop_index": (GONE, N_("index {name}")),
    "drop_foreign_key": (GONE, N_("foreign key {name}")),
    "reindex": (CHANGED, N_("search index of {name}, made again")),
    "drop_column": (GONE, N_("column {name} with its values")),
    "drop_table": (GONE, N_("table {name} with its records")),
}
"""By kind of step: its mark, and how people read it."""
LOST = N_("values of {name} that do not fit the new column are lost")
NOTES = {
    "added": ADDED,
    "retired": GONE,
    "renamed": CHANGED,
    "changed": CHANGED,
    "judged": UNKNOWN,
    "counted": UNKNOWN,
}
"""The mark of a note, by the end of its code."""


def plan_data(plan: Plan) -> dict[str, Any]:
    """Return a plan for programs; its keys are documented in docs/reference/plan.md."""
    return {
        "base": plan.base,
        "hash": plan.model.hash,
        "blocked": bool(plan.blocking),
        "confirm": [step.id for step in plan.destructive],
        "seconds": _seconds(plan.steps),
        "steps": [asdict(step) for step in plan.steps],
        "breaks": [_break_data(one) for one in plan.breaks],
        "notes": [
            {"code": one.code, "entity": one.entity, "name": one.name, "message": _said(one)}
            for one in plan.notes
        ],
    }


def _break_data(one: Break) -> dict[str, Any]:
    return {
        "code": one.code,
        "entity": one.entity,
        "subject": one.subject,
        "name": one.name,
        "message": _said(one),
        "count": one.count,
        "groups": one.groups,
        "sample_ids": one.sample_ids,
    }


def _said(one: Break | Note) -> str:
    return worded(one.text, one.context, translate, locale())


def _seconds(steps: Iterable[PlannedStep]) -> float:
    return round(sum(step.seconds or 0 for step in steps), 3)


def plan_lines(plan: Plan) -> list[str]:
    """Return a plan for people, for a terminal of 80 columns."""
    parts = [*_steps(plan), _breaks(plan), _notes(plan), _ending(plan)]
    return [
        line for number, part in enumerate(p for p in parts if p) for line in _apart(number, part)
    ]


def _apart(number: int, part: Sequence[str]) -> Iterator[str]:
    if number:
        yield ""
    yield from part


def _steps(plan: Plan) -> Iterator[list[str]]:
    """Yield the steps of each entity, in the order of the Model; those that go come last."""
    by_entity: dict[str, list[PlannedStep]] = {name: [] for name in plan.model.entities}
    for step in plan.steps:
        by_entity.setdefault(step.entity, []).append(step)
    for name, steps in by_entity.items():
        if steps:
            fresh = {step.table for step in steps if step.kind == "add_table"}
            shown = [s for s in steps if not (s.table in fresh and s.kind in LOOSE)]
            yield [_heading(plan, name), *(line for step in shown for line in _step(step))]


def _heading(plan: Plan, entity: str) -> str:
    found = plan.model.entities.get(entity)
    return entity if found is None else f"{found.plural.to(locale())} ({entity})"


def _step(step: PlannedStep) -> Iterator[str]:
    mark, text = STEPS.get(step.kind, (CHANGED, "{id}"))
    if step.destructive:
        mark = DANGER
        text = LOST if step.kind == "convert" else text
    said = translate(text).format(name=step.name, id=step.id)
    yield from aligned(f"  {mark} {said}", _records(step.rows), _time(step.seconds))
    if step.destructive:
        yield from _samples(step.sample_ids, step.rows or 0)
        yield f"      --confirm {step.id}"


def _records(rows: int | None) -> str:
    if not rows:
        return ""
    # What is estimated is not told as if it had been counted.
    about = "~" if rows > EXACT else ""
    if rows == 1:
        return translate(N_("1 record"))
    return translate(N_("{count} records")).format(count=f"{about}{rows:,}")


def _time(seconds: float | None) -> str:
    if seconds is None or seconds < 0.1:
        return ""
    if seconds < 100:
        return translate(N_("~{seconds} s")).format(seconds=f"{seconds:.2g}")
    return translate(N_("~{minutes} min")).format(minutes=round(seconds / 60))


def _samples(ids: Sequence[str], count: int) -> Iterator[str]:
    yield from (f"      {id_}" for id_ in ids[:SHOWN])
    if count > SHOWN:
        yield "      …"


def _breaks(plan: Plan) -> list[str]:
    if not plan.breaks:
        return []
    lines = [translate(N_("Stored records that do not fit the new rules"))]
    for one in plan.breaks:
        mark = DANGER if one in plan.blocking else CHANGED
        found = plan.model.entities[one.entity].plural.to(locale())
        text = _of(found, _said(one))
        *above, last = wrapped(text, first=f"  {mark} ", later="    ", columns=ROOM)
        lines += [*above, *aligned(last, _records(one.count), "")]
        lines += _samples(one.sample_ids, one.count)
    if plan.blocking:
        text = N_("What is marked “!” has to be mended before this can be published.")
        lines += wrapped(translate(text), first="  ", later="  ")
    if len(plan.blocking) < len(plan.breaks):
        text = N_("Records marked “~” stay as they are until they are next saved.")
        lines += wrapped(translate(text), first="  ", later="  ")
    return lines


def _notes(plan: Plan) -> list[str]:
    if not plan.notes:
        return []
    lines = [translate(N_("What people will notice"))]
    for one in plan.notes:
        mark = NOTES.get(one.code.rpartition("_")[2], CHANGED)
        lines += wrapped(_told(plan, one), first=f"  {mark} ", later="    ")
    return lines


def _told(plan: Plan, note: Note) -> str:
    """Return a note with the entity that it is about, unless it is what the note names."""
    entity = plan.model.entities.get(note.entity)
    if entity is None or not note.name:
        return _said(note)
    return _of(entity.plural.to(locale()), _said(note))


def _of(entity: str, said: str) -> str:
    return translate(N_("{entity}: {said}")).format(entity=entity, said=said)


def _ending(plan: Plan) -> list[str]:
    if not (plan.steps or plan.breaks or plan.notes):
        return [translate(N_("No table and no rule changes."))]
    seconds = _time(_seconds(plan.steps))
    one = len(plan.steps) == 1
    text = N_("1 step over revision {base}") if one else N_("{count} steps over revision {base}")
    if seconds:
        many = N_("{count} steps over revision {base}, {time}")
        text = N_("1 step over revision {base}, {time}") if one else many
    counted = translate(text).format(count=len(plan.steps), base=plan.base, time=seconds)
    lines = [counted]
    if plan.destructive:
        text = N_("To publish, confirm what destroys data ({count}):")
        lines.append(translate(text).format(count=len(plan.destructive)))
        lines += [f"  --confirm {step.id}" for step in plan.destructive]
    return lines
