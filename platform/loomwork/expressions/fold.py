"""Working out in advance what does not depend on what may still change."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from loomwork.expressions.context import Context
from loomwork.expressions.dependencies import record_independent
from loomwork.expressions.to_python import to_python
from loomwork.expressions.tree import (
    FALSE,
    TRUE,
    Aggregate,
    And,
    Arithmetic,
    Call,
    Choose,
    Compare,
    Field,
    In,
    IsNone,
    Literal,
    Member,
    Node,
    Not,
    Or,
    StartOfDay,
    Under,
    combine_and,
    combine_or,
    kind_of,
    negate,
)
from loomwork.model.kinds import Kind

OUTSIDE = "this"
"""What the record is called inside an aggregate."""


def fold(node: Node, context: Context, known: Mapping[str, Any] | None = None) -> Node:
    """Return an equivalent tree in which every fixed part has become a literal.

    Fixed is what depends on no record, and what depends on ``known`` fields of the record only;
    those that are read over a known link are looked up in the context's relations. The literal of
    a set has a frozenset for its value.
    """
    return _Folder(context, known or {}).folded(node)


@dataclass(frozen=True, slots=True)
class _Folder:
    context: Context
    known: Mapping[str, Any]
    root: str = ""
    """What the record with the known fields is called."""

    def folded(self, node: Node) -> Node:
        match node:
            case Literal():
                return node
            case Field():
                return self._field(node)
            case Aggregate():
                return self._aggregate(node)
            case _:
                parts = self._with_folded_parts(node)
                fixed = not isinstance(parts, Literal) and record_independent(parts)
                return self._value(parts, {}) if fixed else parts

    def _field(self, node: Field) -> Node:
        first = node.path[0].field if node.path else node.name
        if node.root != self.root or first not in self.known:
            return node
        return self._value(replace(node, root=""), self.known)

    def _aggregate(self, node: Aggregate) -> Node:
        inside = replace(self, root=OUTSIDE) if not self.root else replace(self, known={})
        return replace(
            node,
            value=node.value and inside.folded(node.value),
            where=node.where and inside.folded(node.where),
        )

    def _value(self, node: Node, record: Mapping[str, Any]) -> Node:
        value: Any = to_python(node)(record, self.context)
        return Literal(value, kind_of(node))

    def _with_folded_parts(self, node: Node) -> Node:
        folded = self.folded
        match node:
            case And(parts):
                return combine_and(_condition(folded(part)) for part in parts)
            case Or(parts):
                return combine_or(_condition(folded(part)) for part in parts)
            case Not(part):
                return negate(_condition(folded(part)))
            case IsNone(part):
                return IsNone(folded(part))
            case Compare(operator, left, right):
                return Compare(operator, folded(left), folded(right))
            case In(value, options, negated):
                return In(folded(value), tuple(map(folded, options)), negated)
            case Member(value, collection):
                return Member(folded(value), folded(collection))
            case Under(value, ancestor):
                return replace(node, value=folded(value), ancestor=folded(ancestor))
            case _:
                return self._operand_with_folded_parts(node)

    def _operand_with_folded_parts(self, node: Node) -> Node:
        folded = self.folded
        match node:
            case Call(_, arguments):
                return replace(node, arguments=tuple(map(folded, arguments)))
            case Arithmetic(_, left, right):
                return replace(node, left=folded(left), right=folded(right))
            case StartOfDay(day):
                return StartOfDay(folded(day))
            case Choose(condition, then, otherwise):
                chosen = _condition(folded(condition))
                if chosen in (TRUE, FALSE):
                    return folded(then if chosen == TRUE else otherwise)
                return replace(
                    node, condition=chosen, then=folded(then), otherwise=folded(otherwise)
                )
            case _:
                return node


def _condition(node: Node) -> Node:
    """Return ``node`` as a part of a condition, where a missing value is as good as false."""
    return FALSE if node == Literal(None, Kind.BOOLEAN) else node
