"""Expressions of the metadata made ready to be judged on records."""

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from loomwork.errors import N_, ConflictError, ExpressionError, Problem
from loomwork.expressions.context import Context, Record
from loomwork.expressions.parse import parse, parse_value
from loomwork.expressions.to_python import to_python
from loomwork.expressions.tree import (
    Aggregate,
    Field,
    Literal,
    Node,
    combine_and,
    combine_or,
    kind_of,
    uses,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from loomwork.expressions.scope import EntityScope

THIS = "this"


@dataclass(frozen=True, slots=True)
class Expression:
    """A tree, and the function that computes it; of a condition that is True or False."""

    node: Node
    value: Callable[[Record, Context], Any] = field(compare=False, repr=False)

    @property
    def fields(self) -> frozenset[str]:
        """Return the names of the record's own fields that are read."""
        return uses(self.node)


def expression(node: Node) -> Expression:
    """Return ``node`` made ready."""
    return Expression(node, to_python(node))


@contextmanager
def read_of(entity: str, place: str) -> Iterator[None]:
    """Name the ``place`` in the document of ``entity`` whose expression cannot be read.

    Documents were checked when they were published: whoever saves a record cannot mend it.
    """
    try:
        yield
    except ExpressionError as error:
        problems = [
            Problem(
                code="broken_document",
                text=N_("“{place}” of the entity “{entity}” cannot be carried out: {reason}"),
                context={"place": place, "entity": entity, "reason": problem.message()},
            )
            for problem in error.problems
        ]
        raise ConflictError(
            N_("An expression of the installed packs cannot be carried out."), problems=problems
        ) from error


def condition(source: str, scope: "EntityScope") -> Expression:
    """Return the condition ``source``, which was checked when its document was published."""
    return expression(parse(source, scope))


def value(source: str, scope: "EntityScope") -> Expression:
    """Return the value ``source``."""
    return expression(parse_value(source, scope))


def all_of(sources: "Iterable[str]", scope: "EntityScope") -> Expression | None:
    """Return the condition that all ``sources`` hold; None where there is none of them."""
    nodes = [parse(source, scope) for source in sources if source]
    return expression(combine_and(nodes)) if nodes else None


def any_of(sources: "Iterable[str]", scope: "EntityScope") -> Expression | None:
    """Return the condition that any of ``sources`` holds; None where there is none of them."""
    nodes = [parse(source, scope) for source in sources if source]
    return expression(combine_or(nodes)) if nodes else None


def outer_fields(node: Node) -> frozenset[str]:
    """Return the fields of the outer record, ``this``, that a link's filter reads."""
    found = set()
    for part in _outer(node):
        path = getattr(part, "path", ())
        found.add(path[0].field if path else getattr(part, "name", "id"))
    return frozenset(found)


def _outer(node: Node) -> "Iterable[Field | Aggregate]":
    if isinstance(node, Field | Aggregate) and node.root == THIS:
        yield node
    if not isinstance(node, Aggregate):
        for member in dataclasses.fields(node):
            for part in _nodes(getattr(node, member.name)):
                yield from _outer(part)


def bound(node: Node, this: Record, context: Context) -> Node:
    """Return ``node`` with the values of the outer record, ``this``, in the place of its fields.

    What is left reads only the record that it is about. Inside an aggregate ``this`` is that
    record, and stays.
    """
    if isinstance(node, Field | Aggregate) and node.root == THIS:
        own = dataclasses.replace(node, root="")
        return Literal(to_python(own)(this, context), kind_of(node))
    if isinstance(node, Aggregate):
        return node
    changed = {
        member.name: _bound(getattr(node, member.name), this, context)
        for member in dataclasses.fields(node)
        if any(True for _ in _nodes(getattr(node, member.name)))
    }
    return cast("Node", dataclasses.replace(node, **changed)) if changed else node


def _bound(member: Any, this: Record, context: Context) -> Any:
    if isinstance(member, tuple):
        return tuple(bound(part, this, context) for part in member)
    return bound(member, this, context)


def _nodes(member: Any) -> "Iterable[Node]":
    """Yield the nodes that one member of a node holds."""
    for part in member if isinstance(member, tuple) else (member,):
        if isinstance(part, Node):
            yield part


def holds(found: Expression | None, record: Record, context: Context) -> bool:
    """Tell whether a condition holds; one that is not there does not."""
    return found is not None and bool(found.value(record, context))
