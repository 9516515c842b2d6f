"""The checks of an entity: what has to hold of a record, and what is only said of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from loomwork.catalog.schema_check import nearest
from loomwork.errors import N_, InvalidError, Localised, Problem
from loomwork.expressions.context import Context, Record
from loomwork.expressions.labels import to_labels
from loomwork.expressions.model_scope import model_scope
from loomwork.records.rules.expression import Expression, condition, read_of

if TYPE_CHECKING:
    from loomwork.expressions.scope import EntityScope
    from loomwork.expressions.tree import Node
    from loomwork.model.entity import Check, Entity
    from loomwork.records.runtime import Runtime

REFUSE, WARN, FLAG = "refuse", "warn", "flag"
WRITE, COMMIT = "write", "commit"
CODES = {REFUSE: "check", WARN: "warning"}
OWN_WORDS = "{message}"
"""The sentence of a check that has a message: the pack's own, in its languages."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """An expression as people read it: with the labels of what it names."""

    node: "Node"
    scope: "EntityScope"

    def to(self, locale: str) -> str:
        """Return the expression with the labels of ``locale``."""
        return to_labels(self.node, self.scope, locale)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A check made ready."""

    check: "Check"
    when: Expression | None
    must: Expression
    message: Localised

    def broken(self, record: Record, context: Context) -> bool:
        """Tell whether the check applies to the record and does not hold of it.

        The root ``old`` of the ``context`` is what the record was before.
        """
        if self.when is not None and not self.when.value(record, context):
            return False
        return not self.must.value(record, context)

    def problem(self) -> Problem:
        """Return how the broken check is told."""
        own = self.check.message.source
        return Problem(
            code=CODES[self.check.severity],
            text=OWN_WORDS if own else N_("This has to hold: {message}"),
            context={"message": self.message, "check": self.check.name},
            pointer=f"/{self.check.field}" if self.check.field else "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """The checks of one entity, by when and how strictly they are judged."""

    at_write: tuple[Judgement, ...]
    at_commit: tuple[Judgement, ...]
    flags: tuple[Judgement, ...]
    warnings: tuple[str, ...]

    @property
    def any_told(self) -> bool:
        """Tell whether any check can keep a record from being written."""
        return bool(self.at_write or self.at_commit)

    def nodes(self) -> Iterator["Node"]:
        """Yield every tree that is judged."""
        for one in (*self.at_write, *self.at_commit):
            yield one.must.node
            if one.when is not None:
                yield one.when.node


def checks_of(runtime: "Runtime", entity: "Entity") -> Checks:
    """Return the checks of ``entity``, made ready once."""
    return runtime.made.get(("checks", entity.name), lambda: _compiled(runtime, entity))


def _compiled(runtime: "Runtime", entity: "Entity") -> Checks:
    scope = model_scope(runtime.model, entity, changes=True)
    found = [_judgement(check, scope) for check in entity.checks.values()]
    told = [one for one in found if one.check.severity != FLAG]
    return Checks(
        at_write=tuple(one for one in told if one.check.at != COMMIT),
        at_commit=tuple(one for one in told if one.check.at == COMMIT),
        flags=tuple(one for one in found if one.check.severity == FLAG),
        warnings=tuple(one.check.name for one in found if one.check.severity == WARN),
    )


def _judgement(check: "Check", scope: "EntityScope") -> Judgement:
    with read_of(scope.entity, f"checks/{check.name}"):
        must = condition(check.must, scope)
        when = condition(check.when, scope) if check.when else None
    return Judgement(
        check=check,
        when=when,
        must=must,
        message=check.message if check.message.source else Labelled(must.node, scope),
    )


def broken(
    judgements: Iterable[Judgement], record: Record, context: Context, accepted: frozenset[str]
) -> Iterator[Problem]:
    """Yield a problem for each check that is broken and not a warning that was ``accepted``."""
    for one in judgements:
        if one.check.name in accepted and one.check.severity == WARN:
            continue
        if one.broken(record, context):
            yield one.problem()


def flags(checks: Checks, record: Record, context: Context) -> list[Mapping[str, Any]]:
    """Return which checks that only mark a record are broken, each with its message."""
    return [
        {"name": one.check.name, "message": one.message}
        for one in checks.flags
        if one.broken(record, context)
    ]


def since(context: Context, before: Record | None) -> Context:
    """Return the context of a check whose record was ``before``; None of a new one."""
    return replace(context, roots={**context.roots, "old": before})


def require_warnings(checks: Checks, accepted: Iterable[str]) -> None:
    """Refuse names that no warning of the entity has."""
    problems = []
    for name in sorted(set(accepted) - set(checks.warnings)):
        hint = nearest(name, checks.warnings)
        text = N_("There is no warning “{name}”.")
        if hint:
            text = N_("There is no warning “{name}”. Did you mean “{hint}”?")
        context = {"name": name[:60], "hint": hint}
        problems.append(
            Problem(code="unknown_warning", text=text, context=context, pointer="/accept")
        )
    if problems:
        raise InvalidError(problems=problems)
