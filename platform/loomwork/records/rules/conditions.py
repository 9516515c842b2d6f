"""What an entity and the form that applies say of a record's fields, made ready once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from loomwork.expressions.context import Context, Record
from loomwork.expressions.model_scope import model_scope
from loomwork.expressions.parse import parse
from loomwork.expressions.tree import Node
from loomwork.model.screens import FieldConditions, Form
from loomwork.records.rules.checks import Labelled
from loomwork.records.rules.expression import (
    Expression,
    all_of,
    any_of,
    bound,
    condition,
    expression,
    holds,
    outer_fields,
    read_of,
    value,
)

if TYPE_CHECKING:
    from loomwork.expressions.scope import EntityScope
    from loomwork.model.entity import Entity
    from loomwork.model.whole import Model
    from loomwork.records.context import Acting
    from loomwork.records.runtime import Runtime

DESKTOP = "desktop"
"""The width of whoever has no screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFilter:
    """Which records a link may lead to; ``outer`` are the fields of the own record it reads.

    ``labelled`` is the filter as people read it.
    """

    entity: str
    node: Node
    holds: Expression
    outer: frozenset[str]
    labelled: Labelled


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What holds for the fields of one entity under one form, or under none.

    ``required``, ``readonly`` and ``visible`` are by field, ``options`` by select and option,
    ``filters`` by link. A field that is not among ``visible`` always is.
    """

    required: Mapping[str, Expression]
    readonly: Mapping[str, Expression]
    visible: Mapping[str, Expression]
    options: Mapping[str, Mapping[str, Expression]]
    filters: Mapping[str, LinkFilter]

    @property
    def none(self) -> bool:
        """Tell whether nothing here depends on a record."""
        return not (self.required or self.readonly or self.visible or self.options or self.filters)

    def nodes(self) -> Iterator[Node]:
        """Yield every tree over the entity's records."""
        for by_field in (self.required, self.readonly, self.visible, *self.options.values()):
            for one in by_field.values():
                yield one.node
        for filter_ in self.filters.values():
            yield filter_.node

    def shown(self, field: str, record: Record, context: Context) -> bool:
        """Tell whether a field is to be seen."""
        found = self.visible.get(field)
        return found is None or holds(found, record, context)

    def offered(self, field: str, option: str, record: Record, context: Context) -> bool:
        """Tell whether an option of a select can be chosen."""
        found = self.options.get(field, {}).get(option)
        return found is None or holds(found, record, context)


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """What an entity's fields get by themselves: when a record is new, and when a link changes."""

    defaults: Mapping[str, Expression]
    fills: Mapping[str, Mapping[str, Expression]]

    def nodes(self) -> Iterator[Node]:
        """Yield every tree."""
        for by_field in (self.defaults, *self.fills.values()):
            for one in by_field.values():
                yield one.node


def conditions_of(entity: "Entity", record: Record, by: "Acting", *, on: str) -> Conditions:
    """Return what applies to a record that somebody writes: of the entity and of its form."""
    return conditions_under(by.runtime, entity, form_for(entity, record, by, on=on))


def conditions_under(runtime: "Runtime", entity: "Entity", form: Form | None) -> Conditions:
    """Return what applies under ``form``, or without one."""
    key = ("conditions", entity.name, form.name if form is not None else "")
    return runtime.made.get(key, lambda: _compiled(runtime.model, entity, form))


def form_for(
    entity: "Entity", record: Record, by: "Acting", *, on: str, width: str = DESKTOP
) -> Form | None:
    """Return the first form whose use fits; ``on`` is ``create``, ``edit`` or ``view``."""
    for form in by.runtime.model.forms_of[entity.name]:
        use = form.use
        if (use.width and use.width != width) or (use.on and on not in use.on):
            continue
        if use.roles and by.actor.roles.isdisjoint(use.roles):
            continue
        if not use.when or holds(_use_of(by.runtime, entity, form), record, by.context):
            return form
    return None


def _use_of(runtime: "Runtime", entity: "Entity", form: Form) -> Expression:
    def read() -> Expression:
        with read_of(entity.name, f"form/{form.name}/use"):
            return condition(form.use.when, model_scope(runtime.model, entity))

    return runtime.made.get(("use", form.name), read)


def ruling_forms(runtime: "Runtime", entity: "Entity") -> tuple[Form, ...]:
    """Return the entity's forms that say more of a field than where it stands."""
    forms = runtime.model.forms_of[entity.name]
    return tuple(form for form in forms if any(True for _ in _of_form(form)))


def _of_form(form: Form) -> Iterator[tuple[str, FieldConditions]]:
    """Yield what a form says of its fields, and what the parts in which they stand say."""
    yield from form.conditions.items()
    for tab in form.tabs.values():
        for section in tab.sections.values():
            for name in section.fields:
                for source in (tab.visible, section.visible):
                    if source:
                        yield name, FieldConditions(visible=source)


def values_of(runtime: "Runtime", entity: "Entity") -> Values:
    """Return the expressions that give fields their values."""
    return runtime.made.get(
        ("values", entity.name), lambda: _values(entity, model_scope(runtime.model, entity))
    )


def filter_of(link: LinkFilter, this: Record, context: Context) -> Node:
    """Return which records a link of the record ``this`` may lead to, as a filter over those."""
    return bound(link.node, this, context)


def _values(entity: "Entity", scope: "EntityScope") -> Values:
    defaults: dict[str, Expression] = {}
    fills: dict[str, Mapping[str, Expression]] = {}
    for name, field in entity.fields.items():
        with read_of(entity.name, f"fields/{name}"):
            if field.default_is:
                defaults[name] = value(field.default_is, scope)
            if field.fill:
                fills[name] = {
                    target: value(source, scope) for target, source in field.fill.items()
                }
    return Values(defaults=defaults, fills=fills)


def _compiled(model: "Model", entity: "Entity", form: Form | None) -> Conditions:
    scope = model_scope(model, entity)
    said: dict[str, list[FieldConditions]] = {}
    for name, field in entity.fields.items():
        said[name] = [
            FieldConditions(
                visible=field.visible_when,
                required=field.required_when,
                readonly=field.readonly_when,
            )
        ]
    for name, more in _of_form(form) if form is not None else ():
        said[name].append(more)
    return Conditions(
        required=_by_field(
            said, entity, lambda all_: any_of([one.required for one in all_], scope)
        ),
        readonly=_by_field(
            said, entity, lambda all_: any_of([one.readonly for one in all_], scope)
        ),
        visible=_by_field(said, entity, lambda all_: all_of([one.visible for one in all_], scope)),
        options=dict(_options(entity, scope)),
        filters=dict(_filters(model, entity)),
    )


def _by_field(said: Mapping[str, Any], entity: "Entity", join: Any) -> dict[str, Expression]:
    joined = {}
    for name, all_ in said.items():
        with read_of(entity.name, f"fields/{name}"):
            joined[name] = join(all_)
    return {name: found for name, found in joined.items() if found is not None}


def _options(
    entity: "Entity", scope: "EntityScope"
) -> Iterator[tuple[str, Mapping[str, Expression]]]:
    for name, field in entity.fields.items():
        if offers := field.option_when:
            with read_of(entity.name, f"fields/{name}/options"):
                made = {option: condition(source, scope) for option, source in offers.items()}
            yield name, made


def _filters(model: "Model", entity: "Entity") -> Iterator[tuple[str, LinkFilter]]:
    for name, link in entity.links.items():
        source = entity.fields[name].filter
        if source:
            scope = model_scope(model, model.entities[link.to], this=entity)
            with read_of(entity.name, f"fields/{name}/filter"):
                node = parse(source, scope)
            yield (
                name,
                LinkFilter(
                    entity=link.to,
                    node=node,
                    holds=expression(node),
                    outer=outer_fields(node),
                    labelled=Labelled(node, scope),
                ),
            )
