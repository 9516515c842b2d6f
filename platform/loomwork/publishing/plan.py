"""What a publish would do, before anything has changed: its steps, what breaks, who notices.

Only data; `planning` makes it, `breaks`, `notices` and `estimate` fill their parts in.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from loomwork.catalog.documents import Document
from loomwork.errors import N_, ConflictError, Problem
from loomwork.model.whole import Model
from loomwork.store.schema.columns import ColumnMap
from loomwork.store.schema.tables import EntityTable

PREPARE: Final = "prepare"
SWITCH: Final = "switch"
CLEAN_UP: Final = "clean_up"
Phase = Literal["prepare", "switch", "clean_up"]

SAMPLES: Final = 5
"""Ids of records that are shown for each finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A Model with its tables: the one in force before the publish, or the one after it."""

    model: Model
    columns: ColumnMap
    tables: Mapping[str, EntityTable]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStep:
    """One thing that a publish does. ``id`` stays the same for the same thing in any plan.

    ``kind`` is the word before the colon of the id; ``name`` the column, index or field.
    ``destructive`` steps are carried out only when their id is confirmed. ``rows`` says how many
    records are touched and ``seconds`` how long it takes, None where nobody has looked.
    """

    id: str
    kind: str
    phase: Phase
    entity: str
    table: str = ""
    name: str = ""
    destructive: bool = False
    rows: int | None = None
    seconds: float | None = None
    sample_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """Values that the new Model would not accept.

    ``subject`` is ``field``, ``check``, ``unique`` or ``link`` and ``name`` which of them. ``code``
    is ``blocks`` (the publish cannot go on) or ``breaks`` (the values stay and are asked for when
    next written). ``text`` is a sentence with places for ``context``. ``groups`` counts, for a
    unique, the values that occur more than once.
    """

    entity: str
    subject: str
    name: str
    code: str
    text: str
    count: int
    context: Mapping[str, Any] = field(default_factory=dict)
    groups: int = 0
    sample_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something that people will notice: a field that comes, goes or is renamed, a rule."""

    code: str
    entity: str
    name: str
    text: str
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a publish of ``documents`` over the revision ``base`` would do."""

    base: int
    documents: tuple[Document, ...]
    model: Model
    steps: tuple[PlannedStep, ...] = ()
    breaks: tuple[Break, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def destructive(self) -> tuple[PlannedStep, ...]:
        """Return the steps that have to be confirmed."""
        return tuple(step for step in self.steps if step.destructive)

    @property
    def blocking(self) -> tuple[Break, ...]:
        """Return what keeps the publish from going on."""
        return tuple(one for one in self.breaks if one.code == "blocks")


NOT_CONFIRMED = N_("This destroys data and needs to be confirmed: {count} steps.")
ONE_NOT_CONFIRMED = N_("This destroys data and needs to be confirmed: 1 step.")
NOT_IN_PLAN = N_("Nothing was done: an id that was confirmed is not in this plan.")
AFFECTED = N_("Confirm “{id}” to go on: {count} records are affected.")
ONE_AFFECTED = N_("Confirm “{id}” to go on: 1 record is affected.")


def require_confirmed(steps: Collection[PlannedStep], confirmed: Collection[str]) -> None:
    """Raise ConflictError unless all destructive steps are among the ``confirmed`` ids.

    An id that no step has is refused as well: whoever wrote it meant something else.
    """
    problems = [
        Problem(
            code="not_confirmed",
            text=ONE_AFFECTED if step.rows == 1 else AFFECTED,
            context={"id": step.id, "count": "?" if step.rows is None else step.rows},
        )
        for step in steps
        if step.destructive and step.id not in confirmed
    ]
    waiting = len(problems)
    known = {step.id for step in steps if step.destructive}
    problems += [
        Problem(
            code="unknown_step",
            text=N_("There is no destructive step “{id}” in this plan."),
            context={"id": id_},
        )
        for id_ in sorted(set(confirmed) - known)
    ]
    if problems:
        text = ONE_NOT_CONFIRMED if waiting == 1 else NOT_CONFIRMED if waiting else NOT_IN_PLAN
        raise ConflictError(text, problems=problems, count=waiting)
