"""What SQLite's parser could not nest: a part of an expression that runs as one function of ours.

SQLite refuses what nests about a hundred symbols deep. The upper levels of an expression stay SQL,
so that indices are used; what lies deeper runs in Python, with the columns as arguments.
"""

import itertools
import json
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

import sqlalchemy as sa

from loomwork.expressions.context import NOTHING, Context
from loomwork.expressions.normalise import rebuilt
from loomwork.expressions.semantics.texts import LONGEST
from loomwork.expressions.sql.element import SQLITE, ContextBind, Element, Sql
from loomwork.expressions.sql.values import DECODERS, ENCODERS, Codec, sql
from loomwork.expressions.to_python import to_python
from loomwork.expressions.tree import (
    Aggregate,
    Call,
    Changed,
    Field,
    Given,
    Literal,
    Node,
    Under,
    kind_of,
)
from loomwork.model.kinds import Kind

MOST_ARGUMENTS = 100
"""SQLite takes 127 for a function."""
DEEPEST = 12
"""Levels of an expression that SQLite's parser nests in any case."""
PLAIN = 4
"""Levels that stay SQL in any case."""
SMALL = 2
"""Levels below which nothing is gained by it."""

Translate = Callable[[Node], Element]
SETS: Mapping[Kind, Codec] = {
    Kind.LINKS: lambda text: frozenset(map(UUID, json.loads(text))),
    Kind.TEXTS: lambda text: frozenset(json.loads(text)),
}


class Program:
    """A part of an expression; statements know it by a number as long as anyone holds it."""

    def __init__(self, node: Node, arguments: Sequence[Node]) -> None:
        self.evaluate = to_python(node)
        self.encode = ENCODERS.get((kind_of(node), SQLITE))
        self.decoders = [_decoder(kind_of(argument)) for argument in arguments]
        self.packed = len(arguments) >= MOST_ARGUMENTS
        self.number = next(NUMBERS)
        KNOWN[self.number] = self

    def bound(self, context: Context, values: Mapping[str, Any]) -> int:
        """Return the number; whoever keeps this method to bind it keeps the program, too."""
        del context, values
        return self.number

    def run(self, arguments: Sequence[Any]) -> Any:
        """Return the value for arguments as SQLite keeps them, in the same form."""
        if self.packed:
            arguments = [one for pack in arguments for one in json.loads(pack, object_hook=_bytes)]
        given = {
            f"{place}": value if value is None or decode is None else decode(value)
            for place, (value, decode) in enumerate(zip(arguments, self.decoders, strict=True))
        }
        found = self.evaluate(NOTHING, Context(given=given))
        return found if found is None or self.encode is None else self.encode(found)


NUMBERS = itertools.count(1)
KNOWN: MutableMapping[int, Program] = WeakValueDictionary()


def run(number: int, *arguments: Any) -> Any:
    """Return what a program gives; the function ``lw_run`` of SQLite."""
    return KNOWN[number].run(arguments)


def pack(*values: Any) -> str:
    """Return several values as one, since a function takes only so many; ``lw_pack``."""
    return json.dumps(values, default=lambda value: {"bytes": value.hex()})


def _bytes(found: Mapping[str, str]) -> bytes:
    return bytes.fromhex(found["bytes"])


def _decoder(kind: Kind) -> Codec | None:
    return SETS.get(kind) or DECODERS.get((kind, SQLITE))


def is_leaf(node: Node) -> bool:
    """Tell whether only the statement can give the value."""
    return isinstance(node, Field | Aggregate | Under | Changed)


def is_wide(node: Node) -> bool:
    """Tell whether a function has more arguments than SQLite takes."""
    return isinstance(node, Call) and len(node.arguments) > MOST_ARGUMENTS


def running(node: Node, translate: Translate, free: Callable[[Node], bool]) -> Sql:
    """Return ``node`` as a call of its program; ``translate`` gives the arguments."""
    places: dict[Node, Given] = {}

    def opened(part: Node) -> Node:
        if isinstance(part, Literal):
            return part
        if is_leaf(part) or free(part):
            return places.setdefault(part, Given(f"{len(places)}", kind_of(part)))
        return rebuilt(part, opened)

    program = Program(opened(node), tuple(places))
    bind = ContextBind("program", type_=sa.Integer(), unique=True)
    bind.compute = program.bound
    arguments = [translate(part) for part in places]
    if program.packed:
        arguments = [
            _called("lw_pack", Kind.TEXT, chunk) for chunk in _chunks(arguments, MOST_ARGUMENTS)
        ]
    return _called("lw_run", kind_of(node), [bind, *arguments])


def _called(name: str, kind: Kind, arguments: Sequence[Element]) -> Sql:
    places = ", ".join(f"{{{number}}}" for number in range(len(arguments)))
    bound = LONGEST if kind is Kind.TEXT else None
    return sql(kind, f"{name}({places})", *arguments, bound=bound)


def _chunks(arguments: Sequence[Element], size: int) -> list[Sequence[Element]]:
    return [arguments[start : start + size] for start in range(0, len(arguments), size)]
