"""Working out what a publish does, before it does anything: from documents to a target."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from loomwork.catalog.compile import Compiler, documents_hash
from loomwork.catalog.documents import Document
from loomwork.errors import N_, ConflictError, DocumentError, Problem
from loomwork.model.whole import Model
from loomwork.publishing.backfill import Copy, Fill, fills
from loomwork.publishing.conversion import Carried, Replacement, plan_conversions
from loomwork.publishing.lost_links import lost_links
from loomwork.publishing.plan import (
    CLEAN_UP,
    PREPARE,
    SAMPLES,
    SWITCH,
    Note,
    Plan,
    PlannedStep,
    Side,
)
from loomwork.publishing.reindexing import reindexed
from loomwork.publishing.renames import refuse_taken_names, whole_field
from loomwork.publishing.revisions import newest_revision, read_documents
from loomwork.store.engine import Database, translated
from loomwork.store.schema.changes import (
    Drop,
    Step,
    plan_changes,
    plan_drops,
    plan_revived_drops,
    require_own_columns,
)
from loomwork.store.schema.columns import Need, assign_columns, in_force, known_tables, read_columns
from loomwork.store.schema.tables import build_tables

Wanted = Callable[[Sequence[Document]], tuple[Document, ...]]
"""Makes the documents that are to be published from those of the revision in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a publish is to reach, and all that it does on the way."""

    base: int
    documents: tuple[Document, ...]
    old_documents: tuple[Document, ...]
    old: Side | None
    new: Side
    unchanged: bool
    fresh: Sequence[tuple[Need, str]]
    additions: Sequence[Step]
    fills: Sequence[Fill]
    replacements: Sequence[Replacement]
    drops: Sequence[Drop]
    steps: tuple[PlannedStep, ...]
    notes: tuple[Note, ...] = ()

    @property
    def plan(self) -> Plan:
        """Return the plan as far as the steps go."""
        return Plan(
            base=self.base,
            documents=self.documents,
            model=self.new.model,
            steps=self.steps,
            notes=self.notes,
        )


def make_target(
    database: Database, compiler: Compiler, wanted: Wanted, *, back: bool = False
) -> Target:
    """Return what publishing the ``wanted`` documents means, ``back`` to an earlier revision or on.

    Raises DocumentError with every problem of the documents, with everything that they say and this
    version does not carry out, and with every field whose values cannot be carried over.
    """
    with translated(), database.reader.connect() as connection:
        base = newest_revision(connection)
        present = read_documents(connection, base)
        stored = read_columns(connection)
    documents = wanted(present)
    old_model = compiler.compile(present) if present else None
    report = compiler.report(documents)
    if report.model is None:
        raise DocumentError(problems=report.problems)
    _refuse_pending(report.model)
    columns, fresh = assign_columns(report.model.entities.values(), stored)
    new = Side(
        model=report.model,
        columns=columns,
        tables=build_tables(report.model, columns, database.name),
    )
    old, carried = None, Carried()
    if old_model is not None:
        assigned, _ = assign_columns(old_model.entities.values(), stored)
        old_columns = in_force(assigned, stored)
        old = Side(
            model=old_model,
            columns=old_columns,
            tables=build_tables(old_model, old_columns, database.name),
        )
        carried = plan_conversions(old, new, report.documents.get("entity", {}), stored, back=back)
        if not back:
            refuse_taken_names(old_model, new.model, report.documents.get("entity", {}))
    additions = plan_changes(database, new.tables, known_tables(stored))
    _require_tables(additions, old)
    require_own_columns(database, new.tables, stored)
    target = Target(
        base=base,
        documents=documents,
        old_documents=present,
        old=old,
        new=new,
        unchanged=documents_hash(documents) == documents_hash(present),
        fresh=fresh,
        additions=additions,
        fills=fills(new.tables, carried.conversions, database.name),
        replacements=carried.replacements,
        drops=_drops(database, old, new) if old else (),
        steps=(),
    )
    with translated(), database.reader.connect() as connection:
        notes = tuple(lost_links(connection, new, additions))
    return replace(target, steps=tuple(_steps(database, target)), notes=notes)


def _drops(database: Database, old: Side, new: Side) -> list[Drop]:
    drops = plan_drops(old.tables, new.tables, database.name)
    return [*drops, *plan_revived_drops(database, old.tables, new.tables)]


def _require_tables(additions: Sequence[Step], old: Side | None) -> None:
    """Raise ConflictError where a table with records in force would be made again, empty."""
    in_force = {
        table.name: name
        for name, kept in ({} if old is None else old.tables).items()
        for table in (kept.table, *(one.table for one in kept.sets.values()))
    }
    for step in additions:
        if step.kind == "table" and step.table in in_force:
            raise ConflictError(
                N_(
                    "The table “{table}” with records in force is not in the database any more."
                    " Restore a backup; or, to do without its records, take “{entity}” out of the"
                    " documents, publish, purge, and put it back."
                ),
                table=step.table,
                entity=in_force[step.table],
            )


def side_in_force(database: Database, compiler: Compiler) -> Side:
    """Return the Model of the newest revision with its tables."""
    with translated(), database.reader.connect() as connection:
        documents = read_documents(connection, newest_revision(connection))
        stored = read_columns(connection)
    model = compiler.compile(documents)
    columns, _ = assign_columns(model.entities.values(), stored)
    return Side(model=model, columns=columns, tables=build_tables(model, columns, database.name))


def _refuse_pending(model: Model) -> None:
    """Raise DocumentError for what would be understood and then silently not be done."""
    problems = [
        Problem(
            code="not_yet",
            text=pending.what,
            context=pending.context,
            file=pending.file,
            pointer=pending.pointer,
        )
        for pending in model.pending
    ]
    if problems:
        raise DocumentError(problems=problems)


def _steps(database: Database, target: Target) -> list[PlannedStep]:
    early = [step for step in target.additions if step.kind in ("table", "column")]
    late = [step for step in target.additions if step.kind not in ("table", "column")]
    owner = _owners(target)
    steps = [_addition(step, owner) for step in early]
    with translated(), database.reader.connect() as connection:
        steps += [_filling(connection, fill, target) for fill in target.fills]
        steps += [_replacing(connection, one, target) for one in target.replacements]
    steps += [_addition(step, owner) for step in late]
    steps += _retirements(target)
    steps += [
        PlannedStep(
            id=f"drop_{drop.kind}:{drop.table}.{drop.name}",
            kind=f"drop_{drop.kind}",
            phase=CLEAN_UP,
            entity=owner.get(drop.table, drop.table),
            table=drop.table,
            name=drop.name,
        )
        for drop in target.drops
    ]
    if target.old is not None:
        fresh = {step.table for step in target.additions if step.kind == "table"}
        steps += reindexed(target.old, target.new, target.new.tables.keys() - fresh)
    return steps


def _owners(target: Target) -> dict[str, str]:
    sides = [side for side in (target.old, target.new) if side is not None]
    return {
        table.name: name
        for side in sides
        for name, kept in side.tables.items()
        for table in kept.tables
    }


def _addition(step: Step, owner: dict[str, str]) -> PlannedStep:
    place = step.name if step.kind == "table" else f"{step.table}.{step.name}"
    return PlannedStep(
        id=f"add_{step.kind}:{place}",
        kind=f"add_{step.kind}",
        phase=PREPARE,
        entity=owner[step.table],
        table=step.table,
        name=step.name,
    )


def _filling(connection: Connection, fill: Fill, target: Target) -> PlannedStep:
    step = PlannedStep(
        id=fill.id,
        kind=fill.id.partition(":")[0],
        phase=PREPARE,
        entity=fill.table.entity.name,
        table=fill.table.table.name,
        name=fill.id.partition(".")[2],
    )
    if isinstance(fill, Copy) and fill.conversion.lossy:
        return _counted(connection, step, target, fill.lost())
    return step


def _replacing(connection: Connection, one: Replacement, target: Target) -> PlannedStep:
    step = PlannedStep(
        id=one.id,
        kind="replace_values",
        phase=SWITCH,
        entity=one.entity,
        table=one.entity,
        name=one.field,
    )
    return _counted(connection, step, target, sa.column(one.source).is_not(None))


def _counted(
    connection: Connection, step: PlannedStep, target: Target, lost: sa.ColumnElement[bool]
) -> PlannedStep:
    """Return the step with the records whose values it leaves behind, to be confirmed if any."""
    table = target.new.tables[step.entity].table
    count = connection.execute(
        sa.select(sa.func.count()).select_from(table).where(lost)
    ).scalar_one()
    ids = connection.execute(
        sa.select(table.c.id).where(lost).order_by(table.c.id).limit(SAMPLES)
    ).scalars()
    return replace(
        step, rows=count, destructive=count > 0, sample_ids=tuple(str(id_) for id_ in ids)
    )


def _retirements(target: Target) -> list[PlannedStep]:
    if target.old is None:
        return []
    found: list[PlannedStep] = []
    renamed = {
        (name, field.renamed_from)
        for name, entity in target.new.model.entities.items()
        for field in entity.fields.values()
    }
    used = {(need.entity, column) for need, column in target.new.columns.items()}
    goes_on: dict[tuple[str, str], bool] = {}
    for need, column in target.old.columns.items():
        place = (need.entity, whole_field(need.field))
        goes_on[place] = goes_on.get(place, True) and (need.entity, column) in used
    for name, entity in target.old.model.entities.items():
        new = target.new.model.entities.get(name)
        if new is None:
            found.append(_retirement("retire_entity", name, name, ""))
            continue
        found += [
            _retirement("retire_field", f"{name}.{field}", name, field)
            for field in entity.fields
            if field not in new.fields
            and (name, field) not in renamed
            and not goes_on.get((name, field), False)
        ]
    return found


def _retirement(kind: str, place: str, entity: str, name: str) -> PlannedStep:
    return PlannedStep(
        id=f"{kind}:{place}", kind=kind, phase=SWITCH, entity=entity, table=entity, name=name
    )
