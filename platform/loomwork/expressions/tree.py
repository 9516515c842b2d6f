"""The typed tree that every expression becomes: immutable, hashable, free of any engine."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID

from loomwork.model.kinds import Kind

if TYPE_CHECKING:
    from loomwork.expressions.derived import Derived

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
class Step:
    """One step over a link: the link field, and the entity that it leads to."""

    field: str
    entity: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record.

    ``root`` is empty for the record that the expression is about; else it is ``this`` (the outer
    record inside an aggregate or a link's filter), ``old``, ``candidate``, ``ask`` or
    ``steps.NAME``. ``path`` leads from there over links to the record that has the field.
    ``places`` is None unless the field is a decimal number; ``entity`` is what a link or a set of
    links leads to, empty for everything else and where it may lead to several. ``derived`` is how
    the value is worked out; None where the record has it.
    """

    name: str
    kind: Kind
    places: int | None = None
    root: str = ""
    path: tuple[Step, ...] = ()
    entity: str = ""
    derived: "Derived | None" = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Literal:
    """A fixed value. Numbers are Decimal, datetimes are aware and in UTC, links are UUID.

    The value None is a missing value of its kind. Durations are microseconds.
    """

    value: Value | None
    kind: Kind


@dataclass(frozen=True, slots=True)
class Parameter:
    """The place of a literal that `lift` has taken out of the tree."""

    index: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Given:
    """What is known without any record: `Context.given` has the value under ``name``.

    ``user.id``, ``user.teams`` and further fields of the acting user (dotted over links),
    ``today``, ``now``, and ``settings.PACK.NAME``.
    """

    name: str
    kind: Kind = Kind.LINK
    entity: str = ""


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison of two values of one kind."""

    operator: Operator
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class In:
    """Whether a value is one of several; ``negated`` is ``not in``."""

    value: "Node"
    options: tuple["Node", ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """Whether a value is in a set (a field or a given value); false where one is missing."""

    value: "Node"
    collection: "Node"


@dataclass(frozen=True, slots=True)
class IsNone:
    """Whether a value is missing."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class Changed:
    """Whether a field differs from ``old``; of a new record, whether it is present."""

    part: Field


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the closed set, applied to values; ``kind`` is that of its result."""

    function: str
    arguments: tuple["Node", ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``+ - * / // %`` of numbers, durations, dates and times; the result may be missing."""

    operator: str
    left: "Node"
    right: "Node"
    kind: Kind


@dataclass(frozen=True, slots=True)
class Choose:
    """``then if condition else otherwise``."""

    condition: "Node"
    then: "Node"
    otherwise: "Node"
    kind: Kind
    entity: str = ""


@dataclass(frozen=True, slots=True)
class SortKey:
    """A field of the records of an `Aggregate` by which the first of them is found."""

    field: Field
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A function over the records that link here: ``count any all sum avg min max``.

    The records are those of ``entity`` whose field ``link`` is the record at the end of ``path``
    (the record itself where it is empty), starting at ``root``. ``where`` chooses among them;
    ``value`` is what is summed, averaged, or of which the least or greatest is taken. Inside both,
    bare names are the linking record's and ``this`` is the record outside. ``inverse`` is how the
    records are called in sources; it says nothing that ``entity`` and ``link`` do not.

    Without a ``link`` all records of ``entity`` are meant, and ``first`` is a function too: the
    ``value`` of the record that is first in ``sort``. Both are of derived fields only; the language
    has no words for them.
    """

    function: str
    entity: str
    link: str
    kind: Kind
    value: "Node | None" = None
    where: "Node | None" = None
    root: str = ""
    path: tuple[Step, ...] = ()
    inverse: str = field(default="", compare=False)
    sort: tuple[SortKey, ...] = ()


@dataclass(frozen=True, slots=True)
class Under:
    """Whether a record is ``ancestor`` or below it; ``parent`` is the link upwards."""

    value: "Node"
    ancestor: "Node"
    entity: str
    parent: str


@dataclass(frozen=True, slots=True)
class StartOfDay:
    """The moment at which a day begins in the site's time zone.

    The day depends on no record, so that no database has to know about zones.
    """

    day: "Node"

    @property
    def kind(self) -> Kind:
        """Return the kind of the moment."""
        return Kind.DATETIME


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


Condition: TypeAlias = Compare | In | Member | IsNone | Changed | Under | And | Or | Not
Operand: TypeAlias = (
    Field | Literal | Parameter | Given | Call | Arithmetic | Choose | Aggregate | StartOfDay
)
Node: TypeAlias = Operand | Condition

TRUE = Literal(True, Kind.BOOLEAN)
FALSE = Literal(False, Kind.BOOLEAN)
USER = Given("user.id", Kind.LINK, "user")
"""The acting user."""


def kind_of(node: Node) -> Kind:
    """Return the kind of the value that ``node`` has; a condition is never missing."""
    return Kind.BOOLEAN if isinstance(node, Condition) else node.kind


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes directly below ``node``, from left to right.

    Those of an aggregate belong to other records, see `Aggregate`.
    """
    match node:
        case And(parts) | Or(parts):
            return parts
        case Not(part) | IsNone(part) | Changed(part) | StartOfDay(part):
            return (part,)
        case Compare(_, left, right) | Arithmetic(_, left, right) | Member(left, right):
            return (left, right)
        case In(value, options):
            return (value, *options)
        case Call(_, arguments):
            return arguments
        case Choose(condition, then, otherwise):
            return (condition, then, otherwise)
        case Aggregate(value=value, where=where):
            return tuple(part for part in (value, where) if part is not None)
        case Under(value, ancestor):
            return (value, ancestor)
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
    """Return the names of the record's own fields that the expression reads, links included.

    A path over ``account`` reads ``account``; what it reads of other records is not among them.
    """
    return frozenset(_own_fields(node, ""))


def _own_fields(node: Node, root: str) -> Iterator[str]:
    match node:
        case Field(name, root=own, path=path) if own == root:
            yield path[0].field if path else name
        case Aggregate(root=own, path=path):
            if own == root:
                yield path[0].field if path else "id"
            for part in children(node):
                # Inside, the record outside is called ``this``.
                if root == "":
                    yield from _own_fields(part, "this")
        case _:
            for part in children(node):
                yield from _own_fields(part, root)


def asks_user(node: Node) -> bool:
    """Tell whether the expression depends on who acts."""
    return any(isinstance(part, Given) and part.name.startswith("user.") for part in walk(node))


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
