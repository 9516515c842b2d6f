"""Everything that an entity's metadata demands of its records, found with one look."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from loomwork.expressions.dependencies import everything
from loomwork.expressions.tree import Aggregate, Under, walk
from loomwork.records.deriving.plan import plan_of
from loomwork.records.drafts.composing import composed_fields
from loomwork.records.rules.checks import Checks, checks_of
from loomwork.records.rules.conditions import (
    Conditions,
    Values,
    conditions_under,
    ruling_forms,
    values_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from loomwork.model.entity import Entity, Field
    from loomwork.records.runtime import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityRules:
    """The rules of one entity.

    ``conditions`` are those that hold under no form; ``formed`` tells that a form may add to them.
    ``plain`` tells that there is nothing to judge beyond what each field's type says, ``locks``
    that some field cannot always be changed, ``marks`` that a record which is read alone carries
    flags or its completeness; ``sees`` are the entities of the other records that they look at,
    ``counted`` the links to records of which a check looks at everything that links to them,
    ``composed`` the fields with parts.
    """

    conditions: Conditions
    formed: bool
    checks: Checks
    values: Values
    plain: bool
    locks: bool
    marks: bool
    sees: frozenset[str]
    counted: tuple[str, ...]
    composed: "tuple[Field, ...]"


def rules_of(runtime: "Runtime", entity: "Entity") -> EntityRules:
    """Return the rules of ``entity``, compiled once."""
    return runtime.made.get(("rules", entity.name), lambda: _compiled(runtime, entity))


def _compiled(runtime: "Runtime", entity: "Entity") -> EntityRules:
    conditions = conditions_under(runtime, entity, None)
    checks, values = checks_of(runtime, entity), values_of(runtime, entity)
    forms = ruling_forms(runtime, entity)
    formed = [conditions_under(runtime, entity, form) for form in forms]
    return EntityRules(
        conditions=conditions,
        formed=bool(forms),
        checks=checks,
        values=values,
        plain=conditions.none and not forms and not checks.any_told,
        locks=bool(conditions.readonly) or any(one.readonly for one in formed),
        marks=bool(checks.flags or entity.completeness),
        sees=frozenset(_seen((checks, values, conditions, *formed))),
        counted=_held(runtime, entity, checks),
        composed=composed_fields(entity),
    )


def _seen(rules: "Iterable[Checks | Values | Conditions]") -> "Iterator[str]":
    for one in rules:
        for node in one.nodes():
            for part in everything(node):
                yield from (step.entity for step in getattr(part, "path", ()))
                if isinstance(part, Aggregate | Under):
                    yield part.entity
        if isinstance(one, Conditions):
            yield from (filter_.entity for filter_ in one.filters.values())


def _held(runtime: "Runtime", entity: "Entity", checks: Checks) -> tuple[str, ...]:
    """Return the links to records that a writer locks first, in the order in which all do so.

    Those come first from which values are read: whoever changes them goes on to what links there.
    """
    plan = plan_of(runtime)
    names = {*_counted(checks), *plan.parents.get(entity.name, ())} & entity.links.keys()
    upstream = plan.upstream.get(entity.name, frozenset())
    return tuple(sorted(names, key=lambda name: (name not in upstream, name)))


def _counted(checks: Checks) -> "Iterator[str]":
    for node in checks.nodes():
        for part in walk(node):
            if isinstance(part, Aggregate) and not part.root and len(part.path) == 1:
                yield part.path[0].field
