"""From source text to the typed tree: Python's expression syntax, reduced."""

import ast

from loomwork.expressions import refusal
from loomwork.expressions.parsing.reader import Reader
from loomwork.expressions.parsing.source import Source, Wording
from loomwork.expressions.parsing.typed import Typed, plain
from loomwork.expressions.print import to_text
from loomwork.expressions.refusal import refuse
from loomwork.expressions.scan import LONGEST, MOST_PARTS
from loomwork.expressions.scope import Scope
from loomwork.expressions.tree import Field, Given, In, Literal, Node, children
from loomwork.model.kinds import Kind


def parse(source: str, scope: Scope, *, locale: str | None = None) -> Node:
    """Return the condition that ``source`` writes over the fields of ``scope``.

    With a ``locale`` options may be written by their labels. Raises ExpressionError, whose problem
    has the column in characters from 1. Nothing of the source is ever evaluated.
    """
    text = Source(source)
    return _within_limits(Reader(text, scope, locale).condition(text.tree()), source)


def parse_value(
    source: str,
    scope: Scope,
    wanted: Kind | None = None,
    *,
    locale: str | None = None,
    wording: Wording | None = None,
) -> Node:
    """Return the value that ``source`` writes, of kind ``wanted`` if one is given.

    Errors are those of `parse`; with a ``wording`` they quote what was typed. A text may write a
    date, a time or an id where one is wanted.
    """
    text = Source(source, wording)
    body = text.tree()
    reader = Reader(text, scope, locale)
    found = reader.value(body, _wanted(wanted, body))
    if wanted is not None and found.kind is not wanted:
        raise text.refuse("wrong_kind", refusal.WANTED[wanted], body)
    return _within_limits(found.node, source)


def _wanted(kind: Kind | None, at: ast.expr) -> Typed | None:
    if kind not in (Kind.TEXT, Kind.DATE, Kind.DATETIME, Kind.LINK):
        return None
    return plain(Literal(None, kind), at, "")


def _within_limits(node: Node, source: str) -> Node:
    """Refuse a tree whose canonical source would be too large to be read again."""
    waiting = [node]
    parts = 0
    while waiting:
        part = waiting.pop()
        parts += _weight(part)
        if parts > MOST_PARTS:
            raise refuse("too_large", refusal.TOO_LARGE, 1, limit=MOST_PARTS)
        waiting.extend(children(part))
    if len(source) + 10 * parts > LONGEST // 20 and len(to_text(node)) > LONGEST:
        raise refuse("too_long", refusal.TOO_LONG, 1, limit=LONGEST)
    return node


def _weight(node: Node) -> int:
    match node:
        case Field(root=root, path=path):
            return 1 + len(path) + (root.count(".") + 1 if root else 0)
        case Given(name):
            return 1 + name.count(".")
        case In():
            return 2
    return 1
