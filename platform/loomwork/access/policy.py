"""Roles compiled to a policy: one tree per operation, used as SQL predicate and as decision."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from loomwork.expressions.context import Context
from loomwork.expressions.model_scope import model_scope
from loomwork.expressions.parse import parse
from loomwork.expressions.to_python import to_python
from loomwork.expressions.tree import FALSE, TRUE, Node, combine_or
from loomwork.model.actor import Actor
from loomwork.model.role import OPERATIONS
from loomwork.model.whole import Model


@dataclass(frozen=True, slots=True)
class Rule:
    """On which rows an operation is allowed, as a tree; `holds` decides for one record."""

    node: Node
    _decide: Any = field(compare=False, repr=False)

    def holds(self, record: Mapping[str, Any], context: Context) -> bool:
        """Tell whether the rule admits a record, given as plain values by field."""
        return bool(self._decide(record, context))


def _rule(node: Node) -> Rule:
    return Rule(node, to_python(node))


NEVER = _rule(FALSE)
ALWAYS = _rule(TRUE)


class Rights:
    """What the holders of one set of roles may do. The same roles always share one instance."""

    def __init__(self, signature: frozenset[str], rules: Mapping[str, Mapping[str, Rule]]) -> None:
        self.signature = signature
        self._rules = rules

    def rule(self, entity: str, operation: str) -> Rule:
        """Return the rule for an operation; what no grant allows is denied."""
        return self._rules.get(entity, {}).get(operation, NEVER)

    def allowed(self, entity: str) -> frozenset[str]:
        """Return the operations that some grant allows on at least some rows."""
        rules = self._rules.get(entity, {})
        return frozenset(name for name, rule in rules.items() if rule.node != FALSE)


@dataclass(frozen=True)
class Policy:
    """The rights of every set of roles under one Model, compiled when first asked for."""

    model: Model
    _by_roles: dict[frozenset[str], Rights] = field(default_factory=dict)

    @cached_property
    def everything(self) -> Rights:
        """Return the rights of a super-admin and of the platform itself."""
        rules = {name: dict.fromkeys(OPERATIONS, ALWAYS) for name in self.model.entities}
        return Rights(frozenset({"*"}), rules)

    def rights(self, actor: Actor) -> Rights:
        """Return what ``actor`` may do."""
        if actor.admin:
            return self.everything
        found = self._by_roles.get(actor.roles)
        if found is None:
            found = self._by_roles[actor.roles] = self._compile(actor.roles)
        return found

    def _compile(self, roles: frozenset[str]) -> Rights:
        known = [self.model.roles[name] for name in sorted(roles) if name in self.model.roles]
        rules = {
            name: {operation: _rule(self._sum(name, operation, known)) for operation in OPERATIONS}
            for name in self.model.entities
        }
        return Rights(roles, rules)

    def _sum(self, entity: str, operation: str, roles: Iterable[Any]) -> Node:
        """Add up the grants of the roles: a row is admitted where any of them admits it."""
        sources = [
            role.grants[entity].rows[operation]
            for role in roles
            if entity in role.grants and operation in role.grants[entity].rows
        ]
        if not sources:
            return FALSE
        scope = model_scope(self.model, self.model.entities[entity])
        return combine_or([parse(source, scope) for source in sources])
