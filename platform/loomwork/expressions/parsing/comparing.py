"""Comparisons: of two values, with a list or a set, with nothing, and of times with days."""

import ast
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from loomwork.expressions import refusal
from loomwork.expressions.dependencies import record_independent
from loomwork.expressions.parsing.typed import SETS, Typed, is_none
from loomwork.expressions.tree import (
    And,
    Arithmetic,
    Call,
    Compare,
    Field,
    In,
    IsNone,
    Literal,
    Member,
    Node,
    Not,
    Operator,
    StartOfDay,
)
from loomwork.model.kinds import Kind

if TYPE_CHECKING:
    from loomwork.expressions.parsing.reader import Reader

OPERATORS: dict[type[ast.cmpop], Operator] = {
    ast.Eq: Operator.EQUAL,
    ast.NotEq: Operator.NOT_EQUAL,
    ast.Lt: Operator.LESS,
    ast.LtE: Operator.AT_MOST,
    ast.Gt: Operator.MORE,
    ast.GtE: Operator.AT_LEAST,
}
EQUALITY = (Operator.EQUAL, Operator.NOT_EQUAL)
MIRRORED = {
    Operator.LESS: Operator.MORE,
    Operator.AT_MOST: Operator.AT_LEAST,
    Operator.MORE: Operator.LESS,
    Operator.AT_LEAST: Operator.AT_MOST,
}
ONE_DAY = Call("days", (Literal(Decimal(1), Kind.NUMBER),), Kind.DURATION)
DAY_AND_TIME = {Kind.DATE, Kind.DATETIME}
Membership: TypeAlias = ast.In | ast.NotIn


def compare(reader: "Reader", node: ast.Compare) -> Node:
    """Return a comparison, or the conjunction of a chain of them."""
    if len(node.ops) == 1:
        operator, left, right = node.ops[0], node.left, node.comparators[0]
        if isinstance(operator, ast.Is | ast.IsNot):
            return _presence(reader, operator, left, right)
        if isinstance(operator, ast.In | ast.NotIn):
            return _membership(reader, operator, left, right)
        first, second = _sides(reader, [left, right])
        return _compared(reader, OPERATORS[type(operator)], first, second)
    for operator, place in zip(node.ops, node.comparators, strict=True):
        if OPERATORS.get(type(operator), Operator.NOT_EQUAL) is Operator.NOT_EQUAL:
            raise reader.refuse("chain", refusal.ONE_AT_A_TIME, place)
    values = _sides(reader, [node.left, *node.comparators])
    operators = [OPERATORS[type(operator)] for operator in node.ops]
    return And(
        tuple(
            _compared(reader, operator, left, right)
            for operator, left, right in zip(operators, values, values[1:], strict=False)
        )
    )


def _sides(reader: "Reader", nodes: list[ast.expr]) -> list[Typed]:
    """Return what is compared: values of one kind, or days with points in time."""
    for node in nodes:
        if is_none(node):
            raise reader.refuse("use_is_none", refusal.USE_IS_NONE, node)
    return reader.alike(nodes, mixed=DAY_AND_TIME)


def _compared(reader: "Reader", operator: Operator, left: Typed, right: Typed) -> Node:
    for value in (left, right):
        if operator not in EQUALITY and not value.info.ordered:
            raise reader.refuse("not_ordered", refusal.NOT_ORDERED, value.at, name=value.name)
    if left.kind is right.kind:
        return Compare(operator, left.node, right.node)
    if left.kind is Kind.DATE:
        left, right = right, left
        operator = MIRRORED.get(operator, operator)
    if not record_independent(right.node):
        raise reader.refuse(
            "day_of_record", refusal.DAY_OF_RECORD, right.at, name=right.name, time=left.name
        )
    return _by_day(operator, left.node, right.node)


def _by_day(operator: Operator, moment: Node, day: Node) -> Node:
    """Return the comparison of a point in time with a day as bounds of the day."""
    begins = StartOfDay(day)
    ends = StartOfDay(Arithmetic("+", day, ONE_DAY, Kind.DATE))
    match operator:
        case Operator.LESS | Operator.AT_LEAST:
            return Compare(operator, moment, begins)
        case Operator.AT_MOST:
            return Compare(Operator.LESS, moment, ends)
        case Operator.MORE:
            return Compare(Operator.AT_LEAST, moment, ends)
    within = And(
        (
            Compare(Operator.AT_LEAST, moment, begins),
            Compare(Operator.LESS, moment, ends),
        )
    )
    return within if operator is Operator.EQUAL else Not(within)


def _presence(
    reader: "Reader", operator: ast.Is | ast.IsNot, left: ast.expr, right: ast.expr
) -> Node:
    if not is_none(right):
        if isinstance(right, ast.Name) and right.id in refusal.CONSTANTS:
            raise refusal.unknown_field(right.id, (), reader.source.column(right))
        raise reader.refuse("only_none", refusal.ONLY_NONE, right)
    # Read once only: what is read twice at each level of an expression is never done with.
    asked = reader.value(left)
    if asked.kind in SETS and not isinstance(asked.node, Field):
        raise reader.refuse("a_set", refusal.A_SET, left, name=asked.name)
    question = IsNone(asked.node)
    return Not(question) if isinstance(operator, ast.IsNot) else question


def _membership(reader: "Reader", operator: Membership, left: ast.expr, right: ast.expr) -> Node:
    negated = isinstance(operator, ast.NotIn)
    if isinstance(right, ast.List):
        value, *options = reader.alike([left, *right.elts])
        return In(value.node, tuple(option.node for option in options), negated=negated)
    if not isinstance(right, ast.Name | ast.Attribute):
        text = isinstance(right, ast.Constant) and isinstance(right.value, str)
        hint = refusal.USE_CONTAINS if text else refusal.LIST_OF_VALUES
        raise reader.refuse("not_a_list", hint, right)
    collection = reader.value(right)
    if collection.kind not in SETS:
        hint = refusal.USE_CONTAINS if collection.kind is Kind.TEXT else refusal.LIST_OF_VALUES
        raise reader.refuse("not_a_list", hint, right)
    found = Member(_element(reader, left, collection), collection.node)
    return Not(found) if negated else found


def _element(reader: "Reader", node: ast.expr, collection: Typed) -> Node:
    """Return the value that is looked for in a set."""
    kind = Kind.TEXT if collection.kind is Kind.TEXTS else Kind.LINK
    value = reader.single(node)
    if isinstance(value.node, Literal) and value.kind is Kind.TEXT:
        info = replace(collection.info, kind=kind)
        return reader.fit(value.node, info, collection.name, reader.source.column(node))
    if value.kind is not kind:
        text = refusal.ELEMENT[kind]
        raise reader.refuse("wrong_kind", text, node, name=collection.name)
    reader.require_entity(collection, value.info.entity, node)
    return value.node
