"""The typed tree that every expression becomes: immutable, hashable, free of any engine."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from loomwork.model.kinds import Kind

Value: TypeAlias = str | Decimal | int | date | datetime | bool | UUID


class Operator(StrEnum):
    """The comparisons of two values."""

    EQUAL = "=="
    NOT_EQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the record. ``places`` is None unless the field is a decimal number."""

    name: str
    kind: Kind
    places: int | None = None


@dataclass(frozen=True, slots=True)
class Literal:
    """A fixed value. Numbers are Decimal, datetimes are aware and in UTC, links are UUID."""

    value: Value
    kind: Kind


@dataclass(frozen=True, slots=True)
class Parameter:
    """The place of a literal that `lift` has taken out of the tree."""

    index: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Acting:
    """An attribute of the acting user; ``user`` and ``user.id`` both are ``Acting("id")``."""

    attribute: str = "id"

    @property
    def kind(self) -> Kind:
        """Return the kind of the attribute."""
        return Kind.LINK


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison of two values; at least one of them is a field."""

    operator: Operator
    left: "Operand"
    right: "Operand"


@dataclass(frozen=True, slots=True)
class In:
    """Whether a value is one of several; ``negated`` is ``not in``."""

    value: "Operand"
    options: tuple["Literal | Parameter", ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class IsNone:
    """Whether a field is missing."""

    part: Field


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the closed set, applied to values."""

    function: str
    arguments: tuple["Operand", ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class And:
    """True when every part is."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """True when any part is."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True when the part is not."""

    part: "Node"


Operand: TypeAlias = Field | Literal | Parameter | Acting
Node: TypeAlias = Operand | Compare | In | IsNone | Call | And | Or | Not

TRUE = Literal(True, Kind.BOOLEAN)
FALSE = Literal(False, Kind.BOOLEAN)


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes directly below ``node``, from left to right."""
    match node:
        case And(parts) | Or(parts):
            return parts
        case Not(part) | IsNone(part):
            return (part,)
        case Compare(_, left, right):
            return (left, right)
        case In(value, options):
            return (value, *options)
        case Call(_, arguments):
            return arguments
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """Yield ``node`` and everything below it."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(children(current)))


def uses(node: Node) -> frozenset[str]:
    """Return the names of the fields that the expression reads."""
    return frozenset(part.name for part in walk(node) if isinstance(part, Field))


def asks_user(node: Node) -> bool:
    """Tell whether the expression depends on who acts."""
    return any(isinstance(part, Acting) for part in walk(node))


def combine_or(nodes: Iterable[Node]) -> Node:
    """Return the condition that is true where any of ``nodes`` is; FALSE for none of them."""
    return _combine(nodes, Or, absorbing=TRUE, neutral=FALSE)


def combine_and(nodes: Iterable[Node]) -> Node:
    """Return the condition that is true where all of ``nodes`` are; TRUE for none of them."""
    return _combine(nodes, And, absorbing=FALSE, neutral=TRUE)


def negate(node: Node) -> Node:
    """Return the exact opposite of ``node``."""
    if isinstance(node, Not):
        return node.part
    if node in (TRUE, FALSE):
        return FALSE if node == TRUE else TRUE
    return Not(node)


def _combine(
    nodes: Iterable[Node], join: type[And] | type[Or], *, absorbing: Literal, neutral: Literal
) -> Node:
    parts: dict[Node, None] = {}
    for node in nodes:
        for part in node.parts if isinstance(node, join) else (node,):
            if part == absorbing:
                return absorbing
            if part != neutral:
                parts[part] = None
    if not parts:
        return neutral
    return next(iter(parts)) if len(parts) == 1 else join(tuple(parts))
