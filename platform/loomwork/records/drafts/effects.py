"""What the conditions say of a record while somebody edits it, by the rules of saving it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from loomwork.errors import N_, InvalidError, NotFoundError, Problem
from loomwork.model.types.select import SelectType
from loomwork.records.drafts.drafting import Drafting
from loomwork.records.drafts.payload import read_tolerantly
from loomwork.records.drafts.sealing import Sealing
from loomwork.records.rules.completeness import Completeness, completeness
from loomwork.records.rules.conditions import DESKTOP, Conditions, conditions_under, form_for
from loomwork.records.rules.expression import holds
from loomwork.records.rules.judging import Draft, fits, required

if TYPE_CHECKING:
    from loomwork.expressions.context import Record
    from loomwork.model.entity import Entity
    from loomwork.model.screens import Form
    from loomwork.records.context import Acting


NOT_TYPED = frozenset(("readonly", "unknown_field"))
"""What a caller may send back though it is not his to set; it stays as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldEffect:
    """What holds for one field now.

    ``options`` are those that a select offers, else None; ``fits`` tells whether what a link has
    chosen may be linked.
    """

    visible: bool
    required: bool
    readonly: bool
    options: tuple[str, ...] | None = None
    fits: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What holds for a record as it would be if it were saved now.

    ``form`` is the one that applies; ``fill`` holds the values that fields get by themselves;
    ``problems`` are those of given values that could not be read, and count as missing. ``values``
    is the whole record, ``computed`` what of it is worked out.
    """

    form: "Form | None"
    fields: Mapping[str, FieldEffect]
    fill: Mapping[str, Any] = field(default_factory=dict)
    completeness: Completeness | None = None
    problems: tuple[Problem, ...] = ()
    values: "Record" = field(default_factory=dict)
    computed: "Record" = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of a record with these values typed so far.

    ``form`` names the form in use; without one it is the first that fits on this ``width``.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    form: str = ""
    width: str = DESKTOP


def effects(drafting: Drafting, question: Question, before: "Record | None") -> Effects:
    """Return the effects of ``question`` on a record that was ``before``; None for a new one."""
    entity, by, new = drafting.entity, drafting.by, before is None
    given, unread = _read(drafting, question.values, before)
    start = drafting.blank() if before is None else before
    values = {**(drafting.new(given) if new else start), **given, "id": start["id"]}
    problems = unread + _hide(drafting, values, start)
    changed = given.keys() if new else _moved(values, start)
    brought = drafting.bring(values, given, changed, before)
    computed = drafting.work_out(values, before)
    with by.relations.standing(entity.name, values):
        form = _form(entity, values, by, question, new=new)
        conditions = conditions_under(by.runtime, entity, form)
        moved = _moved(values, start)
        draft = Draft(
            entity=entity, values=values, before=start, given=moved, changed=moved, new=new
        )
        fields = {name: _effect(name, draft, conditions, by) for name in entity.fields}
    sealing = Sealing(by.runtime, entity)
    return Effects(
        form=form,
        fields=fields,
        fill={name: _shown(entity, name, values, sealing) for name in sorted(brought.fields)},
        completeness=completeness(entity, values),
        problems=problems + brought.problems,
        values=values,
        computed={name: values[name] for name in computed},
    )


def _read(
    drafting: Drafting, typed: object, before: "Record | None"
) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """Return what was typed by field, None for what cannot be read, and what is wrong with it."""
    given, problems = read_tolerantly(drafting.payload(), typed)
    unread = {
        problem.pointer.split("/")[1] for problem in problems if problem.code not in NOT_TYPED
    }
    for name in unread & drafting.entity.fields.keys():
        given |= drafting.entity.fields[name].spread(None)
    try:
        return drafting.composed(given, before), problems
    except InvalidError as error:
        for problem in error.problems:
            given |= drafting.entity.fields[problem.pointer[1:]].spread(None)
        return drafting.composed(given, before), (*problems, *error.problems)


def _shown(entity: "Entity", name: str, values: "Record", sealing: Sealing) -> Any:
    member = entity.fields[name]
    if member.type.sealed:
        return sealing.shown(member, values)
    return member.gather(values) if member.type.parts else values[name]


def _hide(drafting: Drafting, values: dict[str, Any], start: "Record") -> tuple[Problem, ...]:
    """Empty new links to what the actor may not read: nothing of it must show through."""
    try:
        drafting.check_links(values, _moved(values, start) & drafting.entity.leading, start)
    except InvalidError as error:
        for problem in error.problems:
            values |= drafting.entity.fields[problem.pointer.split("/")[1]].spread(None)
        return error.problems
    return ()


def _moved(values: "Record", before: "Record") -> frozenset[str]:
    return frozenset(name for name, value in values.items() if before.get(name) != value)


def _form(
    entity: "Entity", values: "Record", by: "Acting", question: Question, *, new: bool
) -> "Form | None":
    on = "create" if new else "edit"
    if not question.form:
        return form_for(entity, values, by, on=on, width=question.width)
    for form in by.runtime.model.forms_of[entity.name]:
        if form.name == question.form:
            return form
    raise NotFoundError(N_("There is no form “{name}”."), name=question.form[:60])


def _effect(name: str, draft: Draft, conditions: Conditions, by: "Acting") -> FieldEffect:
    context, member, values = by.context, draft.entity.fields[name], draft.values
    offered, filter_ = None, conditions.filters.get(name)
    if name in conditions.options and isinstance(member.type, SelectType):
        offered = tuple(
            option
            for option in member.type.options
            if conditions.offered(name, option, values, context)
        )
    locked = conditions.readonly.get(name)
    return FieldEffect(
        visible=conditions.shown(name, values, context),
        required=member.required or required(name, values, conditions, context),
        readonly=member.readonly
        or (holds(locked, values, context) and holds(locked, draft.before, context)),
        options=offered,
        fits=filter_ is None or fits(draft, name, filter_, context),
    )
