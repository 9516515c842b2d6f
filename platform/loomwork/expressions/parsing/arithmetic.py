"""Sums, differences, products and quotients of numbers, dates and durations."""

import ast
from decimal import Decimal
from typing import TYPE_CHECKING

from loomwork.expressions import refusal
from loomwork.expressions.literals import number_literal
from loomwork.expressions.parsing.typed import Typed, adapts
from loomwork.expressions.refusal import KINDS
from loomwork.expressions.tree import Arithmetic, Literal
from loomwork.model.kinds import Kind

if TYPE_CHECKING:
    from loomwork.expressions.parsing.reader import Reader

SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
}
RESULTS = {
    **{(sign, Kind.NUMBER, Kind.NUMBER): Kind.NUMBER for sign in SIGNS.values()},
    **{(sign, Kind.DURATION, Kind.DURATION): Kind.DURATION for sign in "+-"},
    **{(sign, Kind.DATE, Kind.DURATION): Kind.DATE for sign in "+-"},
    **{(sign, Kind.DATETIME, Kind.DURATION): Kind.DATETIME for sign in "+-"},
    ("-", Kind.DATE, Kind.DATE): Kind.DURATION,
    ("-", Kind.DATETIME, Kind.DATETIME): Kind.DURATION,
    ("*", Kind.DURATION, Kind.NUMBER): Kind.DURATION,
    ("*", Kind.NUMBER, Kind.DURATION): Kind.DURATION,
    ("/", Kind.DURATION, Kind.NUMBER): Kind.DURATION,
}
MOMENTS = (Kind.DATE, Kind.DATETIME)
NEGATED = {
    Kind.NUMBER: Literal(Decimal(0), Kind.NUMBER),
    Kind.DURATION: Literal(0, Kind.DURATION),
}
"""What a value is taken from to turn its sign."""


def calculate(reader: "Reader", node: ast.BinOp | ast.UnaryOp) -> Typed:
    """Return the value of an operation with one or two sides."""
    return _negated(reader, node) if isinstance(node, ast.UnaryOp) else _joined(reader, node)


def _negated(reader: "Reader", node: ast.UnaryOp) -> Typed:
    match node.operand:
        case ast.Constant(bool()):
            pass
        case ast.Constant(int() | float()) as number:
            return reader.plain(number_literal(reader.source.written(number), -1), node)
    value = reader.single(node.operand)
    zero = NEGATED.get(value.kind)
    if zero is None:
        raise reader.refuse(
            "wrong_kind", refusal.NOT_NEGATED, node, name=value.name, kind=KINDS[value.kind]
        )
    return reader.plain(Arithmetic("-", zero, value.node, value.kind), node)


def _joined(reader: "Reader", node: ast.BinOp) -> Typed:
    sign = SIGNS.get(type(node.op))
    if sign is None:
        raise reader.unsupported(node)
    left, right = _sides(reader, node, sign)
    result = RESULTS.get((sign, left.kind, right.kind))
    if result is None:
        raise reader.refuse(
            "wrong_kind",
            _reason(sign, left, right),
            right.at if left.kind is Kind.NUMBER else left.at,
            sign=sign,
            left=KINDS[left.kind],
            right=KINDS[right.kind],
            number=right.name,
        )
    return reader.plain(Arithmetic(sign, left.node, right.node, result), node)


def _reason(sign: str, left: Typed, right: Typed) -> str:
    if sign == "+" and Kind.TEXT in (left.kind, right.kind):
        return refusal.USE_CONCAT
    if left.kind in MOMENTS and right.kind is Kind.NUMBER and sign in "+-":
        return refusal.USE_DAYS_FOR if isinstance(right.node, Literal) else refusal.USE_DAYS
    mixed = sign == "-" and {left.kind, right.kind} == set(MOMENTS)
    return refusal.DAY_AND_TIME if mixed else refusal.NOT_JOINED


def _sides(reader: "Reader", node: ast.BinOp, sign: str) -> tuple[Typed, Typed]:
    """Return both sides; a text from which a date is taken, or the reverse, writes a date."""
    if sign == "-" and adapts(node.left) != adapts(node.right):
        first, second = node.left, node.right
        given = reader.single(second if adapts(first) else first)
        text = first if adapts(first) else second
        other = reader.single(text, given if given.kind in MOMENTS else None)
        return (other, given) if text is first else (given, other)
    return reader.single(node.left), reader.single(node.right)
