"""Questions about the records that link to a record: ``any(lines, price > 100)``."""

import ast
from typing import TYPE_CHECKING

from loomwork.errors import ExpressionError
from loomwork.expressions import refusal
from loomwork.expressions.parsing import names
from loomwork.expressions.parsing.typed import Typed
from loomwork.expressions.refusal import ARGUMENTS, refuse, unknown_name
from loomwork.expressions.scope import InverseLink
from loomwork.expressions.tree import Aggregate, Node
from loomwork.model.kinds import Kind

if TYPE_CHECKING:
    from loomwork.expressions.parsing.reader import Reader

MOST_INSIDE = 3
"""Questions about other records that may stand inside each other."""
CONDITIONS = ("any", "all")
EXTREMES = ("min", "max")
NAMES = ("all", "any", "avg", "count", "max", "min", "sum")
USAGE = {
    "any": "any(records, condition)",
    "all": "all(records, condition)",
    "count": "count(records, condition)",
    "sum": "sum(records, value, condition)",
    "avg": "avg(records, value, condition)",
    "min": "min(records, value, condition)",
    "max": "max(records, value, condition)",
}
MEASURES = (Kind.NUMBER, Kind.DATE, Kind.DATETIME, Kind.DURATION)


def is_aggregate(reader: "Reader", node: ast.Call, name: str) -> bool:
    """Tell whether a call asks about linking records; ``min`` and ``max`` also are functions."""
    return name in NAMES and bool(node.args) and _records(reader, node.args[0]) is not None


def aggregate(reader: "Reader", node: ast.Call, name: str) -> Typed:
    """Return a question about the records that the first argument names."""
    found = _records(reader, node.args[0])
    if found is None:
        raise no_records(reader, node, name)
    require_depth(reader, node)
    way, inverse = found
    scope = reader.scope.inside(inverse.entity)
    if scope is None:
        raise no_records(reader, node, name)
    inside = reader.inside(scope)
    value, where = _inner(inside, node, name)
    made = Aggregate(
        function=name,
        entity=inverse.entity,
        link=inverse.link,
        kind=_kind(name, value),
        value=None if value is None else value.node,
        where=where,
        root=way.root,
        path=way.path,
        inverse=_last(node.args[0]),
    )
    return reader.plain(made, node)


def require_depth(reader: "Reader", node: ast.Call) -> None:
    """Refuse one more question inside of as many as are possible."""
    if reader.depth >= MOST_INSIDE:
        raise reader.refuse("too_deep", refusal.TOO_MANY_INSIDE, node, limit=MOST_INSIDE)


def no_records(reader: "Reader", node: ast.Call, name: str) -> ExpressionError:
    """Return the error for an aggregate whose first argument is no inverse link."""
    if not node.args:
        return reader.refuse(
            "bad_arguments", refusal.BAD_ARGUMENTS, node, name=name, usage=USAGE[name]
        )
    first = node.args[0]
    if not _is_chain(first):
        return reader.refuse("no_records", refusal.NO_RECORDS, first, name=name)
    parts = names.split(reader, first)
    # A mistake on the way is the better explanation.
    way = names.follow(reader, parts)
    last = parts[-1]
    known = reader.scope.inverses(way.fields.entity)
    if way.fields.field(last.name) is not None or not known:
        return refuse("no_records", refusal.NO_RECORDS, last.column, name=name)
    offered = reader.called({inverse: link.label for inverse, link in known.items()})
    code = "unknown_records"
    return unknown_name(refusal.UNKNOWN_RECORDS, last.shown, offered, last.column, code)


def _records(reader: "Reader", node: ast.expr) -> tuple[names.Way, InverseLink] | None:
    """Return the records that ``node`` names, and from where; None if it names none."""
    if not _is_chain(node):
        return None
    parts = names.split(reader, node)
    if parts[0].name in ("user", "settings"):
        return None
    try:
        way = names.follow(reader, parts)
    except ExpressionError:
        return None
    last = parts[-1].name
    if way.root == "old" or way.fields.field(last) is not None:
        return None
    inverse = reader.scope.inverses(way.fields.entity).get(last)
    return None if inverse is None else (way, inverse)


def _last(node: ast.expr) -> str:
    match node:
        case ast.Name(name) | ast.Attribute(attr=name):
            return name
    return ""


def _is_chain(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _inner(inside: "Reader", node: ast.Call, name: str) -> tuple[Typed | None, Node | None]:
    """Return what is taken of each record, and which records count."""
    rest = node.args[1:]
    least, most = (1, 1) if name in CONDITIONS else (0, 1) if name == "count" else (1, 2)
    if not least <= len(rest) <= most:
        raise inside.refuse(
            "bad_arguments", refusal.BAD_ARGUMENTS, node, name=name, usage=USAGE[name]
        )
    if name in CONDITIONS or name == "count":
        return None, inside.condition(rest[0]) if rest else None
    value = inside.single(rest[0])
    allowed = MEASURES if name in EXTREMES else (Kind.NUMBER,)
    if value.kind not in allowed:
        text = refusal.MEASURE if name in EXTREMES else ARGUMENTS[Kind.NUMBER]
        raise inside.refuse("wrong_kind", text, rest[0], name=name)
    return value, inside.condition(rest[1]) if len(rest) > 1 else None


def _kind(name: str, value: Typed | None) -> Kind:
    if name in CONDITIONS:
        return Kind.BOOLEAN
    return value.kind if name in EXTREMES and value is not None else Kind.NUMBER
