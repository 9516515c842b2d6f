"""Whether a record may be written as it is about to be: every rule of its metadata."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from loomwork.errors import N_, InvalidError, Problem
from loomwork.expressions.context import Context, Record
from loomwork.model.field_type import Gathered
from loomwork.model.types.select import SelectType
from loomwork.records.drafts.payload import REQUIRED, missing, require_all
from loomwork.records.rules.checks import broken, flags, since
from loomwork.records.rules.completeness import completeness
from loomwork.records.rules.conditions import conditions_of
from loomwork.records.rules.expression import holds

if TYPE_CHECKING:
    from loomwork.model.entity import Entity
    from loomwork.records.context import Acting
    from loomwork.records.rules.compiled import EntityRules
    from loomwork.records.rules.conditions import Conditions, LinkFilter

KEPT = frozenset(("user",))
"""Entities whose records the platform keeps itself; no check of a pack may lock anybody out."""
LOCKED = N_("This field cannot be changed in the present state of the record.")
NOT_OFFERED = N_("“{option}” cannot be chosen for this record.")
NOT_FITTING = N_("This record cannot be linked here. It must fit: {filter}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A record that is about to be written.

    ``values`` are the whole row as it will be, ``before`` the stored one, or of a new record what
    it begins with; ``given`` names the fields that the caller sets to something else, ``changed``
    also those that follow from them.
    """

    entity: "Entity"
    values: Record
    before: Record
    given: frozenset[str]
    changed: frozenset[str]
    new: bool


def judge(draft: Draft, rules: "EntityRules", by: "Acting", accepted: frozenset[str]) -> None:
    """Raise InvalidError with everything that keeps ``draft`` from being written."""
    if by.actor.internal and draft.entity.name in KEPT:
        require_all(draft.entity, draft.values)
        return
    with by.relations.standing(draft.entity.name, draft.values):
        conditions = rules.conditions
        if rules.formed:
            on = "create" if draft.new else "edit"
            conditions = conditions_of(draft.entity, draft.values, by, on=on)
        problems = list(field_problems(draft, conditions, by.context))
        problems += _checked(draft, rules, by.context, accepted, problems)
    if problems:
        raise InvalidError(problems=problems)


def _checked(
    draft: Draft,
    rules: "EntityRules",
    context: Context,
    accepted: frozenset[str],
    told: list[Problem],
) -> list[Problem]:
    """Return the checks that are broken, but for those at a field of which enough is ``told``."""
    changing = since(context, None if draft.new else draft.before)
    refused = {problem.pointer for problem in told}
    found = broken(rules.checks.at_write, draft.values, changing, accepted)
    return [problem for problem in found if not problem.pointer or problem.pointer not in refused]


BESIDE_FIELDS = frozenset(("completeness", "flags", "stale"))
"""What `mark` puts beside the fields of a record."""


def mark(entity: "Entity", rules: "EntityRules", record: Record, context: Context) -> None:
    """Add to a record that is read alone how complete it is and which checks mark it."""
    shown: dict[str, Any] = record  # type: ignore[assignment]
    found = completeness(entity, record)
    if rules.checks.flags:
        present = plain(record)
        shown["flags"] = flags(rules.checks, present, since(context, present))
    if found is not None:
        shown["completeness"] = {"percent": found.percent, "missing": list(found.missing)}


def plain(record: Record) -> dict[str, Any]:
    """Return a record that was read for somebody with its links as ids, as expressions want it."""
    row: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, Gathered):
            row |= value.kept
        elif name not in BESIDE_FIELDS:
            row[name] = _plain(value)
    return row


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_plain(one) for one in value)
    return value["id"] if isinstance(value, Mapping) else value


def field_problems(draft: Draft, conditions: "Conditions", context: Context) -> Iterator[Problem]:
    """Yield what the fields' own rules refuse."""
    yield from missing(draft.entity, draft.values)
    if conditions.none:
        return
    yield from _required(draft, conditions, context)
    yield from _locked(draft, conditions, context)
    yield from _not_offered(draft, conditions, context)
    for name, filter_ in conditions.filters.items():
        if not fits(draft, name, filter_, context):
            told = {"filter": filter_.labelled}
            yield Problem(code="does_not_fit", text=NOT_FITTING, context=told, pointer=f"/{name}")


def required(name: str, record: Record, conditions: "Conditions", context: Context) -> bool:
    """Tell whether a condition asks for a field; nobody is asked for what he does not see."""
    return holds(conditions.required.get(name), record, context) and conditions.shown(
        name, record, context
    )


def _required(draft: Draft, conditions: "Conditions", context: Context) -> Iterator[Problem]:
    for name in conditions.required:
        if draft.values.get(name) is not None or draft.entity.fields[name].required:
            continue
        if required(name, draft.values, conditions, context):
            yield Problem(code="required", text=REQUIRED, pointer=f"/{name}")


def _locked(draft: Draft, conditions: "Conditions", context: Context) -> Iterator[Problem]:
    """Yield the fields that are locked in the new state of the record and were so before."""
    for name, locked in conditions.readonly.items():
        if (
            name in draft.given
            and holds(locked, draft.values, context)
            and holds(locked, draft.before, context)
        ):
            yield Problem(code="readonly", text=LOCKED, pointer=f"/{name}")


def _not_offered(draft: Draft, conditions: "Conditions", context: Context) -> Iterator[Problem]:
    for name, offers in conditions.options.items():
        chosen = draft.values.get(name)
        offer = offers.get(chosen)  # type: ignore[arg-type]
        if offer is None or not _touched(draft, offer.fields | {name}):
            continue
        if not holds(offer, draft.values, context):
            shown = _label(draft.entity, name, str(chosen))
            yield Problem(
                code="not_offered",
                text=NOT_OFFERED,
                context={"option": shown},
                pointer=f"/{name}",
            )


def fits(draft: Draft, name: str, filter_: "LinkFilter", context: Context) -> bool:
    """Tell whether a link leads where its filter allows; what stays as it was may stay."""
    target = draft.values.get(name)
    if target is None or not _touched(draft, filter_.outer | {name}):
        return True
    record = context.relations.linked(filter_.entity, target)
    inside = replace(context, roots={**context.roots, "this": draft.values})
    return record is not None and holds(filter_.holds, record, inside)


def _touched(draft: Draft, names: frozenset[str]) -> bool:
    return draft.new or not draft.changed.isdisjoint(names)


def _label(entity: "Entity", field: str, option: str) -> Any:
    type_ = entity.fields[field].type
    options: Mapping[str, Any] = type_.options if isinstance(type_, SelectType) else {}
    return options[option].label if option in options else option
